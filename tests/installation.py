"""A small installation that tests drive through the desk: a ward, a community team, an outsider, and a clock that is told the time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from holdfast.core.answers import RawAnswer
from holdfast.core.calendars import Calendar, WeeklyInterval
from holdfast.core.parties import Duty, Organisation, Staff, Team
from holdfast.core.state import State
from holdfast.desk import persons
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.directory.items import item_to_plain
from holdfast.ledger.refold import folded
from holdfast.ledger.store import read_head
from holdfast.pathways.library import shipped
from holdfast.people.keyring import Keyring, key_id
from holdfast.worklists.casefile import entries_of

PATHWAY = "discharge-to-community"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))

# The three standing people of every test: who sends, who receives, and who has no business here.
SENDER, RECEIVER, OUTSIDER = "cora", "ina", "otto"
SENDER_SUPERVISOR, LEAD, RECEIVER_SUPERVISOR = "sue", "lee", "sam"
DECISION_MAKER, NIGHT_CLINICIAN, GOVERNANCE, SECOND_GOVERNANCE = "dan", "nora", "gail", "gwen"
SENDER_LAST_RESORT, RECEIVER_LAST_RESORT = "max", "nia"


def given(value: Any) -> RawAnswer:
    return RawAnswer("given", value)


NONE_KNOWN = RawAnswer("none-known")


def packet(**changes: RawAnswer) -> dict[str, RawAnswer]:
    """A complete packet for a person at standard risk; name fields with ``__`` for the dot and ``_`` for the hyphen."""
    answers = {
        "discharge.at": given("2026-03-02T12:00+00:00"),
        "transition.trigger": given("planned"),
        "success.endpoint": given("engaged"),
        "success.by": given("2026-04-01"),
        "medication.current": given([{"name": "Sertraline", "dose": "50 mg in the morning"}]),
        "medication.changes": given([{"change": "Dose raised", "rationale": "Low mood persisted"}]),
        "medication.interrupted": given("no"),
        "medication.supply-ends": given("2026-03-20"),
        "risk.suicidal-ideation": given("passive"),
        "risk.recent-attempt": given("no"),
        "risk.violence": given("none"),
        "risk.summary": given("Passive thoughts in the evening, no plan."),
        "risk.triggers": given("Arguments at home; stops answering the phone."),
        "risk.restrictions": NONE_KNOWN,
        "safeguarding.concern": given("none"),
        "housing.stable": given("yes"),
        "contact.phone": given("555-0142"),
        "contact.channel": given("phone"),
        "contact.crisis": NONE_KNOWN,
        "consent.sharing": given("given"),
        "appointment.booked": NONE_KNOWN,
        "touchpoint.by": given("2026-03-05T12:00+00:00"),
        "fallback.action": given("outreach"),
    }
    for name, answer in changes.items():
        answers[name.replace("__", ".").replace("_", "-")] = answer
    return answers


HIGH = {"risk__suicidal_ideation": given("plan")}
CHECK = {
    f"check.{name}": given("none")
    for name in ["sleep", "agitation", "substance", "medication", "paranoia", "ideation", "conflict", "own-signs"]
}


def contact(reached: str = "person", method: str = "phone", **signs: str) -> dict[str, RawAnswer]:
    """The answers of one contact; ``signs`` changes marks of the early-warning check, such as ``ideation="plan"``."""
    answers = {"contact.method": given(method), "contact.with": given(reached)}
    if reached == "person" and method in ("visit", "phone", "video"):
        answers |= {"check.done": given("done"), **CHECK}
        answers |= {f"check.{name.replace('_', '-')}": given(mark) for name, mark in signs.items()}
    return answers


def directory_items(**changed: Any) -> list[Any]:
    """The directory of the installation as items; ``changed`` replaces a team or a member of staff by id."""
    week = tuple(WeeklyInterval(day, 9 * 60, 17 * 60) for day in range(5))
    hours = Calendar("Europe/London", week, frozenset(), (), date(2026, 1, 1), date(2027, 12, 31))

    def staff(id: str, organisation: str, *roles: tuple[str, str]) -> Staff:
        routes = {"email": f"{id}@example.org", "day": "555-0100", "night": "555-0101"}
        return Staff(id, id.title(), organisation, frozenset(roles), **routes)

    duty = (Duty("duty-clinician", NIGHT_CLINICIAN),)
    in_charge = (Duty("supervisor", SENDER_SUPERVISOR),)
    everything: list[Any] = [
        Organisation("hospital", "Harbour Hospital", SENDER_LAST_RESORT),
        Organisation("community", "Community Trust", RECEIVER_LAST_RESORT),
        Organisation("elsewhere", "Elsewhere Trust", OUTSIDER),
        Team("ward", "Larch Ward", "hospital", hours, in_charge, address="ward@example.org"),
        Team("north", "Community North", "community", hours, duty, address="north@example.org", external=True),
        Team("south", "Community South", "community", hours, address="south@example.org"),
        Team("other", "Other Team", "elsewhere", hours, address="other@example.org"),
        staff(SENDER, "hospital", ("ward", "coordinator")),
        staff(SENDER_SUPERVISOR, "hospital", ("ward", "supervisor")),
        staff(SENDER_LAST_RESORT, "hospital", ("ward", "supervisor")),
        staff(RECEIVER, "community", ("north", "intake")),
        staff(LEAD, "community", ("north", "lead"), ("south", "lead")),
        staff(RECEIVER_SUPERVISOR, "community", ("north", "supervisor")),
        staff(RECEIVER_LAST_RESORT, "community", ("south", "supervisor"), ("south", "intake")),
        staff(DECISION_MAKER, "community", ("north", "decision-maker"), ("north", "clinician")),
        staff(NIGHT_CLINICIAN, "community", ("north", "duty-clinician"), ("north", "clinician")),
        staff(OUTSIDER, "elsewhere", ("other", "coordinator"), ("other", "supervisor")),
        staff(GOVERNANCE, "hospital", ("hospital", "governance")),
        staff(SECOND_GOVERNANCE, "hospital", ("hospital", "governance")),
    ]
    return [item_to_plain(changed.pop(value.id, value)) for value in everything] + [
        item_to_plain(v) for v in changed.values()
    ]


def keyring() -> Keyring:
    return Keyring({key_id(KEY): KEY}, key_id(KEY))


@dataclass
class Installation:
    """``now`` is what the desk's clock says; move it with ``wait``."""

    now: datetime = START
    seed: int = 1
    keys: int = 0
    desk: Desk = field(init=False)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.desk = Desk(keyring(), clock=lambda: self.now, entropy=self.chance.randbytes)

    def set_up(self, pathway_text: str | None = None) -> Installation:
        """Publish the directory and the pathway."""
        assert put_directory(self.desk, directory_items(), "system", "test").accepted
        assert publish_edition(self.desk, pathway_text or shipped()[PATHWAY], "system", "test").accepted
        return self

    def publish(self, pathway_text: str) -> None:
        """Another edition, proposed by one governance lead and approved by the other."""
        outcome = publish_edition(self.desk, pathway_text, GOVERNANCE, "test", SECOND_GOVERNANCE)
        assert outcome.accepted, outcome.refusal

    def change_directory(self, *values: Any) -> None:
        outcome = put_directory(self.desk, [item_to_plain(value) for value in values], "system", "test")
        assert outcome.accepted, outcome.refusal

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def person(self, name: str = "Robin Vale") -> str:
        person = "p" + uuid.UUID(int=self.chance.getrandbits(128)).hex
        outcome = persons.register(self.desk, person, {"person.name": given(name)}, [("mrn", person)], SENDER, "test")
        assert outcome.accepted
        return person

    def open(self, holder: str = SENDER, pathway: str = PATHWAY, receiver: str = "north") -> Case:
        case = Case(self, "case:" + uuid.UUID(int=self.chance.getrandbits(128)).hex, self.person())
        parties = {"sender": "ward", "receiver": receiver}
        values = {"case": case.id, "pathway": pathway, "subject": case.person, "parties": parties, "holder": holder}
        case.does("OpenCase", holder, **values)
        return case

    def sent(self, **changes: RawAnswer) -> Case:
        """A case whose packet is complete and sent."""
        case = self.open()
        case.fill(**changes)
        case.name_everybody()
        case.step("send", SENDER)
        return case

    def accepted(self, **changes: RawAnswer) -> Case:
        case = self.sent(**changes)
        case.accept()
        return case

    def new_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def tick(self, *cases: Case, until: datetime | None = None) -> None:
        """Let time run to ``until`` and fire what comes due, clock by clock, as a worker on time would."""
        end = until or self.now
        while True:
            rings = [(r, case) for case in cases if (r := case.state.next_ring()) is not None and r <= end]
            if not rings:
                break
            due, case = min(rings, key=lambda pair: (pair[0], pair[1].id))
            self.now = max(self.now, due)
            case.fire()
        self.now = max(self.now, end)


