"""What a simulated year asks of the ground it is played on: the core alone in memory, or the desk with its database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from holdfast.core import events as e
from holdfast.core.capacity import PoolCommand
from holdfast.core.fold import fold
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.pools import Pool
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.desk.envelope import Ask


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one request: the events of an entry, or the refusal. ``again`` marks the repeat of an earlier answer.

    ``was`` and ``now`` are the case before and after the entry, ``kind`` the command; ``replays`` says whether the events, folded onto the
    case before, come to what is kept (I9)."""

    case: str
    events: Sequence[e.Event] = ()
    refusal: Refusal | None = None
    again: bool = False
    was: State | None = None
    now: State | None = None
    kind: str = ""
    replays: bool = True


def onward(was: State | None, events: Iterable[e.Event]) -> State | None:
    """The state after ``events``; ``was`` is left as it was."""
    state = None if was is None else was.copy()
    for event in events:
        state = fold(state, event)
    return state


class Ground(Protocol):
    """What a year needs of the world it runs in. All times are instants of the virtual clock."""

    directory: Directory

    def pathway_of(self, case: str) -> Pathway: ...

    def state_of(self, case: str) -> State: ...

    def new_subject(self, now: datetime) -> str:
        """Somebody new, for whom cases can be opened."""

    def tell(self, case: str, ask: Ask, actor: str, now: datetime, key: str) -> list[Told]:
        """Hand one request in. The first answer is the request's own; others are of cases that it reached."""

    def die(self, case: str, ask: Ask, actor: str, now: datetime, key: str, point: str) -> list[Told]:
        """The same, but whoever works at it dies at ``point`` of the write and answers nobody. Gives what was recorded all the same."""

    def shows(self, case: str, team: str) -> bool:
        """Whether a message that shows the case may leave for the team now, as who delivers asks it."""

    def pool(self, pool: str) -> Pool:
        """A pool of slots as it stands."""

    def turn(self, pool: str, command: PoolCommand, actor: str, now: datetime) -> list[Told]:
        """A team's or the worker's command on a pool of slots. Gives what cases heard of it."""

    def change_directory(self, directory: Directory) -> None: ...

    def digest(self) -> str:
        """One digest over everything recorded so far, in order."""
