"""Where a simulated year is played: the core alone in memory, or the desk with its database; people notice no difference."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from holdfast.core import events as e
from holdfast.core.decide import decide
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.desk.envelope import Ask
from holdfast.desk.reading import Reader


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one request: the events of the entry, or the refusal. ``again`` marks the repeat of an earlier answer.

    ``was`` and ``kind`` are told of cases that a request reached besides its own: the state before, and the command."""

    case: str
    events: Sequence[e.Event] = ()
    refusal: Refusal | None = None
    again: bool = False
    was: State | None = None
    kind: str = ""


class Ground(Protocol):
    """What a year needs of the world it runs in. All times are instants of the virtual clock."""

    directory: Directory

    def pathway_of(self, case: str) -> Pathway: ...

    def state_of(self, case: str) -> State: ...

    def find_state(self, case: str) -> State | None: ...

    def new_subject(self, now: datetime) -> str:
        """Somebody new, for whom cases can be opened."""

    def tell(self, case: str, ask: Ask, actor: str, now: datetime, key: str) -> list[Told]:
        """Hand one request in. The first answer is the request's own; others are of cases that it reached."""

    def change_directory(self, directory: Directory) -> None: ...

    def digest(self) -> str:
        """One digest over everything recorded so far, in order."""


@dataclass(slots=True)
class Memory:
    """The core alone. Every accepted request is kept by its key, as the desk keeps it."""

    directory: Directory
    pathways: dict[str, Pathway]
    entropy: Callable[[int], bytes]
    states: dict[str, State] = field(default_factory=dict)
    entries: dict[str, list[e.Event]] = field(default_factory=dict)
    answered: dict[str, list[Told]] = field(default_factory=dict)
    recorded: int = 0
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def pathway_of(self, case: str) -> Pathway:
        return self.pathways[self.states[case].pathway]

    def state_of(self, case: str) -> State:
        return self.states[case]

    def find_state(self, case: str) -> State | None:
        return self.states.get(case)

    def new_subject(self, now: datetime) -> str:
        return "p" + self.entropy(16).hex()

    def tell(self, case: str, ask: Ask, actor: str, now: datetime, key: str) -> list[Told]:
        if key and key in self.answered:
            return [Told(t.case, t.events, t.refusal, True) for t in self.answered[key]]
        told = self._decide(case, ask, actor, now)
        if key:
            self.answered[key] = told
        return told

    def _decide(self, case: str, ask: Ask, actor: str, now: datetime) -> list[Told]:
        state = self.states.get(case)
        pathway = self.pathways[ask.values["pathway"] if state is None else state.pathway]
        command = Reader(actor, now, self.entropy).read(ask, pathway, state)
        if isinstance(command, Refusal):
            return [Told(case, (), command)]
        decision = decide(state, command, pathway, self.directory, actor, now)
        if isinstance(decision, Refusal):
            return [Told(case, (), decision)]
        self.states[case] = decision.state
        self.entries.setdefault(case, []).extend(decision.events)
        self.recorded += len(decision.events)
        self._hash.update(repr(decision.events).encode())
        return [Told(case, decision.events)]

    def change_directory(self, directory: Directory) -> None:
        self.directory = directory

    def digest(self) -> str:
        return self._hash.hexdigest()
