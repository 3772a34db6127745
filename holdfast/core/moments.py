"""Moments: marking one meets promises, makes ladders climb, and opens what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.asks import Asked
from holdfast.core.beginnings import begin
from holdfast.core.commands import HearMoment
from holdfast.core.conditions import holds
from holdfast.core.ladders import climb
from holdfast.core.pathway import Effects, Emission, Obligation, Opening, Step
from holdfast.core.promises import TYPED_TO_THE_MINUTE, move_holder, open_promise
from holdfast.core.spans import elapsed
from holdfast.core.state import OPEN, Promise
from holdfast.core.work import Work


def mark(work: Work, moment: str, occurred: datetime, about: str = "") -> None:
    """Record the moment; then, in this order: meet what it meets, climb what climbs on it, open what it opens; and let the case
    that this one was begun from hear of it."""
    meets = work.pathway.met_by(moment)
    standing = {p.id for p in work.state.owed()} if meets else set()
    work.add(e.MomentMarked(moment, occurred, about))
    for spec in meets:
        _meet_all(work, spec, occurred, about, standing)
    for spec in work.pathway.climbing_on(moment):
        for promise in work.state.owed(spec.id):
            climb(work, promise, f"{moment}")
    if work.state.status == "open" or moment == "closed":
        for spec in work.pathway.opening_on(moment):
            if any(_opens(work, opening, moment) for opening in spec.opens):
                _open(work, spec, moment, occurred, about)
    if there := work.state.hears.get(moment):
        work.asks.append(Asked(work.state.origin, HearMoment(there, occurred, work.state.case)))


def _meet_all(work: Work, spec: Obligation, occurred: datetime, about: str, standing: set[str]) -> None:
    """Those that stood before the moment, and began before it happened. One of many only when the deed was about it."""
    for promise in [p for p in work.state.owed(spec.id) if p.id in standing]:
        if spec.many and about.startswith(spec.id + "#") and promise.id != about:
            continue
        if occurred >= promise.started - TYPED_TO_THE_MINUTE:
            meet(work, promise, occurred)


def _opens(work: Work, opening: Opening, moment: str) -> bool:
    if opening.moment != moment:
        return False
    so_far = work.state.moments[moment].count
    if opening.while_open:
        oldest = work.state.find_owed(opening.while_open)
        if oldest is None or (opening.nth and so_far - oldest.before.get(moment, 0) != opening.nth):
            return False
    elif opening.nth and so_far != opening.nth:
        return False
    return holds(opening.when, work.facts())


def _open(work: Work, spec: Obligation, moment: str, occurred: datetime, about: str) -> None:
    already = work.state.find_owed(spec.id)
    id = open_promise(work, spec, moment, occurred, about)
    if already is not None and not spec.many:
        return
    carry_out(work, spec.when_opened, occurred, id)
    if work.pathway.get_ladder(spec.ladder).rungs[0].at_once and work.state.promises[id].owed:
        climb(work, work.state.promises[id], "at once")


def meet(work: Work, promise: Promise, occurred: datetime, answers: Mapping[str, Answer] | None = None) -> None:
    """Close it with evidence: met, met late, or a breach annulled because it was done in time and written up later (CON-07)."""
    late_by = max(0, int((occurred - promise.due).total_seconds()))
    how = "met-late" if late_by else ("met" if promise.status == OPEN else "annulled")
    work.add(e.ObligationMet(promise.id, how, occurred, late_by, answers or {}))
    spec = work.pathway.find_obligation(promise.kind)
    if spec is None:
        return
    carry_out(work, spec.when_met, occurred, promise.id)
    open_next(work, spec, promise, occurred)


def open_next(work: Work, spec: Obligation, promise: Promise, done: datetime) -> None:
    """A cadence has its next one as soon as this one is met or signed off, counted from done or from due (CAD-01)."""
    if spec.every is not None and work.state.status == "open":
        _open(work, spec, promise.kind, done if spec.next_from == "done" else promise.due, "")


def carry_out(work: Work, effects: Effects, occurred: datetime, about: str) -> None:
    """The effects that a pathway hangs on a promise: responsibility moves first, then people are told, then moments, then other cases."""
    if effects.moves_to:
        move_holder(work, effects.moves_to, f"by {about}")
    for tell in effects.tells:
        work.tell(tell.who, tell.notice, about)
    for moment in effects.emits:
        mark(work, moment, occurred, about)
    begin(work, effects.begins)


def emit(work: Work, step: Step, answers: Mapping[str, Answer], about: str) -> None:
    """The moments a step marks, each judged on the answers just given and before any of them changed the case (CON-01)."""
    facts = work.facts(answers)
    marked: list[str] = []
    for emission in step.emits:
        if holds(emission.when, facts):
            marked.append(_which(work, emission, work.occurred))
        elif emission.otherwise and emission.apart is None:
            marked.append(emission.otherwise)
    for moment in filter(None, marked):
        mark(work, moment, work.occurred, about)


def _which(work: Work, emission: Emission, occurred: datetime) -> str:
    last = work.state.moments.get(emission.moment)
    if emission.apart is None or last is None:
        return emission.moment
    apart = elapsed(emission.apart)
    # Written up out of order, an attempt can lie near an earlier one than the last.
    too_close = apart is not None and min(abs(occurred - last.first), abs(occurred - last.last)) < apart
    return emission.otherwise if too_close else emission.moment
