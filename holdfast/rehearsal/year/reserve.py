"""Slots in a simulated year: the pools its cases can turn to, when a pool is looked at, and that no slot is two cases'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from holdfast.core import events as e
from holdfast.core.capacity import HoldSlots
from holdfast.core.pathway import Pathway
from holdfast.core.pools import HELD, OFFERED, Pool, begins, pool_of
from holdfast.core.slots import pools_of
from holdfast.core.state import State
from holdfast.rehearsal.year.grounds import Told

#: A team holds this many times free at most for a week, so that some have to wait.
MOST_A_WEEK = 2
HOLD, TURN = "hold", "turn"

Plan = tuple[datetime, str, str]
"""When, ``hold`` by the team or ``turn`` by the worker, and the pool."""


@dataclass(slots=True)
class Reserve:
    """``known`` are the pools that were turned to so far; ``taken`` maps a pool and a slot of it to the case that took it last."""

    counts: Counter[str]
    known: set[str] = field(default_factory=set)
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    _wanted: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def planned(self, told: Told, pathway: Pathway, now: datetime) -> Iterator[Plan]:
        """When a team or the worker has to look at a pool, because of what an entry of a case says."""
        parties = {} if told.now is None else told.now.parties
        for party, kind in self._kinds(pathway):
            pool = pool_of(parties.get(party, ""), kind)
            if parties.get(party) and pool not in self.known:
                self.known.add(pool)
                yield now, HOLD, pool
        for event in told.events:
            if isinstance(event, e.WaitBegun):
                self.counts["slots waited for"] += 1
                yield now, TURN, event.pool
            elif isinstance(event, e.SlotProposed):
                self.counts["slots offered"] += 1
                yield event.until, TURN, event.pool
            elif isinstance(event, e.SlotForgone):
                self.counts["slots let pass"] += 1
        for pool in sorted(pools_of(told.was) - pools_of(told.now)):
            yield now, TURN, pool

    def _kinds(self, pathway: Pathway) -> list[tuple[str, str]]:
        known = self._wanted.get(pathway.digest)
        if known is None:
            known = self._wanted[pathway.digest] = sorted(_asked_for(pathway))
        return known

    def doubled(self, told: Told, state_of: Callable[[str], State]) -> Iterator[str]:
        """Each slot that this entry takes while another case has it (HZ-55)."""
        for event in told.events:
            if not isinstance(event, e.SlotTaken):
                continue
            self.counts["slots booked"] += 1
            one = event.pool, event.slot
            other = self.taken.get(one, told.case)
            if other != told.case and one in state_of(other).slots.values():
                yield f"HZ-55: {event.slot} of {event.pool} is {other}'s as well"
            self.taken[one] = told.case


def week_ahead(now: datetime, chance: Random) -> HoldSlots:
    """A few times in the seven days to come, or none."""
    times = [now + timedelta(hours=chance.randrange(6, 7 * 24)) for _ in range(chance.randrange(MOST_A_WEEK + 1))]
    return HoldSlots(tuple(at.replace(minute=0, second=0, microsecond=0) for at in times))


def free_for(pool: Pool, case: str, now: datetime) -> list[str]:
    """The slots that a case may take: those held free, and one that is offered to it."""
    free = [s.id for s in pool.slots.values() if s.status == HELD or (s.status == OFFERED and s.case == case)]
    return sorted(id for id in free if (at := begins(id)) is not None and at > now)


def _asked_for(pathway: Pathway) -> set[tuple[str, str]]:
    """The parties and kinds of pool of which its steps take a slot or wait for one."""
    fields = {(field.of, field.pool) for step in pathway.steps for field in step.records if field.kind == "slot"}
    return fields | {(step.waits_for.of, step.waits_for.pool) for step in pathway.steps if step.waits_for is not None}
