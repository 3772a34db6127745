"""P2: a running clock at every open state (I3): found by keeping as few promises in view as will do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from holdfast.core.checker.cone import TooDeep
from holdfast.core.checker.moves import Move
from holdfast.core.checker.reduction import ANCHOR, Slice
from holdfast.core.checker.replay import Replay
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import REFUTED, Finding
from holdfast.core.pathway import Obligation
from holdfast.core.state import State

SAYS = "An open case comes to a state in which no clock runs."
REMEDY = "Let an obligation open there, or one that runs from the opening stay open until the case is closed."

#: A set of promises that will not do after as many more have been added is given up.
_ROUNDS = 12


def check_clocks(trial: Trial) -> Iterator[Finding]:
    """Some promise of a small set is owed whenever the case is open; where that fails, what is owed there is looked at as well.

    A supervisor's sign-off is left out: the engine never lets it take the last clock."""
    shown = trial.replay(())
    if not shown.whole:
        yield trial.refuted(f"{SAYS} It cannot even be opened.", REMEDY, ("obligations",), shown)
        return
    opened = [owed.id for owed in trial.pathway.obligations if _from_the_opening(owed)]
    last: Finding | None = None
    *held_open, as_they_are = trial.gates_held_open()
    for gates in (held_open, [as_they_are]):
        tries = _Tries(trial)
        for without in gates:
            for kinds in (*(frozenset({kind}) for kind in opened), frozenset(opened)):
                tries.add(_Try(kinds, without))
        while (tried := tries.next()) is not None:
            before = trial.explored[trial.asking]
            found, more = _try(trial, tried)
            if found is None and not more:
                return
            if found is not None and found.word == REFUTED:
                yield found
                return
            last = found or last
            if more:
                kinds = min((tried.kinds | {kind} for kind in sorted(more)), key=lambda one: _weight(trial, one))
                tries.add(_Try(kinds, tried.without, tried.rounds + 1), trial.explored[trial.asking] - before)
    yield last or trial.unknown("no promises were found of which one is owed in every state", ("obligations",))


@dataclass(frozen=True, slots=True)
class _Try:
    """A set of promises of which one may always be owed, with some gates held open, found after so many rounds."""

    kinds: frozenset[str]
    without: frozenset[str]
    rounds: int = 0


class _Tries:
    """Those still to be tried, the one whose last exploring took the fewest states first: most often a small one does."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.heap: list[tuple[int, int, int, _Try]] = []
        self.tried: set[tuple[frozenset[str], frozenset[str]]] = set()

    def add(self, one: _Try, states: int = 0) -> None:
        if one.rounds < _ROUNDS and (one.kinds, one.without) not in self.tried:
            self.tried.add((one.kinds, one.without))
            heappush(self.heap, (states, _weight(self.trial, one.kinds), len(self.tried), one))

    def next(self) -> _Try | None:
        return heappop(self.heap)[-1] if self.heap else None


def _from_the_opening(owed: Obligation) -> bool:
    return any(opening.moment == "opened" for opening in owed.opens)


def _weight(trial: Trial, kinds: frozenset[str]) -> int:
    try:
        return trial.slice(kinds=kinds).cone.size()
    except TooDeep:
        return 10_000


def _without_clock(trial: Trial, kinds: frozenset[str], without: frozenset[str]) -> tuple[Move, ...] | None:
    """The way to an open state in which none of the kinds in view is owed; nothing if there is none."""
    within: Slice = trial.slice(kinds=kinds, without=without)
    found = trial.explore(within, goal=lambda state, _: state.status == "open" and not _in_view(state), waiving=False)
    return None if found.found is None else found.path_to(found.found)


def _in_view(state: State) -> bool:
    return any(p.owed and p.kind != ANCHOR for p in state.promises.values())


def _try(trial: Trial, tried: _Try) -> tuple[Finding | None, frozenset[str]]:
    """What is wrong; or what else is owed at a place where none of these are; or neither, if one of them always is."""
    try:
        way = _without_clock(trial, tried.kinds, tried.without)
    except TooDeep as deep:
        return trial.unknown(str(deep), ("obligations",)), frozenset()
    if way is None:
        return None, frozenset()
    shown = trial.replay(way)
    if shown.ended_as == "would_leave_no_clock" or "running clock" in shown.ended_as:
        ending = "Nobody can be made to act: no clock would run."
        return trial.refuted(SAYS, REMEDY, _place(trial, way[-1]), shown, ending), frozenset()
    besides = _owed_at(shown) - tried.kinds
    if not shown.whole or not besides:
        says = "a trace without a clock could not be done again on the whole pathway"
        return trial.unknown(says, ("obligations",)), frozenset()
    return None, besides


def _owed_at(shown: Replay) -> frozenset[str]:
    return frozenset(p.kind for p in shown.state.promises.values() if p.owed) if shown.state else frozenset()


def _place(trial: Trial, move: Move) -> tuple[str | int, ...]:
    return ("steps", move.target) if trial.pathway.find_step(move.target) else ("obligations", move.target)
