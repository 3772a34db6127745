"""A small installation for tests of pages: an invented network, cases in several states, and people who sign in."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from holdfast.core.answers import RawAnswer
from holdfast.core.calendars import Calendar
from holdfast.core.parties import Organisation, Staff, Team
from holdfast.desk import office, persons
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.models import Account
from holdfast.people.keyring import Keyring, key_id

LIBRARY = Path(__file__).parents[2] / "holdfast/pathways/library/discharge-to-community.yaml"
PASSWORD = "lantern-on-the-quay"
NAMES = {
    "cora": "Cora Bell",
    "sue": "Sue Marsh",
    "max": "Max Orme",
    "lee": "Lee Aster",
    "ina": "Ina Okafor",
    "sam": "Sam Birch",
    "nia": "Nia Frost",
    "dan": "Dan Holt",
    "gail": "Gail Rowan",
    "olaf": "Olaf Stone",
}


def given(value: Any) -> RawAnswer:
    return RawAnswer("given", value)


def packet(now: datetime) -> dict[str, RawAnswer]:
    """A packet that is complete for tier high."""
    day = now + timedelta(days=2)
    return {
        "discharge.at": given(now.isoformat()),
        "transition.trigger": given("planned"),
        "success.endpoint": given("engaged"),
        "success.by": given((now + timedelta(days=30)).date().isoformat()),
        "medication.current": given([{"name": "Sertraline", "dose": "100 mg daily"}]),
        "medication.changes": RawAnswer("none-known"),
        "medication.interrupted": given("no"),
        "medication.supply-ends": given((now + timedelta(days=14)).date().isoformat()),
        "risk.suicidal-ideation": given("plan"),
        "risk.recent-attempt": given("no"),
        "risk.violence": given("none"),
        "risk.summary": given("Worse in the evening."),
        "risk.triggers": given("Calls from the landlord."),
        "risk.restrictions": RawAnswer("none-known"),
        "safeguarding.concern": given("none"),
        "housing.stable": given("yes"),
        "contact.phone": given("202-555-0199"),
        "contact.channel": given("phone"),
        "contact.crisis": RawAnswer("none-known"),
        "consent.sharing": given("given"),
        "appointment.booked": RawAnswer("none-known"),
        "touchpoint.by": given(day.isoformat()),
        "fallback.action": given("outreach"),
    }


@dataclass
class Stage:
    """``now`` is what the desk's clock says; it starts some days ago and is moved by the test."""

    now: datetime
    desk: Desk
    cases: list[str] = field(default_factory=list)

    def ask(
        self, case: str, kind: str, actor: str, values: Any = None, answers: Any = None, texts: Any = None
    ) -> Outcome:
        envelope = Envelope(case, Ask(kind, values or {}, answers or {}, texts or {}), actor, "web", uuid.uuid4().hex)
        outcome = self.desk.handle(envelope)
        assert outcome.accepted, outcome.refusal
        return outcome

    def open(self, name: str, number: str = "", receiver: str = "north") -> str:
        """A draft of the ward for ``receiver``, held by Cora."""
        person, case = f"p{uuid.uuid4().hex}", f"case:{uuid.uuid4().hex}"
        card = {"person.name": given(name), "person.born": given("1984-05-03")}
        persons.register(self.desk, person, card, [("mrn", number)] if number else [], "cora", "web")
        parties = {"sender": "ward", "receiver": receiver}
        values = {
            "case": case,
            "pathway": "discharge-to-community",
            "subject": person,
            "parties": parties,
            "holder": "cora",
        }
        self.ask(case, "OpenCase", "cora", values)
        self.cases.append(case)
        return case

    def send(self, case: str) -> None:
        self.ask(case, "FillPacket", "cora", {}, packet(self.now))
        for named in ("decision-maker", "medication-continuity", "first-appointment-missed"):
            self.ask(case, "NameRole", "cora", {"named": named, "staff": "dan"})
        self.ask(case, "TakeStep", "cora", {"step": "send"})

    def accept(self, case: str) -> None:
        answers = {
            "receipt.reviewed": given("reviewed"),
            "receipt.lead": given("lee"),
            "receipt.first-contact-at": given((self.now + timedelta(hours=20)).isoformat()),
            "receipt.first-actions": given("Call in the morning."),
            "receipt.escalation-signs": given("No answer twice."),
        }
        self.ask(case, "TakeStep", "ina", {"step": "confirm-receipt"}, answers)

    def wait(self, **span: float) -> None:
        """Time passes, and every clock that is due goes."""
        self.now += timedelta(**span)
        for case in self.cases:
            self.desk.handle(Envelope(case, Ask("FireClocks"), "system", "worker"))

    def client(self, staff: str) -> Client:
        """A browser in which ``staff`` is signed in."""
        client = Client()
        client.force_login(Account.objects.get(staff=staff))
        return client


