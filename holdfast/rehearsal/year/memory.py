"""A year in memory: the core alone, with what the desk adds to it done in the same order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.asks import Asked
from holdfast.core.capacity import PoolCommand
from holdfast.core.decide import decide
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.pools import Pool
from holdfast.core.refusals import Refusal
from holdfast.core.sharing import may_share, own_team
from holdfast.core.spans import elapsed
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.desk.envelope import Ask
from holdfast.desk.reading import Reader
from holdfast.desk.sitting import GONE
from holdfast.ledger.kept import event_to_bytes
from holdfast.rehearsal.year.grounds import Told, onward
from holdfast.rehearsal.year.pools import Pools


@dataclass(slots=True)
class Memory:
    """The core alone. Every accepted request is kept by its key, as the desk keeps it."""

    directory: Directory
    pathways: dict[str, Pathway]
    entropy: Callable[[int], bytes]
    states: dict[str, State] = field(default_factory=dict)
    entries: dict[str, list[e.Event]] = field(default_factory=dict)
    answered: dict[str, list[Told]] = field(default_factory=dict)
    subjects: dict[str, list[str]] = field(default_factory=dict)
    pools: Pools = field(default_factory=Pools)
    recorded: int = 0
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def pathway_of(self, case: str) -> Pathway:
        return self.pathways[self.states[case].pathway]

    def state_of(self, case: str) -> State:
        return self.states[case]

    def new_subject(self, now: datetime) -> str:
        return "p" + self.entropy(16).hex()

    def tell(self, case: str, ask: Ask, actor: str, now: datetime, key: str) -> list[Told]:
        if key and key in self.answered:
            return self.answered[key]
        told = self._decide(case, ask, actor, now)
        for one in told:
            if one.refusal is None and one.case not in (
                known := self.subjects.setdefault(self.states[one.case].subject, [])
            ):
                known.append(one.case)
        if key:
            # Only what a repeat is told: with the cases before and after, a year would keep every state there ever was.
            self.answered[key] = [Told(one.case, one.events, one.refusal, True) for one in told]
        return told

    def die(self, case: str, ask: Ask, actor: str, now: datetime, key: str, point: str) -> list[Told]:
        """Nothing is half done in memory: all of it was recorded, or none."""
        told = self.tell(case, ask, actor, now, key) if point == "committed" else []
        return [one for one in told if one.refusal is None]

    def shows(self, case: str, team: str) -> bool:
        state, pathway = self.states[case], self.pathway_of(case)
        return team == own_team(state, pathway) or may_share(state, pathway, self.directory)

    def pool(self, pool: str) -> Pool:
        return self.pools.find(pool)

    def turn(self, pool: str, command: PoolCommand, actor: str, now: datetime) -> list[Told]:
        return self.pools.turn(pool, command, now, lambda case, ask: self._decide(case, ask, SYSTEM, now))

    def _decide(self, case: str, ask: Ask, actor: str, now: datetime) -> list[Told]:
        """The request and all it asks of other cases, or nothing of it, as the desk does it in one transaction."""
        state = self.states.get(case)
        pathway = self.pathways[ask.values["pathway"] if state is None else state.pathway]
        command = Reader(actor, now, self.entropy).read(ask, pathway, state)
        if isinstance(command, Refusal):
            return [Told(case, (), command)]
        made: list[Told] = []
        refusal = self._stage(made, case, command, actor, now) or self.pools.follow(map(self._ranked, made), now)
        if refusal is not None:
            return [Told(case, (), refusal)]
        for told in made:
            if told.now is not None:
                self.states[told.case] = told.now
            self.entries.setdefault(told.case, []).extend(told.events)
            self.recorded += len(told.events)
            for event in told.events:
                self._hash.update(event_to_bytes(event))
        return made

    def _stage(
        self, made: list[Told], case: str, command: c.Command, actor: str, now: datetime, deep: int = 0
    ) -> Refusal | None:
        was = next((told.now for told in reversed(made) if told.case == case), self.states.get(case))
        if was is None and not isinstance(command, c.OpenCase):
            return Refusal("unknown_case", "There is no such case.")
        pathway = self.pathways.get(command.pathway if isinstance(command, c.OpenCase) else was.pathway if was else "")
        if pathway is None:
            return Refusal("unknown_edition", "No such pathway is published.")
        if isinstance(command, c.OpenCase):
            command = replace(command, history=self._history(command, pathway, now))
        decision = decide(was, command, pathway, self.directory, actor, now)
        if isinstance(decision, Refusal):
            return decision
        replays = onward(was, decision.events) == decision.state
        kind = type(command).__name__
        made.append(Told(case, decision.events, was=was, now=decision.state, kind=kind, replays=replays))
        hearers = self._hearers(command, now) if isinstance(command, c.OpenCase) else []
        for ask in (*decision.asks, *hearers):
            refusal = self._stage(made, ask.case, ask.command, SYSTEM, now, deep + 1)
            if refusal is not None and not (ask.may_fail or actor == SYSTEM or refusal.code in GONE):
                return refusal
        return None

    def _ranked(self, told: Told) -> tuple[Told, int]:
        state = told.now
        return told, 0 if state is None else self.pathways[state.pathway].tier_rank(state.tier)

    def _history(self, opening: c.OpenCase, pathway: Pathway, now: datetime) -> dict[str, int]:
        counts = {}
        for other, span in pathway.looks_back.items():
            back = elapsed(span)
            theirs = [s for s in self._of(opening.subject) if s.pathway == other and s.case != opening.case]
            counts[other] = sum(1 for state in theirs if back is not None and state.opened >= now - back)
        return counts

    def _hearers(self, opening: c.OpenCase, now: datetime) -> list[Asked]:
        theirs = [s for s in self._of(opening.subject) if s.status == "open" and s.case != opening.case]
        moments = [(s.case, self.pathways[s.pathway].hears_of.get(opening.pathway)) for s in theirs]
        return [Asked(case, c.HearMoment(moment, now), may_fail=True) for case, moment in sorted(moments) if moment]

    def _of(self, subject: str) -> list[State]:
        return [self.states[case] for case in self.subjects.get(subject, ()) if case in self.states]

    def change_directory(self, directory: Directory) -> None:
        self.directory = directory

    def digest(self) -> str:
        return self._hash.hexdigest()
