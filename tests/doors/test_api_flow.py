"""A whole handoff through the API alone, and every list and paper of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.directory.items import Route
from holdfast.ledger import places
from tests.doors.api_client import Caller, use
from tests.installation import (
    CHECK,
    DECISION_MAKER,
    GOVERNANCE,
    LEAD,
    RECEIVER,
    SENDER,
    SENDER_SUPERVISOR,
    Installation,
    packet,
)

NEW = {"name": "Robin Vale", "born": "1980-04-02", "numbers": [{"system": "mrn", "value": "0001"}]}
OPEN = {"pathway": "discharge-to-community", "parties": {"sender": "ward", "receiver": "north"}, "holder": SENDER}


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    monkeypatch.setattr("holdfast.assurance.signed.signing_key_file", lambda: tmp_path / "keys" / "checkpoint.pem")
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    return use(Installation().set_up(), monkeypatch)


def plain(answers: dict[str, Any]) -> dict[str, Any]:
    return {id: raw.value if raw.how == "given" else {"how": raw.how} for id, raw in answers.items()}


def deeds_of(caller: Caller, case: str) -> dict[str, Any]:
    found = caller.get(f"cases/{case}")["deeds"]
    return {f"{deed['command']}/{deed['target']}": deed for deed in found}


@pytest.mark.requirement("BEY-27")
def test_a_handoff_from_opening_to_closing_in_one_request_for_each_deed(house: Installation) -> None:
    cora, ina, lee, dan = (Caller.of(staff) for staff in (SENDER, RECEIVER, LEAD, DECISION_MAKER))
    opened = cora.post("cases", {**OPEN, "person": NEW, "answers": {"housing.stable": "yes"}}, 201)
    case = opened["case"]
    assert cora.get("cases")["cases"][0]["person"]["name"] == "Robin Vale"
    send = deeds_of(cora, case)["TakeStep/send"]
    assert not send["allowed"] and send["refusal"]["missing"]
    assert send["href"] == f"/api/v1/cases/{case}/deeds/TakeStep/send"
    cora.do(case, "FillPacket", answers=plain(packet()))
    found = cora.get(f"cases/{case}/packet")
    assert found["complete"] and found["version"] == 0
    for named in ("decision-maker", "medication-continuity", "first-appointment-missed"):
        cora.do(case, f"NameRole/{named}", staff=DECISION_MAKER)
    cora.do(case, "TakeStep/send")
    assert [w["kind"] for w in ina.get("teams/north/work")["work"]]
    house.wait(hours=1)
    receipt = {
        "receipt.reviewed": "reviewed",
        "receipt.lead": LEAD,
        "receipt.first-contact-at": (house.now + timedelta(hours=20)).isoformat(),
        "receipt.first-actions": "Call tomorrow.",
        "receipt.escalation-signs": "No answer for a day.",
    }
    ina.do(case, "TakeStep/confirm-receipt", answers=receipt)
    shown = lee.get(f"cases/{case}")
    assert shown["holder"]["id"] == LEAD and shown["stage"] == "assigned"
    assert lee.get("work")["work"][0]["person"]["name"] == "Robin Vale"
    house.wait(hours=2)
    contact = {"contact.method": "phone", "contact.with": "person", "check.done": "done", **plain(CHECK)}
    contact["check.ideation"] = "plan"
    lee.do(case, "TakeStep/record-contact", answers=contact)
    answer = next(
        d
        for d in deeds_of(dan, case).values()
        if d["command"] == "TakeStep" and d["about"].startswith("clinical-response")
    )
    assert answer["allowed"]
    held = lee.get(f"cases/{case}/held", at="2026-03-02T09:30:00Z")
    assert held["holder"]["id"] == SENDER and lee.get(f"cases/{case}/held", at="2020-01-01T00:00:00Z")["holder"] is None
    kinds = [event["event"] for entry in lee.get(f"cases/{case}/timeline") for event in entry["events"]]
    assert kinds[0] == "CaseOpened" and "HolderMoved" in kinds
    texts = str(lee.get(f"cases/{case}/timeline"))
    assert "Passive thoughts in the evening" in texts
    assert lee.get(f"cases/{case}/evidence")["evidence"]["person_name"] == "Robin Vale"
    assert lee.get(f"cases/{case}/evidence.pdf").startswith(b"%PDF")
    assert lee.client.get(f"/api/v1/cases/{case}/evidence.signed", headers=lee.headers).status_code == 200


def test_tier_holder_and_owner_move_by_name_and_reason(house: Installation) -> None:
    case, cora, sue = house.accepted(), Caller.of(SENDER), Caller.of(SENDER_SUPERVISOR)
    id = case.id[5:]
    cora.do(id, "RaiseTier/high", reason="Worse since noon")
    assert cora.do(id, "LowerTier/standard", 403, reason="Better")["code"] in ("not_yours", "without_authority")
    Caller.of(DECISION_MAKER).do(id, "LowerTier/standard", reason="Seen, settled")
    promise = next(p["id"] for p in sue.get(f"cases/{id}")["promises"] if p["status"] == "open")
    refused = sue.do(id, f"MoveOwner/{promise.replace('#', '%23')}", 422, to="nobody", reason="Leave")
    assert refused["code"] == "not_a_person"
    sue.do(id, "MoveHolder", 200, to=SENDER, reason="Back to the ward")
    assert case.state.holder == SENDER


def test_opening_finds_who_is_known_and_asks_before_a_second_case(house: Installation) -> None:
    cora = Caller.of(SENDER)
    first = cora.send("cases", {**OPEN, "person": NEW}, key="open-1")
    assert (first.status_code, first.headers["Location"]) == (201, f"/api/v1/cases/{first.json()['case']}")
    again = cora.send("cases", {**OPEN, "person": NEW}, key="open-1")
    assert again.json() == first.json() and again.headers["Idempotent-Replayed"] == "true"
    reused = cora.send("cases", {**OPEN, "person": {**NEW, "name": "Robin Vane"}}, key="open-1")
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    beside = cora.post("cases", {**OPEN, "person": NEW}, 409)
    assert beside["code"] == "open_already" and beside["instead"] == [first.headers["Location"]]
    second = cora.post("cases", {**OPEN, "person": NEW, "even_so": True}, 201)
    person = cora.get(f"cases/{second['case']}")["person"]["id"]
    assert person == cora.get(f"cases/{first.json()['case']}")["person"]["id"]
    assert cora.post("cases", {**OPEN, "person": {**NEW, "born": "1999-01-01"}}, 409)["code"] == "not_matched"
    assert cora.post("cases", {**OPEN, "person": "pnobody"}, 404)["code"] == "not_visible"
    assert (
        cora.post("cases", {**OPEN, "person": person, "holder": LEAD, "even_so": True}, 403)["code"]
        == "without_authority"
    )
    assert {c["case"] for c in cora.post("cases/find", NEW["numbers"][0])["cases"]} == {
        second["case"],
        first.json()["case"],
    }  # type: ignore[index]


def test_a_persons_card_is_read_and_amended_once(house: Installation) -> None:
    case, cora = house.open(), Caller.of(SENDER)
    assert cora.get(f"persons/{case.person}")["fields"] == {"person.name": "Robin Vale"}
    done = cora.post(f"persons/{case.person}", {"answers": {"person.phone": "555-0177"}}, key="card")
    assert done["fields"]["person.phone"] == "555-0177"
    again = cora.send(f"persons/{case.person}", {"answers": {"person.phone": "555-0177"}}, key="card")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_lists_come_in_pages_that_show_each_case_once(house: Installation) -> None:
    ids = []
    for _ in range(5):
        house.wait(minutes=1)
        ids.append(house.open().id[5:])
    cora = Caller.of(SENDER)
    seen: list[str] = []
    after = ""
    for _ in range(9):
        page = cora.get("cases", limit=2, after=after)
        seen += [case["case"] for case in page["cases"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ids[::-1]
    work: list[Any] = []
    after = ""
    while after is not None:
        page = cora.get("work", limit=3, after=after)
        work += page["work"]
        after = page["next"]
    assert len(work) == len({(w["case"], w["promise"]) for w in work}) >= 5
    assert cora.get("cases", status="closed")["cases"] == [] and len(cora.get("cases", tier="standard")["cases"]) == 5


def test_lists_ask_as_many_questions_for_many_rows_as_for_few(
    house: Installation, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        house.open()
    cora = Caller.of(SENDER)
    for path in ("work", "cases"):
        with django_assert_max_num_queries(12):
            assert len(next(iter(cora.get(path).values()))) >= 12


def test_governance_sees_what_went_wrong_in_pages(house: Installation) -> None:
    case = house.sent()
    house.tick(case, until=house.now + timedelta(hours=30))
    gail = Caller.of(GOVERNANCE)
    first = gail.get("exceptions", limit=1)
    assert first["exceptions"][0]["case"] == case.id[5:]
    rest = gail.get("exceptions", limit=50)["exceptions"]
    assert {e["kind"] for e in rest} >= {"breach"}
    if first["next"]:
        assert gail.get("exceptions", limit=50, after=first["next"])["exceptions"] == rest[1:]


BATCH = (
    "MSH|^~\\&|App|Fac|||20260302080000+0000||ADT^A03|{0}|P|2.5\rEVN|A03|20260302080000+0000\r"
    "PID|1||{0}^^^W^MR||Vale^Robin||19800402{1}\rPV1|1|I\r"
)


@pytest.mark.requirement("EVT-01", "EVT-04")
def test_a_file_is_taken_in_and_what_waits_is_settled_or_opened(house: Installation) -> None:
    house.change_directory(Route("*", "discharge-to-community", "ward", "north", SENDER))
    cora, ina = Caller.of(SENDER), Caller.of(RECEIVER)
    died = BATCH.format("2", "|" * 23 + "Y")
    raw = (BATCH.format("1", "") + died).encode()
    found = cora.post("intake", raw, kind="application/hl7-v2", key="file")
    assert [(one["status"], one["waits"]) for one in found] == [("used", False), ("unmatched", True)]
    again = cora.send("intake", raw, kind="application/hl7-v2", key="file")
    assert again.json() == found and again.headers["Idempotent-Replayed"] == "true"
    repeats = cora.post("intake", raw, kind="application/hl7-v2", key="another")
    assert [one["status"] for one in repeats] == ["repeat", "repeat"]
    assert cora.get(f"cases/{found[0]['case']}")["packet"]["fields"]
    waiting = cora.get("inbox")
    assert [m["message"] for m in waiting] == [found[1]["message"]] and len(cora.get("inbox", show="all")) == 2
    assert ina.get("inbox") == [] and ina.get(f"inbox/{waiting[0]['message']}", 404)
    id = waiting[0]["message"]
    assert cora.post(f"inbox/{id}/settle", {"how": "lost", "reason": "x"}, 422)["code"] == "not_offered"
    opened = cora.post(f"inbox/{id}/open", {"reason": "The ward says it is a mistake."})
    assert opened["status"] == "used" and opened["case"]
    assert cora.post(f"inbox/{id}/settle", {"how": "by-hand", "reason": "x"}, 409)["code"] == "already_settled"


def test_surroundings_tell_who_i_am_and_what_there_is(house: Installation) -> None:
    cora = Caller.of(SENDER)
    me = cora.get("me")
    assert me["staff"]["id"] == SENDER and [t["id"] for t in me["teams"]] == ["ward"] and "my-work" in me["pages"]
    directory = cora.get("directory")
    assert {t["id"] for t in directory["teams"]} == {"ward", "north", "south", "other"}
    assert "pin_hash" not in str(directory) and "example.org" not in str(directory)
    (line,) = cora.get("pathways")
    shown = cora.get(f"pathways/{line['id']}")
    assert shown["words"] and {s["id"] for s in shown["steps"]} >= {"send", "confirm-receipt"}
    answer = cora.client.get("/api/v1/health")
    assert answer.status_code == 503 and "No worker watches the clocks." in answer.json()["faults"]
