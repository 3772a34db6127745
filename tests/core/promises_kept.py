"""What must hold after every decision, whatever was asked: each promise of the engine, checked on a case's history."""

from __future__ import annotations

import json
from collections import Counter

from holdfast.core import events as e
from holdfast.core.codec import event_from_plain, event_to_plain, state_from_plain, state_to_plain
from holdfast.core.decide import Accepted
from holdfast.core.fold import fold
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import OPEN, State

_ARMS = (e.ObligationOpened, e.ObligationRetimed, e.ObligationBreached, e.RungFired, e.LadderHeld, e.WindowArmed)
_ENDS = (e.ObligationMet, e.ObligationWaived, e.ObligationStopped)


def stored(event: e.Event) -> e.Event:
    """The event after a store that keeps JSON in an order of its own."""
    return event_from_plain(json.loads(json.dumps(event_to_plain(event), sort_keys=True)))


class Ledger:
    """All that happened to one case, and what may never happen in it."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.events: list[e.Event] = []
        self.refolded: State | None = None
        self.clocks: set[str] = set()
        self.settled: set[str] = set()
        self.rungs: Counter[str] = Counter()

    def check(self, before: State | None, decision: Accepted, directory: Directory) -> None:
        """The decision against the state before it."""
        state = decision.state
        holder, tier = (before.holder, before.tier) if before is not None else ("", "")
        was = before.copy() if before is not None else None
        for event in decision.events:
            assert stored(event) == event
            sent = self.refolded is not None and self.refolded.packet_version > 0
            holder, tier = self._follow(event, holder, tier, sent)
            was = fold(was, event)
            self.refolded = fold(self.refolded, stored(event))
        self.events += decision.events
        assert was == state, "the state is the fold of the events"
        assert self.refolded == state, "a rebuild from the record gives the same state"
        assert (holder, tier) == (state.holder, state.tier)
        kept = json.loads(json.dumps(state_to_plain(state), sort_keys=True))
        assert state_from_plain(kept) == state
        self._standing(state, directory)

    def _follow(self, event: e.Event, holder: str, tier: str, sent: bool) -> tuple[str, str]:
        if isinstance(event, _ARMS) and event.clock:
            assert event.clock not in self.clocks, "a clock's id is never used again"
            self.clocks.add(event.clock)
        if isinstance(event, _ENDS):
            assert event.id not in self.settled, "what is settled stays settled"
            self.settled.add(event.id)
        elif isinstance(event, e.ObligationOpened | e.ObligationBreached | e.RungFired | e.LadderHeld):
            assert event.id not in self.settled, "what is settled never rings again"
        if isinstance(event, e.RungFired):
            assert event.rung == self.rungs[event.id] and event.turn == event.rung + 1, "rungs fire in order"
            self.rungs[event.id] += 1
            assert event.climbs > event.noticed, "each rung arms a clock that is still to go"
        if isinstance(event, e.HolderMoved):
            assert event.frm == holder and event.to
            return event.to, tier
        if isinstance(event, e.TierSet):
            assert event.was == tier
            lower = self.pathway.tier_rank(event.tier) > self.pathway.tier_rank(tier)
            assert not (lower and sent and tier and event.by == "rule"), "no rule lowers what has been sent"
            return holder, event.tier
        return holder, tier

    def _standing(self, state: State, directory: Directory) -> None:
        assert state.holder in directory.staff, "the holder is a person"
        if state.status == "open":
            assert state.owed() and state.next_ring() is not None, "an open case has a clock"
        running = [p.clock for p in state.owed()] + ([state.window_clock] if state.window_rings else [])
        assert len(running) == len(set(running)) and set(running) <= self.clocks
        assert state.armed == len(self.clocks)
        for kind, count in Counter(p.kind for p in state.owed()).items():
            assert count == 1 or self.pathway.get_obligation(kind).many, f"{kind} is owed once at a time"
        for promise in state.owed():
            assert promise.owner in directory.staff, "each promise has a person"
            soonest = min(promise.climbs, promise.due) if promise.status == OPEN else promise.climbs
            assert promise.rings == soonest
