"""The main job through the API alone: from a real file to the end of the thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doors.api_client import Caller
from tests.journeys import answers as a
from tests.journeys.town import (
    CLINICIAN,
    COORDINATOR,
    DECISION_MAKER,
    INTAKE,
    LEAD,
    TEAM_ADDRESS,
    TEAM_SUPERVISOR,
    WARD_SUPERVISOR,
    Town,
    build_town,
)

FILE = "synthea-smart-r4/Trenton_Turner_54a45132-91fc-485e-b401-8c7644a0d517.json"
NOTICE = "hl7v2-microsoft-fhir-converter/ADT-A03-01.hl7"


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Town]:
    with build_town(monkeypatch, tmp_path, "http://testserver") as town:
        yield town


class Script:
    """What each person's program asks of one case; ``case`` is its number in addresses."""

    def __init__(self, town: Town, case: str) -> None:
        self.town, self.case = town, case
        self.callers: dict[str, Caller] = {}

    def of(self, staff: str) -> Caller:
        return self.callers.setdefault(staff, Caller.of(staff))

    def do(self, who: str, deed: str, status: int = 200, answers: Any = None, **body: Any) -> Any:
        sent: dict[str, Any] = {"answers": plain(answers)} if answers is not None else {}
        return self.of(who).do(self.case, deed.replace("#", "%23"), status, **sent, **body)

    def meet(self, staff: str, kind: str, answers: Any) -> None:
        self.do(staff, f"Meet/{self.owed(kind)['id']}", answers=answers)

    def shown(self, staff: str = COORDINATOR) -> Any:
        return self.of(staff).get(f"cases/{self.case}")

    def owed(self, kind: str) -> Any:
        found = [p for p in self.shown()["promises"] if p["kind"] == kind and p["status"] in ("open", "breached")]
        assert found, f"{kind} is not owed"
        return found[-1]

    def timeline(self, kind: str) -> list[dict[str, Any]]:
        entries = self.of(COORDINATOR).get(f"cases/{self.case}/timeline")
        return [event for entry in entries for event in entry["events"] if event["event"] == kind]

    def called(self, promise: str) -> list[str]:
        """Whom the ladder of a promise told, in order."""
        return [event["told"] for event in self.timeline("RungFired") if event["id"] == promise]


