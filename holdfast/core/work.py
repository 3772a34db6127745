"""A decision in the making: the state as it will be after the events decided so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.asks import Asked
from holdfast.core.conditions import Facts
from holdfast.core.facts import facts_of
from holdfast.core.fold import fold
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.core.who import Resolved, resolve

#: The actor when no person acts: a clock, a delivery, an import.
SYSTEM = "system"


class Refused(Exception):
    """Carries a refusal out of a decision; ``decide`` turns it back into a value."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(slots=True)
class Work:
    """``actor`` is a staff id, or ``system``; ``now`` is when it is recorded, ``occurred`` when it is said to have happened.

    ``asks`` fill with what is to be done on other cases."""

    state: State
    pathway: Pathway
    directory: Directory
    actor: str
    now: datetime
    occurred: datetime
    events: list[e.Event] = field(default_factory=list)
    asks: list[Asked] = field(default_factory=list)

    def add(self, event: e.Event) -> None:
        self.events.append(event)
        self.state = fold(self.state, event)

    def facts(self, answers: Mapping[str, Answer] | None = None, closing: str = "") -> Facts:
        return facts_of(self.state, self.pathway, self.directory, answers, closing)

    def resolve(self, who: str) -> Resolved:
        return resolve(who, self.state, self.pathway, self.directory, self.now)

    def new_clock(self) -> str:
        """The id of the next clock to be armed: never used twice in a case."""
        return f"{self.state.case}.{self.state.armed + 1}"

    def tell(self, who: str, notice: str, about: str = "", by: str = "") -> None:
        """Issue a notice to the person behind ``who``, or to a team's agreed channel for ``<party>.intake``."""
        party, _, duty = who.partition(".")
        team = self.state.parties.get(party, "")
        for asked in self.state.open_offers(party) if duty == "intake" and not team else ():
            self.add(e.NoticeIssued(f"{self.state.case}.n{self.state.issued + 1}", f"team:{asked}", notice, about, by))
        if duty == "intake" and not team and self.state.open_offers(party):
            return
        to = f"team:{team}" if duty == "intake" and team else f"staff:{self.resolve(who).staff}"
        self.add(e.NoticeIssued(f"{self.state.case}.n{self.state.issued + 1}", to, notice, about, by))
