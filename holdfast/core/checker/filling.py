"""P8: every step can be taken, every obligation can come to be owed, every gate can open: nothing waits for what never comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from holdfast.core.checker.cone import TooDeep, tests_of
from holdfast.core.checker.exploring import Explored, Goal, Seen
from holdfast.core.checker.key import owed_of
from holdfast.core.checker.moves import Move
from holdfast.core.checker.reduction import Slice
from holdfast.core.checker.replay import Replay
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import Finding
from holdfast.core.conditions import Condition, Test, holds, words
from holdfast.core.decide import Accepted
from holdfast.core.facts import facts_of
from holdfast.core.pathway import Gate, Pathway
from holdfast.core.state import State

Place = tuple[str | int, ...]


def check_filling(trial: Trial) -> Iterator[Finding]:
    yield from _asked_somewhere(trial)
    for gate in trial.pathway.gates:
        yield from _opens(trial, gate)
    for step in trial.pathway.steps:
        if ("step", step.id) not in trial.happened:
            yield from _taken(trial, step.id, step.title)
    for owed in trial.pathway.obligations:
        if ("owed", owed.id) not in trial.happened:
            yield from _owed(trial, owed.id, owed.owed)
    for moment in _waited_for(trial.pathway):
        if ("moment", moment) not in trial.happened:
            yield from _marked(trial, moment)


def _asked_somewhere(trial: Trial) -> Iterator[Finding]:
    """The question behind every fact that a condition reads is in the packet or in a form."""
    pathway = trial.pathway
    forms: set[str] = {f"answer.{field.id}" for fields in pathway.forms() for field in fields}
    forms |= {field.id for field in pathway.packet_fields()}
    known = (
        "moment.",
        "open.",
        "obligation.",
        "named.",
        "case.",
        "closing.",
        "packet.",
        "score.",
        "history.",
        "begun.",
    )
    for place, condition in _conditions(pathway):
        for test in tests_of(condition):
            if test.fact not in forms and not (test.fact.startswith(known) and not test.fact.startswith("answer.")):
                says = f"'{test.fact}' is read and nothing asks for it."
                yield trial.refuted(says, "Ask it in the packet or in a form.", place)


def _conditions(pathway: Pathway) -> Iterator[tuple[Place, Condition]]:
    yield from ((("gates", gate.id, "when"), gate.when) for gate in pathway.gates)
    yield from ((("tiers", number, "when"), tier.when) for number, tier in enumerate(pathway.tiers))
    for step in pathway.steps:
        yield ("steps", step.id, "only-when"), step.when
        yield from ((("steps", step.id, "emits", number), one.when) for number, one in enumerate(step.emits))
    for owed in pathway.obligations:
        yield from ((("obligations", owed.id, "opens-on"), opening.when) for opening in owed.opens)


def _opens(trial: Trial, gate: Gate) -> Iterator[Finding]:
    def open_(state: State, _: object) -> bool:
        return holds(gate.when, facts_of(state, trial.pathway, trial.directory))

    says = f"“{gate.says}” can never hold, so what needs it can never be done as it is meant."
    yield from _look(
        trial,
        ("gates", gate.id),
        says,
        words(gate.when),
        lambda held: trial.slice([gate.when], without=held),
        goal=open_,
    )


def _taken(trial: Trial, id: str, title: str) -> Iterator[Finding]:
    def taken(state: State, move: Move, decision: Accepted) -> bool:
        return move.deed == "step" and move.target == id

    step = trial.pathway.find_step(id)
    waits = words(step.when) if step is not None else ""
    says = f"The step “{title}” can never be taken."
    yield from _look(trial, ("steps", id), says, waits, lambda held: trial.slice(steps=[id], without=held), seen=taken)


def _owed(trial: Trial, id: str, title: str) -> Iterator[Finding]:
    says = f"“{title}” never comes to be owed."
    waits = ", ".join(opening.moment for opening in trial.pathway.get_obligation(id).opens)
    yield from _look(
        trial,
        ("obligations", id),
        says,
        waits,
        lambda held: trial.slice(kinds=[id], without=held),
        goal=lambda s, _: bool(owed_of(s, id)),
    )


def _waited_for(pathway: Pathway) -> Iterable[str]:
    """Moments of the file's own that something waits for."""
    own = {one for step in pathway.steps for emission in step.emits for one in (emission.moment, emission.otherwise)}
    waited = {moment for owed in pathway.obligations for moment in owed.met_by}
    return sorted(own & waited)


def _marked(trial: Trial, moment: str) -> Iterator[Finding]:
    says = f"'{moment}' never happens, and obligations wait for it."
    test = Test(f"moment.{moment}", "known")
    yield from _look(
        trial,
        ("obligations",),
        says,
        moment,
        lambda held: trial.slice([test], without=held),
        goal=lambda s, _: moment in s.moments,
    )


def _look(
    trial: Trial,
    place: Place,
    says: str,
    waits: str,
    within: Callable[[frozenset[str]], Slice],
    goal: Goal | None = None,
    seen: Seen | None = None,
) -> Iterator[Finding]:
    """Somewhere it comes about, and it does so on the whole pathway; or nowhere, and that is a fault."""
    shown: Replay | None = None
    for held_open in dict.fromkeys((trial.at_will(), frozenset[str]())):
        try:
            found = _find(trial, within(held_open), goal, seen)
        except TooDeep as deep:
            yield trial.unknown(str(deep), place)
            return
        if found.found is None:
            ending = f"Whatever is done after that, it stays as it is: it waits for {waits}."
            yield trial.refuted(says, "Let something bring it about, or take it out.", place, trial.replay(()), ending)
            return
        way = found.path_to(found.found)
        shown = trial.replay(way)
        if not shown.whole:
            shown = _by_another_end(trial, way) or shown
        if shown.whole or any(move.deed == "outside" for move in way):
            return
    why = shown.ended_as if shown is not None else ""
    yield trial.unknown(f"a way to it could not be done again on the whole pathway: {why}", place)


def _by_another_end(trial: Trial, way: tuple[Move, ...]) -> Replay | None:
    """What comes after a closing, done again after an end that is known to be reached."""
    ends = [place for place, move in enumerate(way) if move.deed == "close"]
    for before in sorted(trial.ways_to_an_end, key=len) if ends else ():
        shown = trial.replay((*before, *way[ends[0] + 1 :]))
        if shown.whole:
            return shown
    return None


def _find(trial: Trial, within: Slice, goal: Goal | None, seen: Seen | None) -> Explored:
    found = trial.explore(within, goal, seen, waiving=False, outside=False)
    return found if found.found is not None else trial.explore(within, goal, seen)
