"""P5: what the receiver must say, no silence, no absence and no sender alone can say for them (REC-01, OWN-02)."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core import events as e
from holdfast.core.checker.cone import TooDeep, heard, tests_of
from holdfast.core.checker.exploring import Explored, moves_of
from holdfast.core.checker.moves import Move, Staff, perform
from holdfast.core.checker.people import parties_of
from holdfast.core.checker.replay import Replay
from holdfast.core.checker.story import tell
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import QUESTIONED, Finding
from holdfast.core.conditions import Any as Either
from holdfast.core.conditions import Test, holds
from holdfast.core.decide import Accepted
from holdfast.core.facts import facts_of
from holdfast.core.pathway import Gate
from holdfast.core.state import State
from holdfast.core.who import HOLDER


def check_speaking(trial: Trial) -> Iterator[Finding]:
    sender = trial.pathway.holder_at_opening.partition(".")[0]
    for party in trial.pathway.parties:
        if party.id != sender:
            yield from _not_handed_over_in_silence(trial, party.id)
            for gate in trial.pathway.gates:
                if gate.supplied_by.partition(".")[0] == party.id:
                    yield from _said_by(trial, gate, party.id)


def _not_of(trial: Trial, party: str, staff: str) -> bool:
    return party not in parties_of(staff, trial.directory, trial.pathway)


def _not_handed_over_in_silence(trial: Trial, party: str) -> Iterator[Finding]:
    """While nobody of the party does anything, responsibility never comes to them."""

    def others(staff: str) -> bool:
        return _not_of(trial, party, staff)

    def arrives(state: State, move: Move, decision: Accepted) -> bool:
        moved = [event for event in decision.events if isinstance(event, e.HolderMoved)]
        return move.target not in heard(trial.pathway) and any(not others(event.to) for event in moved)

    for without in trial.gates_held_open():
        found = trial.explore(trial.slice(holder=True, without=without), seen=arrives, may=others)
        if found.found is None:
            return
        shown = trial.replay(found.path_to(found.found), may=others)
        last = shown.played[-1].move.target
        place = ("steps", last) if trial.pathway.find_step(last) else ("obligations", last)
        if shown.whole and shown.state is not None and not others(shown.state.holder):
            says = "Responsibility comes to the receiver although nobody there has said a word."
            remedy = "Let only the receiver take the step that moves responsibility to them."
            yield trial.refuted(says, remedy, place, shown)
            return
    else:
        yield trial.unknown("a handing over in silence could not be done again on the whole pathway", place)


def _said_by(trial: Trial, gate: Gate, party: str) -> Iterator[Finding]:
    place = ("gates", gate.id)
    tests = [test for test in tests_of(gate.when) if not test.fact.startswith(("open.", "obligation."))]
    if not tests:
        return  # Nothing is owed: no word of anybody, and P3 shows that no clock settles it by itself.
    if gate.override != "never" and any(gate.id in endpoint.needs for endpoint in trial.pathway.endpoints):
        says = f"“{gate.says}” is the receiver's to say, and a supervisor of the sender can sign it off."
        yield Finding(trial.asking, QUESTIONED, says, "Write override: never, or say under meant why.", place)
    shown = trial.replay(())
    if shown.state is not None and holds(gate.when, facts_of(shown.state, trial.pathway, trial.directory)):
        says = f"“{gate.says}” holds from the opening, before the receiver has said anything."
        remedy = "Ask for something that only the receiver can bring about."
        if all(test.fact.startswith("moment.") for test in tests):
            yield trial.refuted(says, remedy, place, shown)
        else:
            yield Finding(trial.asking, QUESTIONED, says, remedy, place, tell(trial.pathway, shown, says))
        return
    moments = {test.fact.removeprefix("moment.") for test in tests if test.fact.startswith("moment.")}
    for moment in sorted(moments):
        yield from _marked_by(trial, gate, moment, party)
    if not moments:
        yield from _filled_by_others(trial, gate, party)


def _marked_by(trial: Trial, gate: Gate, moment: str, party: str) -> Iterator[Finding]:
    """Nobody else, and no clock, brings about the moment that the gate waits for: not from the opening on, and not later."""
    place = ("gates", gate.id)

    def others(staff: str) -> bool:
        return _not_of(trial, party, staff)

    try:
        alone = _way(trial, moment, others, others)
        later = alone or _way(trial, moment, lambda staff: True, others)
    except TooDeep as deep:
        yield trial.unknown(str(deep), place)
        return
    if later is None:
        return
    way, whole = later
    if not whole:
        yield trial.unknown(f"whether “{gate.says}” can come about without the receiver", place)
        return
    shown = trial.replay(way, others if alone else lambda staff: True, others)
    remedy = _whose(trial, gate, party, shown)
    step = trial.pathway.find_step(way[-1].target)
    as_holder = step is not None and HOLDER in step.by
    if (alone and not as_holder) or way[-1].deed == "run-out":
        says = f"“{gate.says}” is the receiver's to say, and it comes about without them."
        yield trial.refuted(says, remedy, place, shown)
    else:
        # Whoever holds the case may have to say it: that is a question for people, not a fault by itself.
        says = f"“{gate.says}” is the receiver's to say, and others can say it for them."
        yield Finding(trial.asking, QUESTIONED, says, remedy, place, tell(trial.pathway, shown, says))


def _whose(trial: Trial, gate: Gate, party: str, shown: Replay) -> str:
    """What to do about a gate that others open: another receiver has a gate of their own; the sender is not to speak for anybody."""
    actor = shown.played[-1].actor
    sender = trial.pathway.holder_at_opening.partition(".")[0]
    speaking = parties_of(actor, trial.directory, trial.pathway) if actor in trial.directory.staff else frozenset[str]()
    if not speaking - {party, sender}:
        return "Let only the receiver do it; or, if others may, say so in supplied-by."
    if isinstance(gate.when, Either):
        return "Two receivers can say it, and one is enough: write supplied-by: holder."
    return "Two receivers say it: write a gate for each, each supplied-by its own team, and name both under needs."


def _way(trial: Trial, moment: str, may: Staff, last_may: Staff) -> tuple[tuple[Move, ...], bool] | None:
    """How people who ``may`` act come to where others bring the moment about, and whether it was done again on the whole.

    First with the sender as the holder throughout, which allows more than there is; only where that misleads, as it is."""
    way: tuple[Move, ...] | None = None
    tries = [(False, without) for without in trial.gates_held_open()] + [
        (True, trial.at_will()),
        (True, frozenset[str]()),
    ]
    for holder, without in tries:
        within = trial.slice([Test(f"moment.{moment}", "known")], holder=holder, without=without)
        found = trial.explore(within, may=may, outside=False)
        moves = [m for m in moves_of(within) if m.deed in ("step", "run-out", "meet", "waive")]
        way = next(_leading(trial, found, moves, moment, last_may), None)
        if way is None:
            return None
        shown = trial.replay(way, may, last_may)
        if shown.whole and _marks(shown.played[-1].decision, moment):
            return way, True
    return (way, False) if way is not None else None


def _leading(trial: Trial, found: Explored, moves: list[Move], moment: str, may: Staff) -> Iterator[tuple[Move, ...]]:
    for key, node in found.nodes.items():
        for move in moves:
            done = perform(found.within.small, trial.directory, node.state, move, may)
            if done is not None and _marks(done[0], moment):
                yield (*found.path_to(key), move)


def _marks(decision: object, moment: str) -> bool:
    return isinstance(decision, Accepted) and any(
        isinstance(event, e.MomentMarked) and event.moment == moment for event in decision.events
    )


def _filled_by_others(trial: Trial, gate: Gate, party: str) -> Iterator[Finding]:
    """A gate on answers: the others alone, from the opening on, cannot give them."""

    def others(staff: str) -> bool:
        return _not_of(trial, party, staff)

    def open_(state: State, _: object) -> bool:
        return holds(gate.when, facts_of(state, trial.pathway, trial.directory))

    found = trial.explore(trial.slice([gate.when]), goal=open_, may=others, outside=False)
    if found.found is None:
        return
    shown = trial.replay(found.path_to(found.found), may=others)
    if shown.whole:
        says = f"“{gate.says}” is the receiver's to say, and the others can fill it in without them."
        remedy = "Ask it in a step of the receiver, or say in supplied-by who gives it."
        yield Finding(trial.asking, QUESTIONED, says, remedy, ("gates", gate.id), tell(trial.pathway, shown, says))
    else:
        yield trial.unknown(f"whether “{gate.says}” can be filled in without the receiver", ("gates", gate.id))
