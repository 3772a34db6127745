"""P7: an emergency deed that anybody of the case can do at once, in every open state, and in two steps in a closed one (HZ-48)."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core.checker.moves import Move, perform
from holdfast.core.checker.reduction import Slice
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import Finding
from holdfast.core.conditions import ALWAYS, NEVER, words
from holdfast.core.decide import Accepted
from holdfast.core.pathway import Step
from holdfast.core.state import State
from holdfast.core.who import ANYONE, concerns


def check_emergency(trial: Trial) -> Iterator[Finding]:
    """A case that is about no person needs none; where it has one, that is held to the same."""
    urgent = [step for step in trial.pathway.steps if step.urgent]
    if not urgent and trial.pathway.subject != "person":
        return
    if not urgent:
        shown = trial.replay(())
        ending = "Somebody is in danger now, and no step is there for it."
        says = "There is no step for an emergency."
        yield trial.refuted(says, "Add a step with urgent: yes, by: [anyone] and no gates.", ("steps",), shown, ending)
        return
    troubles = [list(_troubles(trial, step)) for step in urgent]
    if all(troubles):
        yield from troubles[0]


def _troubles(trial: Trial, step: Step) -> Iterator[Finding]:
    place = ("steps", step.id)
    shown = trial.replay(())
    title = f"“{step.title}”"
    if step.needs or step.when != ALWAYS or step.about:
        why = f"gates {', '.join(step.needs)}" if step.needs else words(step.when) if not step.about else step.about
        ending = f"Somebody is in danger now, and {title} is held up by: {why}."
        yield trial.refuted(
            f"{title} is not possible at once in every state.", "Take the condition out.", place, shown, ending
        )
    elif ANYONE not in step.by:
        ending = f"Somebody not among {', '.join(step.by)} sees the danger and cannot record it."
        yield trial.refuted(
            f"{title} is not open to everybody of the case.", "Write by: [anyone].", place, shown, ending
        )
    elif any(field.needed != NEVER for field in step.records):
        ending = f"{title} asks questions before it lets anybody act."
        yield trial.refuted(
            f"{title} asks questions first.", "Write needed-when: never for each.", place, shown, ending
        )
    else:
        yield from _tried(trial, step)


def _tried(trial: Trial, step: Step) -> Iterator[Finding]:
    """On the engine: by each person of the case, in each state of the step's slice; after a reopening where it is closed."""
    within = trial.slice(steps=[step.id])
    for node in trial.explore(within).nodes.values():
        for staff in trial.directory.staff:
            if concerns(staff, node.state, trial.directory) and not _possible(trial, within, step, node.state, staff):
                yield trial.unknown(f"“{step.title}” was refused to {staff}", ("steps", step.id))
                return
    shown = trial.replay([Move("step", step.id)])
    if not shown.whole:
        yield trial.unknown(f"“{step.title}” was refused on the whole pathway", ("steps", step.id))


def _possible(trial: Trial, within: Slice, step: Step, state: State, staff: str) -> bool:
    def only(one: str) -> bool:
        return one == staff

    if state.status != "open":
        again = perform(within.small, trial.directory, state, Move("reopen"), only)
        if again is None or not isinstance(again[0], Accepted):
            return False
        state = again[0].state
    done = perform(within.small, trial.directory, state, Move("step", step.id), only)
    return done is not None and isinstance(done[0], Accepted)
