"""P1: one accountable person at every state, and the one that the pathway means (OWN-01)."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core import events as e
from holdfast.core.checker.moves import Move
from holdfast.core.checker.people import everybody_away
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import Finding
from holdfast.core.decide import Accepted
from holdfast.core.state import State


def check_holders(trial: Trial) -> Iterator[Finding]:
    """With everybody there the holder is whom the file means; with nobody there it is still a person, the last resort."""
    last = {one.last_resort for one in trial.directory.organisations.values()}

    def falls_through(state: State, move: Move, decision: Accepted) -> bool:
        moved = [event for event in decision.events if isinstance(event, e.HolderMoved)]
        return any(event.to in last and event.frm not in last for event in moved) or not state.holder

    for without in trial.gates_held_open():
        within = trial.slice(holder=True, without=without)
        found = trial.explore(within, seen=falls_through)
        if found.found is None:
            break
        shown = trial.replay(found.path_to(found.found))
        move = found.nodes[found.found].move
        target = move.target if move is not None else ""
        says = (
            "Responsibility moves to nobody in particular, and falls to the last resort although everybody is at work."
        )
        remedy = "Name the person before responsibility moves, or move it to a duty of one of the teams."
        if shown.whole and shown.state is not None and shown.state.holder in last:
            yield trial.refuted(says, remedy, _place(trial, target), shown)
            break
        if not without:
            yield trial.unknown("a trace in which nobody holds the case could not be done again", _place(trial, target))
    away = trial.explore(within, goal=lambda state, _: not state.holder, directory=everybody_away(trial.directory))
    if away.found is not None:
        yield trial.unknown("with everybody away a state without a holder was met")


def _place(trial: Trial, target: str) -> tuple[str | int, ...]:
    if trial.pathway.find_step(target) is not None:
        return ("steps", target, "moves-responsibility-to")
    return ("obligations", target) if trial.pathway.find_obligation(target) is not None else ("accountable-at-opening",)