def build(monkeypatch: Any, days_ago: float = 3) -> Stage:
    """The network of three teams, its accounts and the shipped pathway; the pages use the same desk."""
    key = secrets.token_bytes(32)
    stage = Stage(datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago), None)  # type: ignore[arg-type]
    stage.desk = Desk(Keyring({key_id(key): key}, key_id(key)), clock=lambda: stage.now)
    monkeypatch.setattr(office, "the_desk", lambda: stage.desk)
    always = Calendar.always_open("America/New_York")

    def staff(id: str, organisation: str, *roles: tuple[str, str]) -> Staff:
        return Staff(
            id,
            NAMES[id],
            organisation,
            frozenset(roles),
            email=f"{id}@example.org",
            day="202-555-0100",
            night="202-555-0101",
        )

    entries = [
        Organisation("harbour", "Harbour Mental Health", "max"),
        Organisation("tideway", "Tideway Community Support", "nia"),
        Team("ward", "Larch Ward", "harbour", always, address="ward@example.org"),
        Team("north", "Community Team North", "tideway", always, address="north@example.org"),
        Team("south", "Community Team South", "tideway", always, address="south@example.org"),
        staff("cora", "harbour", ("ward", "coordinator")),
        staff("sue", "harbour", ("ward", "supervisor")),
        staff("max", "harbour", ("ward", "supervisor")),
        staff("lee", "tideway", ("north", "lead")),
        staff("ina", "tideway", ("north", "intake")),
        staff("sam", "tideway", ("north", "supervisor")),
        staff("nia", "tideway", ("north", "supervisor")),
        staff("dan", "tideway", ("north", "decision-maker"), ("north", "clinician")),
        staff("gail", "harbour", ("harbour", "governance")),
        staff("olaf", "tideway", ("south", "lead"), ("south", "intake")),
    ]
    outcome = put_directory(stage.desk, [item_to_plain(entry) for entry in entries], "system", "cli")
    assert outcome.accepted, outcome.refusal
    publish_edition(stage.desk, LIBRARY.read_text(), "system", "cli")
    for id in NAMES:
        Account.objects.create_account(id, id, PASSWORD)
    return stage


def fill_inbox(stage: Stage) -> str:
    """One message that cannot be read and one that nobody could match; gives the id of a message that waits."""
    from holdfast.desk.intake import receive
    from holdfast.doors.reading import read

    raw = (
        b"MSH|^~\\&|ELSEWHERE|EAST|||20261120101500||ADT^A03|77|P|2.5\rEVN|A03|20261120101500\r"
        b"PID|1||5^^^EAST^MR||One^Some||19700101|F\rPV1|1|I\r"
    )
    ids = []
    for text in (raw, b"not a message"):
        ids += [r.message_id for r in receive(stage.desk, text, read(text), "web", "cora", stage.now) if r.waits]
    return ids[0]


def fill_mailbox(folder: Path) -> str:
    """One mail on the demo's shelf; gives its id."""
    from holdfast.deliveries.channels.mailbox.shelf import id_of, write_private

    mail = (
        b"From: holdfast@example.org\r\nTo: north@example.org\r\nSubject: A handoff waits for you\r\n"
        b"Date: Fri, 20 Nov 2026 10:15:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Somebody is handed to your team.\r\nhttp://127.0.0.1:8000/l/abc\r\n"
    )
    write_private(folder / "mailbox" / f"{id_of('one')}.eml", mail)
    return id_of("one")