@dataclass
class Case:
    """One case of an installation, and what people do to it through the desk."""

    at: Installation
    id: str
    person: str

    def ask(
        self,
        kind: str,
        actor: str,
        answers: Mapping[str, RawAnswer] | None = None,
        texts: Mapping[str, str] | None = None,
        key: str | None = None,
        occurred: datetime | None = None,
        version: int | None = None,
        **values: Any,
    ) -> Outcome:
        ask = Ask(kind, values, answers or {}, texts or {})
        key = self.at.new_key() if key is None else key
        return self.at.desk.handle(Envelope(self.id, ask, actor, "test", key, version, occurred))

    def hears(self, kind: str, **values: Any) -> Outcome:
        """What a machine tells the case, such as ``NoteSent``; it must be accepted."""
        outcome = self.at.desk.handle(Envelope(self.id, Ask(kind, values), "system", "worker"))
        assert outcome.accepted, outcome.refusal
        return outcome

    def does(self, kind: str, actor: str, *args: Any, **values: Any) -> Outcome:
        """The same, and it must be accepted."""
        outcome = self.ask(kind, actor, *args, **values)
        assert outcome.accepted, outcome.refusal
        return outcome

    def step(self, step: str, actor: str, answers: Mapping[str, RawAnswer] | None = None, **more: Any) -> Outcome:
        return self.does("TakeStep", actor, answers, step=step, **more)

    def refused(self, kind: str, actor: str, *args: Any, **values: Any) -> Any:
        """The refusal; it must be one."""
        outcome = self.ask(kind, actor, *args, **values)
        assert not outcome.accepted, outcome.events
        return outcome.refusal

    def fill(self, actor: str = SENDER, **changes: RawAnswer) -> Outcome:
        return self.does("FillPacket", actor, packet(**changes))

    def name_everybody(self) -> None:
        for named in ("decision-maker", "medication-continuity", "first-appointment-missed"):
            self.does("NameRole", SENDER, named=named, staff=DECISION_MAKER)

    def accept(self, actor: str = RECEIVER, lead: str = LEAD, **more: Any) -> Outcome:
        answers = {
            "receipt.reviewed": given("reviewed"),
            "receipt.lead": given(lead),
            "receipt.first-contact-at": given((self.at.now + timedelta(hours=20)).isoformat()),
            "receipt.first-actions": given("Call tomorrow morning, check medication."),
            "receipt.escalation-signs": given("No answer for a day; talk of not being here."),
        }
        return self.step("confirm-receipt", actor, answers, **more)

    def close(self) -> Outcome:
        """The end that needs the least before it."""
        answers = {
            "escalated.to": given("inpatient"),
            "escalated.response-at": given(self.at.now.isoformat()),
            "escalated.response": given("A bed tonight."),
            "closing.next-steps": given("The ward takes over."),
            "closing.why-other": given("Worse since yesterday."),
        }
        return self.does("CloseCase", self.state.holder, answers, endpoint="escalated")

    def contact(self, actor: str = LEAD, reached: str = "person", method: str = "phone", **signs: str) -> Outcome:
        return self.step("record-contact", actor, contact(reached, method, **signs))

    def fire(self) -> Outcome:
        ask = Ask("FireClocks", {"why_late": ""})
        return self.at.desk.handle(Envelope(self.id, ask, "system", "worker"))

    @property
    def state(self) -> State:
        read = read_head(self.id, "", "")
        assert read.head is not None
        return folded(self.id, read.head)

    def promise(self, kind: str) -> Any:
        """The latest promise of a kind."""
        found = self.state.latest(kind)
        assert found is not None, f"no promise {kind}"
        return found

    def told(self, kind: str) -> list[str]:
        """Who was called by the ladder of a promise, in order."""
        events = [event for entry in entries_of(self.id) for event in entry["events"]]
        return [e["told"] for e in events if e["event"] == "RungFired" and e["id"].startswith(kind + "#")]

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [e for entry in entries_of(self.id) for e in entry["events"] if e["event"] == kind]
