"""One case on a virtual clock: builders that bring it to where a test begins, and what every test does to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import GIVEN, Answer
from holdfast.core.conditions import holds
from holdfast.core.decide import Accepted, Decision, decide
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import Promise, State
from holdfast.core.work import SYSTEM
from holdfast.pathways.load import load_pathway
from tests.core.network import CLEO, COMMUNITY, DARA, DAY, HOUR, IVY, KIT, LEA, START, WARD, network

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "holdfast" / "pathways" / "library" / "discharge-to-community.yaml"
TOY = ROOT / "tests" / "pathways" / "toy-parcel.yaml"
REASON = Answer(GIVEN, sealed="why")


@cache
def pathway_of(path: Path) -> Pathway:
    return load_pathway(path.read_text(encoding="utf-8"))


def given(value: Any) -> Answer:
    return Answer(GIVEN, value.isoformat() if isinstance(value, datetime) else value)


class Case:
    """A case of ``pathway``; ``now`` is its clock, ``events`` all that happened, ``state`` where it stands."""

    def __init__(self, pathway: Pathway, start: datetime = START, directory: Directory | None = None) -> None:
        self.pathway = pathway
        self.now = start
        self.directory = directory or network()
        self.state_or_none: State | None = None
        self.events: list[e.Event] = []

    @property
    def state(self) -> State:
        assert self.state_or_none is not None
        return self.state_or_none

    def ask(self, command: c.Command, actor: str, occurred: datetime | None = None) -> Decision:
        """What the engine says; when it accepts, the case moves on."""
        decision = decide(self.state_or_none, command, self.pathway, self.directory, actor, self.now, occurred)
        if isinstance(decision, Accepted):
            self.state_or_none = decision.state
            self.events += decision.events
        return decision

    def do(self, command: c.Command, actor: str, occurred: datetime | None = None) -> tuple[e.Event, ...]:
        decision = self.ask(command, actor, occurred)
        assert isinstance(decision, Accepted), decision
        return decision.events

    def refused(self, command: c.Command, actor: str, occurred: datetime | None = None) -> Refusal:
        decision = self.ask(command, actor, occurred)
        assert isinstance(decision, Refusal), decision
        return decision

    def take(self, step: str, actor: str, over: Mapping[str, Any] | None = None, **rest: Any) -> tuple[e.Event, ...]:
        """Take a step, its form filled in with ``over`` and the first answer that will do."""
        occurred = rest.pop("occurred", None)
        return self.do(self.step(step, over, **rest), actor, occurred)

    def step(self, step: str, over: Mapping[str, Any] | None = None, **rest: Any) -> c.TakeStep:
        known = self.pathway.find_step(step)
        assert known is not None, step
        return c.TakeStep(step, self.form(known.records, over), **rest)

    def meet(self, kind: str, actor: str, over: Mapping[str, Any] | None = None, **rest: Any) -> tuple[e.Event, ...]:
        answers = self.form(self.pathway.get_obligation(kind).records, over)
        return self.do(c.Meet(self.owed(kind).id, answers, **rest), actor)

    def close(self, endpoint: str, actor: str, over: Mapping[str, Any] | None = None) -> tuple[e.Event, ...]:
        return self.do(self.closing(endpoint, over), actor)

    def closing(self, endpoint: str, over: Mapping[str, Any] | None = None) -> c.CloseCase:
        known = self.pathway.find_endpoint(endpoint)
        assert known is not None, endpoint
        return c.CloseCase(endpoint, self.form(known.records, over, endpoint))

    def form(
        self, fields: Iterable[Field], over: Mapping[str, Any] | None = None, closing: str = ""
    ) -> dict[str, Answer]:
        """Answers to every field that is needed, given the ones before it; ``over`` gives values, or whole answers."""
        answers: dict[str, Answer] = {}
        for field in fields:
            if over and field.id in over:
                value = over[field.id]
                answers[field.id] = value if isinstance(value, Answer) else given(value)
            elif holds(field.needed, facts_of(self.state, self.pathway, self.directory, answers, closing)):
                answers[field.id] = self.any_answer(field)
        return answers

    def any_answer(self, field: Field) -> Answer:
        if field.sealed:
            return Answer(GIVEN, sealed=f"sealed {field.id}")
        if field.options:
            return given("no" if field.kind == "flag" else field.options[0].code)
        values: dict[str, Any] = {
            "instant": self.now + DAY,
            "date": (self.now + 14 * DAY).date().isoformat(),
            "number": 1,
            "team": COMMUNITY,
            "staff": LEA,
        }
        return given(values[field.kind])

    def after(self, span: timedelta) -> Self:
        """Let time pass with nobody looking at the clocks."""
        self.now += span
        return self

    def tick(self, until: datetime) -> Self:
        """Let time pass, each clock fired when it goes, as a worker that is awake would."""
        while (rings := self.state.next_ring()) is not None and rings <= until:
            self.now = max(self.now, rings)
            self.do(c.FireClocks(), SYSTEM)
        self.now = max(self.now, until)
        return self

    def wait(self, span: timedelta) -> Self:
        return self.tick(self.now + span)

    def owed(self, kind: str) -> Promise:
        promise = self.state.find_owed(kind)
        assert promise is not None, f"{kind} is not owed"
        return promise

    def latest(self, kind: str) -> Promise:
        promise = self.state.latest(kind)
        assert promise is not None, f"{kind} was never owed"
        return promise

    def is_owed(self, kind: str) -> bool:
        return self.state.find_owed(kind) is not None

    def seen(self, kind: type[e.Event], since: int = 0) -> list[Any]:
        return [event for event in self.events[since:] if isinstance(event, kind)]

    def rungs(self, kind: str) -> list[e.RungFired]:
        return [event for event in self.seen(e.RungFired) if event.id.startswith(f"{kind}#")]

    def moments(self, since: int = 0) -> list[str]:
        return [event.moment for event in self.seen(e.MomentMarked, since)]

    def notices(self, since: int = 0) -> list[tuple[str, str]]:
        return [(event.to, event.notice) for event in self.seen(e.NoticeIssued, since)]

    # Builders, each from the one before.

    def opened(self, holder: str = KIT, **parties: str) -> Self:
        places = {"sender": WARD, "receiver": COMMUNITY, **parties}
        self.do(c.OpenCase("case-1", self.pathway.id, "person-1", places, holder), holder)
        return self

    def packet(self, **over: Any) -> dict[str, Answer]:
        """A whole packet; keyword names write a dot as two underscores."""
        return self.form(self.pathway.packet_fields(), {name.replace("__", "."): value for name, value in over.items()})

    def filled(self, **over: Any) -> Self:
        self.opened()
        self.do(c.FillPacket(self.packet(**{"touchpoint__by": self.now + 3 * DAY, **over})), KIT)
        for named, staff in (
            ("decision-maker", DARA),
            ("medication-continuity", CLEO),
            ("first-appointment-missed", DARA),
        ):
            self.do(c.NameRole(named, staff), KIT)
        return self

    def sent(self, **over: Any) -> Self:
        self.filled(**over)
        self.after(HOUR).take("send", KIT)
        return self

    def accepted(self, **over: Any) -> Self:
        self.sent(**over)
        self.after(HOUR).take("confirm-receipt", IVY, {"receipt.lead": LEA})
        return self

    def contacted(self, **over: Any) -> Self:
        """Accepted, the person reached, told, and with a kept appointment behind them."""
        self.accepted(**over)
        self.after(HOUR).take("record-contact", LEA, REACHED)
        self.take("give-card", LEA, {"card.understood": "yes"})
        self.take("book-appointment", LEA, {"appointment.at": self.now + 2 * HOUR})
        self.after(3 * HOUR).take("record-attendance", LEA, {"attendance.outcome": "kept"})
        self.take("accept-ongoing-care", LEA)
        return self


REACHED = {"contact.method": "phone", "contact.with": "person", "check.done": "done"}
CALM = {**REACHED, "check.ideation": "none"}
ALARMING = {**REACHED, "check.ideation": "intent"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}
HIGH = {"risk__suicidal-ideation": "plan", "risk__summary": Answer(GIVEN, sealed="sealed risk.summary")}


def shipped(start: datetime = START, directory: Directory | None = None) -> Case:
    return Case(pathway_of(SHIPPED), start, directory)


def toy(start: datetime = START, directory: Directory | None = None) -> Case:
    return Case(pathway_of(TOY), start, directory)
