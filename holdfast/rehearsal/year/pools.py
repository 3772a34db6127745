"""Pools of slots in memory: what cases ask of them with their deeds, and what a team or the worker does, as at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from holdfast.core import pools as p
from holdfast.core.capacity import GiveBack, PoolCommand, TurnOver, decide_pool
from holdfast.core.refusals import Refusal
from holdfast.core.slots import pool_asks
from holdfast.desk.envelope import Ask
from holdfast.rehearsal.year.grounds import Told

#: Hands a pool's word to a case; gives what was recorded of it, or the refusal.
Tell = Callable[[str, Ask], list[Told]]


@dataclass(slots=True)
class Pools:
    """Folded, by their streams."""

    kept: dict[str, p.Pool] = field(default_factory=dict)

    def find(self, pool: str) -> p.Pool:
        return self.kept.get(pool) or p.Pool()

    def follow(self, made: Iterable[tuple[Told, int]], now: datetime) -> Refusal | None:
        """What entries, each with the rank of its case's tier, ask of pools: all of it, or nothing and why."""
        after: dict[str, p.Pool] = {}
        for told, rank in made:
            for pool, command in pool_asks(told.was, told.now, told.events, rank) if told.now is not None else ():
                was = after.get(pool) or self.find(pool)
                events = decide_pool(was, command, now)
                if isinstance(events, Refusal):
                    return events
                after[pool] = p.fold_pool(was, events)
        self.kept |= after
        return None

    def turn(self, pool: str, command: PoolCommand, now: datetime, tell: Tell) -> list[Told]:
        """A command of the team or of the worker; what becomes free is offered at once. Gives what cases heard of it."""
        heard: list[Told] = []
        for one in dict.fromkeys((command, TurnOver())):
            was, events = self._do(pool, one, now)
            for event in events:
                if isinstance(event, p.SlotOffered):
                    values = {"pool": pool, "slot": event.slot, "until": event.until.isoformat()}
                    told = tell(event.case, Ask("NoteSlotOffered", values))
                    if told[0].refusal is not None:  # it can take nothing any more, and must not stay first in line
                        self._do(pool, GiveBack(event.case), now)
                elif isinstance(event, p.SlotReleased) and p.is_lost(was, event):
                    told = tell(event.case, Ask("NoteSlotLapsed", {"pool": pool, "slot": event.slot}))
                else:
                    continue
                heard += [one for one in told if one.refusal is None]
        return heard

    def _do(self, pool: str, command: PoolCommand, now: datetime) -> tuple[p.Pool, tuple[p.PoolEvent, ...]]:
        was = self.find(pool)
        events = decide_pool(was, command, now)
        if isinstance(events, Refusal):
            raise RuntimeError(f"a pool refused what the year needs: {events.says}")
        self.kept[pool] = p.fold_pool(was, events)
        return was, events