def plain(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as the API takes them."""

    def one(value: Any) -> Any:
        if value is None:
            return {"how": "none-known"}
        return value.isoformat() if isinstance(value, datetime) else value

    return {id: one(value) for id, value in answers.items()}


def taken_in(town: Town, shared_inputs: Path, file: str, kind: str) -> dict[str, Any]:
    raw = (shared_inputs / file).read_bytes()
    maren = Caller.of(COORDINATOR)
    (found,) = maren.post("intake", raw, kind=kind)
    (again,) = maren.post("intake", raw, kind=kind)
    assert again["status"] == "repeat" and again["message"] == found["message"]
    return found  # type: ignore[no-any-return]


def send(script: Script) -> None:
    """The packet is refused while incomplete; completed and sent, the server takes its mail and returns it 40 minutes later."""
    refused = script.do(COORDINATOR, "TakeStep/send", 409)
    assert refused["code"] == "gate_shut" and refused["missing"]
    script.do(COORDINATOR, "FillPacket", answers={"contact.phone": "202-555-0170", **a.packet()})
    for named, staff in a.NAMED.items():
        script.do(COORDINATOR, f"NameRole/{named}", staff=staff)
    script.do(COORDINATOR, "TakeStep/send")
    assert script.shown()["tier"] == "high"
    script.town.let_pass(0, "09:31")
    assert len(script.town.mails(TEAM_ADDRESS)) == 1
    script.town.comes_back(script.town.post.taken[0], script.town.post.senders[0], timedelta(minutes=40))


@pytest.mark.inputs
@pytest.mark.requirement("BEY-27", "REC-01", "CON-04", "EWS-02", "CLS-01", "CLS-05")
def test_the_main_job_through_the_api_alone(town: Town, shared_inputs: Path) -> None:
    town.let_pass(0, "09:00")
    found = taken_in(town, shared_inputs, FILE, "application/fhir+json")
    assert found["status"] == "used" and "discharge.at" in found["used"]
    script = Script(town, found["case"])
    fields = script.of(COORDINATOR).get(f"cases/{script.case}/packet")
    assert "unconfirmed" in str(fields)
    town.let_pass(0, "09:30")
    send(script)

    # The mail bounces, the ladder climbs to the ward's supervisor, and the second mail is answered.
    town.let_pass(0, "10:40")
    script.meet(COORDINATOR, "delivery-problem", a.CALLED)
    town.let_pass(0, "12:15")
    assert [event["code"] for event in script.timeline("NoticeFailed")] == ["bounced"]
    assert script.called(script.owed("receipt")["id"]) == [INTAKE, WARD_SUPERVISOR]
    assert town.mails(f"{WARD_SUPERVISOR}@harbour.example.org") and len(town.mails(TEAM_ADDRESS)) == 2
    script.do(WARD_SUPERVISOR, f"Acknowledge/{script.owed('receipt')['id']}")
    assert script.shown()["holder"]["id"] == COORDINATOR
    town.let_pass(0, "12:40")
    script.do(INTAKE, "TakeStep/confirm-receipt", answers=a.receipt())
    assert script.shown()["holder"]["id"] == LEAD
    town.let_pass(0, "14:00")
    script.do(COORDINATOR, "TakeStep/give-card", answers=a.CARD)

    # Two attempts fail, the third reaches the person.
    for time in ("08:30", "10:45"):
        town.let_pass(1, time)
        script.do(LEAD, "TakeStep/record-contact", answers=a.NOBODY)
    assert script.owed("try-alternate")
    town.let_pass(1, "12:15")
    script.do(LEAD, "TakeStep/record-contact", answers=a.VISIT)
    script.do(LEAD, "TakeStep/book-appointment", answers=a.appointment())
    in_between(script, 2, 8)

    # Day 9: a risk signal climbs until the decision-maker answers.
    town.let_pass(9, "10:30")
    script.do(LEAD, "TakeStep/record-contact", answers=a.WORSE)
    script.do(LEAD, "CloseCase/engaged", 409, answers=a.CLOSING)
    town.let_pass(9, "11:20")
    signal = script.owed("clinical-response")["id"]
    assert script.called(signal) == [TEAM_SUPERVISOR, DECISION_MAKER]
    script.do(DECISION_MAKER, "TakeStep/respond", answers=a.RESPONSE, about=signal)

    town.let_pass(10, "11:00")
    script.do(LEAD, "TakeStep/record-attendance", answers=a.KEPT)
    in_between(script, 11, 24)

    # It closes on its evidence; the ward is told, reads it, and the window runs to its last day.
    town.let_pass(25, "10:00")
    assert script.do(LEAD, "CloseCase/engaged", 409, answers=a.CLOSING)["missing"]
    script.do(LEAD, "TakeStep/accept-ongoing-care", answers=a.ONGOING)
    script.do(LEAD, "CloseCase/engaged", answers=a.CLOSING)
    shown = script.shown()
    assert (shown["status"], shown["endpoint"]) == ("closed", "engaged")
    before = len(town.mails(f"{COORDINATOR}@harbour.example.org"))
    town.let_pass(26, "09:15")
    assert len(town.mails(f"{COORDINATOR}@harbour.example.org")) == before + 1
    script.do(COORDINATOR, "TakeStep/read-closure", about=script.owed("closure-read")["id"])
    town.let_pass(30, "12:00")
    assert script.shown()["status"] == "ended"
    evidence = script.of(COORDINATOR).get(f"cases/{script.case}/evidence")["evidence"]
    assert evidence["person_name"] == "Trenton Turner"


def in_between(script: Script, first: int, last: int) -> None:
    for day, time, who, what, answers in a.in_between(first, last):
        script.town.let_pass(day, time)
        if what == a.CONTACT:
            script.do(who, f"TakeStep/{what}", answers=answers)
        else:
            script.meet(who, what, answers)


@pytest.mark.inputs
@pytest.mark.requirement("EVT-01", "EVT-04")
def test_a_notice_of_discharge_becomes_a_discharge(town: Town, shared_inputs: Path) -> None:
    """This notice says that the person has died: nothing is opened unseen, its owner looks and opens the discharge."""
    town.let_pass(0, "09:00")
    found = taken_in(town, shared_inputs, NOTICE, "application/hl7-v2")
    assert found["status"] == "unmatched" and found["waits"] and found["owner"] == COORDINATOR
    maren = Caller.of(COORDINATOR)
    assert [message["message"] for message in maren.get("inbox")] == [found["message"]]
    assert CLINICIAN not in str(maren.get("inbox"))
    opened = maren.post(f"inbox/{found['message']}/open", {"reason": "The ward says that he lives: the date is wrong."})
    assert opened["status"] == "used"
    town.let_pass(0, "09:30")
    script = Script(town, opened["case"])
    send(script)
    town.let_pass(0, "10:30")
    script.do(INTAKE, "TakeStep/confirm-receipt", answers=a.receipt())
    assert script.shown()["holder"]["id"] == LEAD
