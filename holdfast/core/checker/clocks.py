"""P2: a running clock at every open state (I3): found by keeping as few promises in view as will do."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core.checker.cone import TooDeep
from holdfast.core.checker.moves import Move
from holdfast.core.checker.reduction import ANCHOR, Slice
from holdfast.core.checker.replay import Replay
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import UNKNOWN, Finding
from holdfast.core.pathway import Obligation
from holdfast.core.state import State

SAYS = "An open case comes to a state in which no clock runs."
REMEDY = "Let an obligation open there, or one that runs from the opening stay open until the case is closed."


def check_clocks(trial: Trial) -> Iterator[Finding]:
    """Some promise of a small set is owed whenever the case is open; where that fails, what is owed there is looked at as well.

    A supervisor's sign-off is left out: the engine never lets it take the last clock."""
    shown = trial.replay(())
    if not shown.whole:
        yield trial.refuted(f"{SAYS} It cannot even be opened.", REMEDY, ("obligations",), shown)
        return
    opened = [owed.id for owed in trial.pathway.obligations if _from_the_opening(owed)]
    starts = sorted((frozenset({kind}) for kind in opened), key=lambda kinds: _weight(trial, kinds))
    found: list[Finding] = []
    for without in trial.gates_held_open():
        for kinds in (*starts, frozenset(opened)):
            try:
                found = list(_refine(trial, kinds, without))
            except TooDeep as deep:
                found = [trial.unknown(str(deep), ("obligations",))]
            if not any(finding.word == UNKNOWN for finding in found):
                yield from found
                return
    yield from found


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


def _refine(trial: Trial, kinds: frozenset[str], without: frozenset[str]) -> Iterator[Finding]:
    for _ in range(12):
        way = _without_clock(trial, kinds, without)
        if way is None:
            return
        shown = trial.replay(way)
        if shown.ended_as == "would_leave_no_clock" or "running clock" in shown.ended_as:
            yield trial.refuted(
                SAYS, REMEDY, _place(trial, way[-1]), shown, "Nobody can be made to act: no clock would run."
            )
            return
        besides = _owed_at(shown) - kinds
        if not shown.whole or not besides:
            yield trial.unknown(
                "a trace without a clock could not be done again on the whole pathway", ("obligations",)
            )
            return
        kinds |= min(({kind} for kind in sorted(besides)), key=lambda one: _weight(trial, kinds | one))


def _owed_at(shown: Replay) -> frozenset[str]:
    return frozenset(p.kind for p in shown.state.promises.values() if p.owed) if shown.state else frozenset()


def _place(trial: Trial, move: Move) -> tuple[str | int, ...]:
    return ("steps", move.target) if trial.pathway.find_step(move.target) else ("obligations", move.target)
