"""Rows of the read models, made from a case's state and its events: the same code writes them live and at rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from holdfast.core import events as e
from holdfast.core.pathway import Pathway
from holdfast.core.state import Promise, State

Row = tuple[Any, ...]


def case_row(state: State, pathway: Pathway) -> Row:
    return (
        state.case,
        state.subject,
        state.pathway,
        state.edition,
        state.status,
        state.tier,
        pathway.tier_rank(state.tier),
        state.holder,
        stage_of(state, pathway),
        state.endpoint,
        state.opened,
        state.window_ends,
        state.next_ring(),
    )


def stage_of(state: State, pathway: Pathway) -> str:
    """The last of the pathway's dated states that has its own evidence (REC-10); ``drafted`` before the first."""
    reached = [label for label, moment in pathway.states.items() if moment in state.moments]
    return reached[-1] if reached else "drafted"


def part_rows(state: State) -> set[Row]:
    """Who is concerned: the teams, and the people named in the case or holding it."""
    concerned = {*state.teams(), state.holder, *state.named.values(), *state.duties.values()}
    return {(state.case, who, state.status, state.opened) for who in concerned if who}


def promise_row(state: State, pathway: Pathway, promise: Promise) -> Row:
    spec = pathway.find_obligation(promise.kind)
    return (
        state.case,
        promise.id,
        promise.kind,
        promise.status,
        promise.owner,
        state.parties.get(promise.owed_by.partition(".")[0], ""),
        promise.due,
        promise.rings,
        promise.rung,
        pathway.tier_rank(state.tier),
        promise.started_by,
        bool(spec and spec.task),
    )


def promise_rows(state: State | None, pathway: Pathway) -> Mapping[str, Row]:
    if state is None:
        return {}
    return {promise.id: promise_row(state, pathway, promise) for promise in state.promises.values()}


def called_rows(case: str, events: Iterable[e.Event]) -> list[Row]:
    """Whom the ladders of one entry called, each person once for each promise: the last call counts."""
    fired = {(event.id, event.told): event for event in events if isinstance(event, e.RungFired)}
    return [(case, id, told, f.role, f.because[:200], f.noticed) for (id, told), f in fired.items()]


def settled(was: State | None, now: State) -> list[str]:
    """The promises that somebody was called about and that nobody owes any more."""
    before = was.promises.values() if was is not None else ()
    return [p.id for p in before if p.owed and p.turn and not now.promises[p.id].owed]


def exception_rows(state: State, pathway: Pathway, entry: int, at: datetime, events: Iterable[e.Event]) -> list[Row]:
    """What governance looks at, from the events of one entry."""
    rank = pathway.tier_rank(state.tier)
    found = []
    for place, event in enumerate(events):
        named = _exception(event)
        if named is not None:
            found.append((state.case, entry, place, *named, at, rank))
    return found


def _exception(event: e.Event) -> tuple[str, str] | None:
    match event:
        case e.ObligationBreached(id=id):
            return "breach", id
        case e.GateOverridden(step=step):
            return "override", step
        case e.OverrideAsked(step=step):
            return "override-asked", step
        case e.NoticeFailed(code=code):
            return "not-delivered", code[:100]
        case e.StepTaken(step=step, late=True):
            return "late-record", step
        case e.RungFired(alarm=alarm, id=id) if alarm:
            return "empty-target", id
        case e.ObligationOpened(alarm=alarm, id=id) if alarm:
            return "empty-target", id
        case e.CaseClosed(endpoint=endpoint, as_asked=False):
            return "another-endpoint", endpoint
        case e.AskDropped(what=what):
            return "not-asked", what[:100]
        case e.CaseReopened():
            return "reopened", ""
    return None
