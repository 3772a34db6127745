"""A trial: one pathway with the people of an invented network, the questions asked of it, and how many states they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from holdfast.core import events as e
from holdfast.core.checker.cone import Cone, TooDeep, cone_of
from holdfast.core.checker.exploring import MOST_ALTOGETHER, MOST_STATES, Explored, Goal, Seen, explore
from holdfast.core.checker.moves import Move, Staff, perform
from holdfast.core.checker.people import network
from holdfast.core.checker.readying import opening_moves
from holdfast.core.checker.reduction import Slice, reduce_to
from holdfast.core.checker.replay import Replay, replay
from holdfast.core.checker.story import tell
from holdfast.core.checker.verdict import REFUTED, UNKNOWN, Finding
from holdfast.core.conditions import Condition, holds
from holdfast.core.decide import Accepted
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import State

#: What a slice is asked for: conditions, kinds, steps, the holder, ends, and the gates held open.
_Parts = tuple[tuple[Condition, ...], frozenset[str], frozenset[str], bool, tuple[str, ...], frozenset[str]]


class OutOfTime(Exception):
    """Whoever asked has no more time for the answer. No check catches it: what was not asked by then is *unknown*."""


def never() -> bool:
    return False


def anybody(staff: str) -> bool:
    return True


@dataclass(slots=True)
class Trial:
    """``asking`` is the property in question. ``explored`` counts states by property; ``happened`` is all that a replay on the
    whole pathway has shown: moments, obligations opened, steps taken. ``over`` says that whoever asked has no more time."""

    pathway: Pathway
    most: int = MOST_STATES
    altogether: int = MOST_ALTOGETHER
    over: Callable[[], bool] = never
    asking: str = ""
    explored: Counter[str] = field(default_factory=Counter)
    happened: set[tuple[str, str]] = field(default_factory=set)
    directory: Directory = field(init=False)
    openable: frozenset[str] | None = None
    slices: dict[_Parts, Slice] = field(default_factory=dict)
    ways_to_an_end: list[tuple[Move, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.directory = network(self.pathway)

    def slice(
        self,
        conditions: Iterable[Condition] = (),
        kinds: Iterable[str] = (),
        steps: Iterable[str] = (),
        holder: bool = False,
        ends: Iterable[str] = (),
        without: frozenset[str] = frozenset(),
    ) -> Slice:
        """``without`` are gates held to be open. Raises ``TooDeep``."""
        parts = (tuple(conditions), frozenset(kinds), frozenset(steps), holder, tuple(ends), without)
        if parts not in self.slices:
            cone: Cone = cone_of(self.pathway, *parts[:4], without)
            self.slices[parts] = reduce_to(self.pathway, cone, parts[4])
        return self.slices[parts]

    def gates_held_open(self) -> list[frozenset[str]]:
        """What to leave out, most first: all gates, then those that answers and names open from the beginning, then none.

        With a gate held open more can happen than does. What is not found so is nowhere; what is found is done again on the whole."""
        all_ = frozenset(gate.id for gate in self.pathway.gates)
        return list(dict.fromkeys((all_, self.at_will(), frozenset[str]())))

    def at_will(self) -> frozenset[str]:
        """The gates that somebody can open from the opening on, by filling in the packet and naming people."""
        if self.openable is None:
            state = self.replay(()).state
            open_: set[str] = set()
            for gate in self.pathway.gates if state is not None else ():
                after = state
                for move in opening_moves(self.pathway, self.directory, state, [gate]) if state is not None else ():
                    done = perform(self.pathway, self.directory, after, move) if after is not None else None
                    after = done[0].state if done is not None and isinstance(done[0], Accepted) else after
                if after is not None and holds(gate.when, facts_of(after, self.pathway, self.directory)):
                    open_.add(gate.id)
            self.openable = frozenset(open_)
        return self.openable

    def explore(
        self,
        within: Slice,
        goal: Goal | None = None,
        seen: Seen | None = None,
        may: Staff = anybody,
        waiving: bool = True,
        outside: bool = True,
        directory: Directory | None = None,
        toward: tuple[Condition, ...] = (),
    ) -> Explored:
        """Raises ``TooDeep`` past the most states of one question, or of the whole check, and ``OutOfTime``."""
        left = self.altogether - self.explored.total()
        if left <= 0:
            raise TooDeep(_too_large(within, f"the check as a whole has come to more than {self.altogether:,} states"))
        most = min(self.most, left)
        found = explore(
            within, directory or self.directory, goal, self._timed(seen), may, waiving, outside, most, toward
        )
        self.explored[self.asking] += len(found.nodes)
        if not found.whole and found.found is None:
            raise TooDeep(_too_large(within, f"there are more than {most:,} states"))
        return found

    def _timed(self, seen: Seen | None) -> Seen:
        """The same picking, which asks at each move whether there is time."""

        def picked(state: State, move: Move, decision: Accepted) -> bool:
            self.in_time()
            return seen is not None and seen(state, move, decision)

        return picked

    def in_time(self) -> None:
        """Raises ``OutOfTime``."""
        if self.over():
            raise OutOfTime

    def replay(self, moves: Iterable[Move], may: Staff = anybody, last_may: Staff | None = None) -> Replay:
        self.in_time()
        done = replay(self.pathway, self.directory, moves, may, last_may)
        for played in done.played:
            if isinstance(played.decision, Accepted):
                self.happened |= set(_what_happened(played.decision.events))
        return done

    def refuted(
        self, says: str, remedy: str, place: tuple[str | int, ...], shown: Replay | None = None, ending: str = ""
    ) -> Finding:
        trace = tell(self.pathway, shown, ending or says) if shown is not None else ()
        return Finding(self.asking, REFUTED, says, remedy, place, trace)

    def unknown(self, says: str, place: tuple[str | int, ...] = ()) -> Finding:
        return Finding(
            self.asking, UNKNOWN, f"It could not be decided: {says}.", "Ask somebody who knows the checker.", place
        )


def _too_large(within: Slice, how: str) -> str:
    """Which part it is, and what whoever wrote the file can do."""
    owed = [f"“{one.owed}”" for one in within.whole.obligations if one.id in within.cone.kinds]
    steps = [f"“{one.title}”" for one in within.whole.steps if one.id in within.cone.steps]
    part = ", ".join((owed or steps)[:6]) + (" and others" if len(owed or steps) > 6 else "")
    advice = "Let fewer conditions, gates and promises depend on each other there, or divide the pathway in two"
    return f"{how}, in the part about {part or 'the packet and the tiers'}. {advice}"


def _what_happened(events: Iterable[e.Event]) -> Iterable[tuple[str, str]]:
    for event in events:
        if isinstance(event, e.MomentMarked):
            yield "moment", event.moment
        elif isinstance(event, e.ObligationOpened):
            yield "owed", event.kind
        elif isinstance(event, e.StepTaken):
            yield "step", event.step
        elif isinstance(event, e.CaseClosed):
            yield "end", event.endpoint
