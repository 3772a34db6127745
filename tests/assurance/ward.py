"""A ward, a community team and a desk on a clock of its own: cases of every kind, made through the desk."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from holdfast.core.answers import RawAnswer
from holdfast.core.calendars import Calendar, WeeklyInterval
from holdfast.core.parties import Organisation, Staff, Team
from holdfast.desk import persons
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.snapshot import current_version, load
from holdfast.pathways.library import shipped
from holdfast.people.keyring import Keyring, key_id

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MASTER = bytes(range(32))
PATHWAY = "discharge-to-community"


def given(value: Any) -> RawAnswer:
    return RawAnswer("given", value)


NONE = RawAnswer("none-known")
PACKET = {
    "discharge.at": given("2026-03-02T12:00+00:00"),
    "transition.trigger": given("planned"),
    "success.endpoint": given("engaged"),
    "success.by": given("2026-04-01"),
    "medication.current": given([{"name": "Sertraline", "dose": "50 mg each morning"}]),
    "medication.changes": NONE,
    "medication.interrupted": given("no"),
    "medication.supply-ends": given("2026-03-20"),
    "risk.suicidal-ideation": given("plan"),
    "risk.recent-attempt": given("no"),
    "risk.violence": given("none"),
    "risk.summary": given("Has named a bridge and a day."),
    "risk.triggers": given("Sleeps less than four hours."),
    "risk.restrictions": NONE,
    "safeguarding.concern": given("none"),
    "housing.stable": given("yes"),
    "contact.phone": given("555-0199"),
    "contact.channel": given("phone"),
    "contact.crisis": NONE,
    "consent.sharing": given("given"),
    "appointment.booked": NONE,
    "touchpoint.by": given("2026-03-04T12:00+00:00"),
    "fallback.action": given("outreach"),
}
RECEIPT = {
    "receipt.reviewed": given("reviewed"),
    "receipt.lead": given("lee"),
    "receipt.first-contact-at": given("2026-03-03T10:00+00:00"),
    "receipt.first-actions": given("Call before noon."),
    "receipt.escalation-signs": given("Not answering twice."),
}
CONTACT = {
    "contact.method": given("phone"),
    "contact.with": given("person"),
    "check.done": given("done"),
    **{
        f"check.{id}": given("none") for id in ("sleep", "agitation", "substance", "medication", "paranoia", "conflict")
    },
    "check.own-signs": given("none"),
    "check.ideation": given("intent"),
}


class Ward:
    """The network and a desk whose clock only moves when told to."""

    def __init__(self, seed: int = 1) -> None:
        self.now = MONDAY
        chance = random.Random(seed)
        self.desk = Desk(
            Keyring({key_id(MASTER): MASTER}, key_id(MASTER)), clock=lambda: self.now, entropy=chance.randbytes
        )
        hours = tuple(WeeklyInterval(day, 540, 1020) for day in range(5))
        calendar = Calendar("Europe/London", hours, frozenset(), (), date(2026, 1, 1), date(2027, 12, 31))
        items = [
            Organisation("hospital", "Hospital", "max"),
            Organisation("community", "Community Care", "nia"),
            Team("ward", "Ward Nine", "hospital", calendar, address="ward@example.org"),
            Team("north", "North Team", "community", calendar, address="north@example.org"),
            self._staff("cora", "hospital", ("ward", "coordinator")),
            self._staff("sue", "hospital", ("ward", "supervisor"), ("hospital", "governance")),
            self._staff("max", "hospital", ("ward", "supervisor")),
            self._staff("lee", "community", ("north", "lead")),
            self._staff("ina", "community", ("north", "intake")),
            self._staff("sam", "community", ("north", "supervisor")),
            self._staff("nia", "community", ("north", "supervisor"), ("community", "governance")),
            self._staff("dan", "community", ("north", "decision-maker"), ("north", "clinician")),
        ]
        assert put_directory(self.desk, [item_to_plain(item) for item in items], "system", "cli").accepted
        assert publish_edition(self.desk, shipped()[PATHWAY], "system", "cli").accepted

    @staticmethod
    def _staff(id: str, organisation: str, *roles: tuple[str, str]) -> Staff:
        name = f"{id.title()} Test"
        return Staff(
            id, name, organisation, frozenset(roles), email=f"{id}@example.org", day="555-0100", night="555-0101"
        )

    @property
    def directory(self) -> Any:
        return load(current_version())

    def later(self, **parts: float) -> None:
        self.now += timedelta(**parts)

    def person(self, name: str = "Quin Example") -> str:
        person = f"p{uuid.uuid4().hex}"
        number = [("mrn", person[-6:])]
        assert persons.register(self.desk, person, {"person.name": given(name)}, number, "cora", "web").accepted
        return person

    def opened(self, person: str = "") -> str:
        case = f"case:{uuid.uuid4().hex}"
        values = {
            "case": case,
            "pathway": PATHWAY,
            "subject": person or self.person(),
            "parties": {"sender": "ward", "receiver": "north"},
            "holder": "cora",
        }
        assert self.ask(case, "cora", "OpenCase", values).accepted
        return case

    def filled(self, case: str, **changed: RawAnswer) -> str:
        answers = {**PACKET, **{id.replace("__", ".").replace("_", "-"): value for id, value in changed.items()}}
        assert self.ask(case, "cora", "FillPacket", {}, answers).accepted
        for named in ("decision-maker", "medication-continuity", "first-appointment-missed"):
            assert self.ask(case, "cora", "NameRole", {"named": named, "staff": "dan"}).accepted
        return case

    def sent(self, case: str) -> str:
        assert self.step(case, "cora", "send").accepted
        key = f"{case}.n1"
        self.ask(case, "system", "NoteSent", {"key": key, "channel": "email", "at": self.now.isoformat()})
        return case

    def accepted(self, case: str) -> str:
        assert self.step(case, "ina", "confirm-receipt", RECEIPT).accepted
        return case

    def step(self, case: str, actor: str, step: str, answers: Any = None, about: str = "", **more: Any) -> Outcome:
        return self.ask(case, actor, "TakeStep", {"step": step, "about": about}, answers, **more)

    def ask(
        self, case: str, actor: str, kind: str, values: Any = None, answers: Any = None, texts: Any = None, **more: Any
    ) -> Outcome:
        ask = Ask(kind, values or {}, answers or {}, texts or {})
        return self.desk.handle(Envelope(case, ask, actor, "web", uuid.uuid4().hex, **more))

    def many(self) -> list[str]:
        """One case of each kind: a draft, one awaited, one overdue, one with a signal, one overridden, one closed, one ended."""
        draft = self.filled(self.opened())
        awaited = self.sent(self.filled(self.opened()))
        signal = self.accepted(self.sent(self.filled(self.opened())))
        overridden = self.opened()
        assert self.step(
            overridden, "cora", "send", texts={"override": "Leaves now with the crew; packet to follow."}
        ).accepted
        closed = self.accepted(self.sent(self.filled(self.opened())))
        self.later(hours=25)
        for case in (awaited, signal, overridden, closed):
            self.ask(case, "system", "FireClocks")
        assert self.step(signal, "lee", "record-contact", CONTACT).accepted
        self.later(minutes=40)
        self.ask(signal, "system", "FireClocks")
        response = {"response.action": given("urgent-appointment"), "response.detail": given("Seen today at noon.")}
        assert self.step(signal, "dan", "respond", response).accepted
        end = {
            "escalated.to": given("inpatient"),
            "escalated.response-at": given(self.now.isoformat()),
            "escalated.response": given("Bed found."),
            "closing.next-steps": given("Admitted tonight."),
            "closing.why-other": given("Became acutely unwell."),
        }
        ended = self.accepted(self.sent(self.filled(self.opened())))
        for case in (closed, ended):
            outcome = self.ask(case, "lee", "CloseCase", {"endpoint": "escalated"}, end)
            assert outcome.accepted, outcome.refusal
        self.later(days=31)
        self.ask(ended, "system", "FireClocks")
        self.ask(awaited, "system", "FireClocks", {"why_late": "the machine was off"})
        return [draft, awaited, signal, overridden, closed, ended]
