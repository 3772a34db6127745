"""Protocols that nobody built into the library are published by two people, and a whole case of each runs through the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.config.console import main
from holdfast.core.parties import Staff
from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings
from holdfast.deliveries.links import make_link
from holdfast.desk.publishing import put_directory
from holdfast.desk.rebuild import compare
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.partner import proof
from holdfast.ledger import places
from tests.doors.api_client import Caller, use
from tests.doors.test_partner_link import SECOND, Partner
from tests.installation import (
    GOVERNANCE,
    LEAD,
    RECEIVER,
    RECEIVER_LAST_RESORT,
    RECEIVER_SUPERVISOR,
    SECOND_GOVERNANCE,
    SENDER,
    Case,
    Installation,
    directory_items,
)
from tests.pathways.test_unseen import PERINATAL, PRISON

#: Whom the perinatal protocol needs and the standing installation has not: a health visitor.
VISITOR = "vera"


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installation:
    """The standing people, and no pathway of the library."""
    monkeypatch.setattr("holdfast.assurance.signed.signing_key_file", lambda: tmp_path / "keys" / "checkpoint.pem")
    monkeypatch.setattr(places, "witness_file", lambda: tmp_path / "checkpoints.log")
    house = use(Installation(), monkeypatch)
    visitor = Staff(VISITOR, "Vera", "community", frozenset({("south", "clinician")}), email="vera@example.org")
    assert put_directory(house.desk, directory_items(vera=visitor), "system", "test").accepted
    return house


@dataclass
class Script:
    """What each person's program asks of one case."""

    house: Installation
    id: str

    @classmethod
    def open(cls, house: Installation, file: Path, parties: Mapping[str, str]) -> Script:
        """Published by one governance lead on the word of the other, as the how-to says it, and a case of it opened."""
        assert main(["pathway", "propose", str(file), "--by", GOVERNANCE]) == 0
        pathway = next(line for line in file.read_text("utf-8").splitlines() if line.startswith("pathway: "))[9:]
        assert main(["pathway", "approve", pathway, "1", "--by", GOVERNANCE]) == 1, "nobody approves their own"
        person = {"name": "Robin Vale", "numbers": [{"system": "mrn", "value": "T1"}]}
        body = {"pathway": pathway, "holder": SENDER, "parties": dict(parties), "person": person}
        Caller.of(SENDER).post("cases", body, 404)
        assert main(["pathway", "approve", pathway, "1", "--by", SECOND_GOVERNANCE]) == 0
        return cls(house, Caller.of(SENDER).post("cases", body, 201)["case"])

    @property
    def case(self) -> Case:
        return Case(self.house, f"case:{self.id}", "")

    def do(self, staff: str, deed: str, status: int = 200, **answers: Any) -> Any:
        """A deed; names of answers take ``__`` for a dot and ``_`` for a hyphen. A refusal comes back."""
        given = {name.replace("__", ".").replace("_", "-"): value for name, value in answers.items()}
        return Caller.of(staff).do(self.id, deed, status, answers=given)

    def missing(self, staff: str, deed: str, **answers: Any) -> set[str]:
        """What a deed is refused for."""
        return {one["what"] for one in self.do(staff, deed, 409, **answers)["missing"]}

    def shown(self) -> Any:
        return Caller.of(SENDER).get(f"cases/{self.id}")

    def holder(self) -> str:
        return str(self.shown()["holder"]["id"])

    def owed(self) -> dict[str, str]:
        """Whom each open promise falls to, by its kind."""
        return {p["kind"]: p["owner"] for p in self.shown()["promises"] if p["status"] in ("open", "breached")}

    def wait(self, **span: float) -> None:
        self.house.tick(self.case, until=self.house.now + timedelta(**span))

    def at(self, **span: float) -> str:
        return (self.house.now + timedelta(**span)).isoformat()

    def verdicts(self) -> dict[str, str]:
        evidence = Caller.of(SENDER).get(f"cases/{self.id}/evidence")["evidence"]
        return {one["id"]: one["word"] for one in evidence["validations"]}


