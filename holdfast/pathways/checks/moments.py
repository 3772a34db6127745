"""Checks of moments: what an obligation waits for is marked by something."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.pathways.checks.examination import Examination
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import BeginShape, EffectsShape, EndpointShape, PathwayShape, StepShape

#: Moments that mark themselves in every case; a test holds this to what the core marks.
ENGINES_MOMENTS = frozenset(
    {
        "opened",
        "closed",
        "reopened",
        "window-ended",
        "tier-raised",
        "tier-lowered",
        "delivery-failed",
        "provisional",
        "override-used",
        "packet-completed",
        "offers-declined",
        "taken-up",
        "slot-offered",
        "slot-lapsed",
    }
)


def begins_in(shape: PathwayShape) -> Iterator[tuple[Path, BeginShape]]:
    """Each case that is begun from this one, with its place."""
    owners: list[tuple[Path, StepShape | EndpointShape | EffectsShape | None]] = []
    owners += ((("steps", id), step) for id, step in shape.steps.items())
    owners += ((("endpoints", id), endpoint) for id, endpoint in shape.endpoints.items())
    for id, owed in shape.obligations.items():
        path: Path = ("obligations", id)
        owners += (((*path, "when-opened"), owed.when_opened), ((*path, "when-met"), owed.when_met))
        owners += [((*path, "when-breached"), owed.when_breached)]
    for path, owner in owners:
        for place, one in enumerate(owner.begins if owner else ()):
            yield (*path, "begins", place), one


def marked(shape: PathwayShape) -> frozenset[str]:
    """Every moment that a step or an obligation marks, or that is heard of from another case."""
    moments = {name for step in shape.steps.values() for one in step.emits for name in (one.moment, one.otherwise)}
    for obligation in shape.obligations.values():
        for effects in (obligation.when_opened, obligation.when_met, obligation.when_breached):
            moments |= set(effects.emits if effects else ())
    moments |= {here for _, one in begins_in(shape) for here in one.hears.values()} | set(shape.hears_of.values())
    return frozenset(name for name in moments if name)


def check_moments(exam: Examination) -> None:
    """Moments in opens-on, met-by, climbs-on and states; those in conditions are checked with the conditions."""
    moments = marked(exam.shape) | ENGINES_MOMENTS
    for id, step in exam.shape.steps.items():
        for place, name in enumerate(step.clears):
            exam.known(("steps", id, "clears", place), name, moments, "moment")
    for id, one in exam.shape.obligations.items():
        path = ("obligations", id)
        for place, opening in enumerate(one.opens_on):
            several = (*path, "opens-on", place) in exam.source.lines
            where = (*path, "opens-on", place) if several else (*path, "opens-on")
            exam.known((*where, "moment"), opening.moment, moments, "moment")
            if opening.while_open is not None:
                exam.known((*where, "while-open"), opening.while_open, exam.shape.obligations, "obligation")
        for key, names in (("met-by", one.met_by), ("climbs-on", one.climbs_on)):
            for place, name in enumerate(names):
                exam.known((*path, key, place), name, moments, "moment")
        if not (one.met_by or one.records or one.done_when or one.task):
            exam.fault(
                path, f"Nothing can close '{id}'.", "Add met-by: a moment, or records: to fill in, or done-when."
            )
    for title, moment in exam.shape.states.items():
        exam.known(("states", title), moment, moments, "moment")