def test_a_release_from_prison_from_the_referral_to_four_weeks_of_contact(house: Installation) -> None:
    case = Script.open(house, PRISON, {"sender": "ward", "receiver": "north"})
    assert {"complete", "release.at", "risk.plan", "supply.days"} <= case.missing(SENDER, "TakeStep/refer")
    case.do(
        SENDER, "FillPacket", release__at=case.at(days=7), risk__level="high", risk__plan="Call the hostel at night.",
        home__address="hostel", contact__ways=[{"who": "The hostel", "how": "Its desk"}], supply__days=3,
        supply__medicines=[{"name": "Olanzapine", "dose": "10 mg"}],
    )  # fmt: skip
    case.do(SENDER, "TakeStep/refer")
    assert case.shown()["tier"] == "high" and case.owed()["acceptance"] == RECEIVER
    case.wait(hours=2)
    case.do(RECEIVER, "TakeStep/accept", accept__lead=LEAD, visit__at=case.at(days=8))
    assert case.holder() == SENDER, "until the day of release the prison is accountable"

    case.wait(days=6, hours=22)
    assert case.missing(SENDER, "TakeStep/release") == {"supply"}
    case.do(SENDER, "FillPacket", supply__days=7)
    case.do(SENDER, "TakeStep/release")
    assert case.holder() == LEAD

    # Nobody comes. The search is owed in four hours; it is late, and the supervisor is called.
    case.wait(hours=22)
    case.do(LEAD, "TakeStep/record-visit", visit__came="no")
    assert {"first-appointment", "first-search"} <= set(case.owed())
    case.wait(hours=7)
    assert case.case.told("first-search")[:2] == [LEAD, RECEIVER_SUPERVISOR]
    case.do(LEAD, "TakeStep/try-elsewhere", try__how="phone", try__found="no")
    assert case.missing(RECEIVER_SUPERVISOR, "CloseCase/not-found", not_found__handed="Police") == {"welfare-checked"}
    case.do(LEAD, "TakeStep/try-elsewhere", try__how="hostel", try__found="yes")
    assert "second-search" not in case.owed() and case.owed()["weekly-contact"] == LEAD

    for week in range(4):
        assert case.missing(LEAD, "CloseCase/settled", settled__plan="Goes on.") == {"four-weeks"}
        case.wait(days=6)
        case.do(LEAD, "TakeStep/weekly", weekly__note=f"Week {week + 1}")
        case.do(LEAD, "TakeStep/weekly", weekly__note="Once more on the same day: this is no week.")
    case.do(LEAD, "CloseCase/settled", settled__plan="The clinic goes on, every other week.")
    shown = case.shown()
    assert (shown["status"], shown["endpoint"]) == ("closed", "settled")
    # Found 29 hours after the release: at high risk that is late, and the evidence says so.
    assert case.verdicts() == {"seen-in-time": "failed", "seven-days-of-medication": "passed"}
    assert not compare(house.desk.vault)


def test_a_new_mother_goes_home_when_both_teams_have_answered(
    house: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One of them has no account: it answers from its link."""
    case = Script.open(house, PERINATAL, {"ward": "ward", "perinatal": "north", "visitor": "south"})
    case.do(
        SENDER, "FillPacket", risk__now="low", mood__state="Tearful at night.", feeding__medicines=[{"name": "Sertraline"}],
        discharge__at=case.at(days=1), contact__number="202-555-0131", baby__worry="yes", safeguarding__reference="R 14",
        people__told=[{"name": "Her sister", "when": "today"}], consent__visitor="no",
    )  # fmt: skip
    case.do(SENDER, "TakeStep/send")
    assert case.shown()["tier"] == "urgent" and case.owed()["safeguarding"] == RECEIVER_LAST_RESORT
    assert case.missing(SENDER, "TakeStep/discharge") == {"visitor-knows", "lead-knows"}
    case.do(RECEIVER, "TakeStep/accept", accept__lead=LEAD)
    assert case.holder() == LEAD
    assert case.missing(SENDER, "TakeStep/discharge") == {"visitor-knows"}
    answers_from_its_link(case, "south", monkeypatch, tmp_path)
    assert case.case.events("StepTaken")[-1]["step"] == "confirm-visitor"
    case.do(SENDER, "TakeStep/discharge")

    case.do(LEAD, "TakeStep/see", see__met="no")
    assert case.owed()["another-visit"] == LEAD
    end = {"in_care__plan": "A visit each week by turns."}
    assert case.missing(LEAD, "CloseCase/in-care", **end) == {"seen", "referred"}
    case.do(RECEIVER_LAST_RESORT, "TakeStep/safeguard", safeguard__plan="A visit tomorrow.")
    case.wait(hours=22)
    case.do(LEAD, "TakeStep/see", see__met="yes")
    case.do(LEAD, "CloseCase/in-care", **end)
    shown = case.shown()
    assert (shown["status"], shown["endpoint"]) == ("closed", "in-care")
    assert case.verdicts() == {"both-before-discharge": "passed", "safeguarding-in-time": "passed"}
    assert not compare(house.desk.vault)


def answers_from_its_link(case: Script, team: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    mail = MailboxChannel(
        MailboxSettings(folder / "mail", folder / "returns", MailIdentity("h@example.org", "r@example.org"))
    )
    monkeypatch.setattr(proof, "the_channels", lambda: {"email": mail})
    case.house.change_directory(replace(load(current_version()).teams[team], second_address=SECOND))
    notice = next(one for one in case.case.events("NoticeIssued") if one["to"] == f"team:{team}")
    partner = Partner(case.house, case.case, mail)
    page = partner.enter(make_link(case.case.id, team, notice["key"], case.house.now, timedelta(days=14)))
    assert "Tearful at night." in page.content.decode()
    assert partner.answer("confirm-visitor", **{"who": RECEIVER_LAST_RESORT, "visitor.who": VISITOR}).status_code == 303
