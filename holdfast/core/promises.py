"""Promises: opened with a clock, re-timed, met, waived, stopped."""

from __future__ import annotations

from datetime import datetime, timedelta

from holdfast.core import events as e
from holdfast.core.answers import instant_of
from holdfast.core.calendars import Calendar, CalendarExpired, Due, due_at
from holdfast.core.pathway import DueRule, Obligation
from holdfast.core.refusals import Refusal
from holdfast.core.spans import Span
from holdfast.core.state import OPEN, Promise
from holdfast.core.work import SYSTEM, Refused, Work

#: A time typed to the minute may lie this much before the instant that started a clock.
TYPED_TO_THE_MINUTE = timedelta(seconds=60)


def open_promise(
    work: Work,
    spec: Obligation,
    started_by: str,
    started: datetime,
    about: str = "",
    counts_from: datetime | None = None,
) -> str:
    """Open one and arm its clock. Returns its id, or the id of the open one where only one may be open."""
    if not spec.many:
        standing = work.state.find_owed(spec.id)
        if standing is not None:
            return standing.id
    number = sum(1 for p in work.state.promises.values() if p.kind == spec.id) + 1
    id = f"{spec.id}#{number}"
    owner = work.resolve(spec.owed_by)
    counts_from = counts_from or _instant(work, spec.due.fact)
    due = due_of(work, spec, started, counts_from)
    first = work.pathway.get_ladder(spec.ladder).rungs[0]
    climbs = work.now if first.at_once else due.instant
    work.add(
        e.ObligationOpened(
            id=id,
            kind=spec.id,
            owed_by=spec.owed_by,
            owner=owner.staff,
            started_by=started_by,
            started=started,
            due=due.instant,
            rule=due.rule,
            zone=due.zone,
            calendar=due.calendar_digest,
            climbs=climbs,
            clock=work.new_clock(),
            rings=min(climbs, due.instant),
            tier=work.state.tier,
            about=about,
            survives_close=spec.survives_close,
            alarm=owner.alarm,
            counts_from=counts_from,
            before=_came_before(work, spec),
            opened_by=work.actor if spec.id == work.pathway.sign_off else "",
        )
    )
    return id


def _came_before(work: Work, spec: Obligation) -> dict[str, int]:
    counted = (o.moment for other in work.pathway.obligations for o in other.opens if o.while_open == spec.id)
    return {moment: work.state.moments[moment].count for moment in counted if moment in work.state.moments}


def due_of(work: Work, spec: Obligation, started: datetime, counts_from: datetime | None) -> Due:
    """When ``spec`` is due by the case's tier and the zone of the team that owes (CON-02, CON-03)."""
    calendar = calendar_of(work, spec.owed_by)
    tier = work.state.tier
    rule = spec.due
    if counts_from is not None:
        return _from_fact(work, rule, counts_from, calendar)
    return _span_due(work, rule.spans[tier], started, calendar)


def _span_due(work: Work, span: Span, started: datetime, calendar: Calendar) -> Due:
    """A person is refused loudly when the calendar ran out; a clock that fires goes on in real time, which is never later."""
    try:
        return due_at(span, started, calendar)
    except CalendarExpired as error:
        if work.actor != SYSTEM:
            raise Refused(Refusal("calendar_expired", str(error))) from error
        hours = span.amount if span.kind == "service-hours" else 24 * span.amount
        due = due_at(Span("hours", hours), started, calendar)
        return Due(
            due.instant, f"{due.rule}, as the calendar of service hours has run out", due.zone, due.calendar_digest
        )


def _instant(work: Work, fact: str) -> datetime | None:
    return instant_of(work.facts()(fact)) if fact else None


def _from_fact(work: Work, rule: DueRule, at: datetime, calendar: Calendar) -> Due:
    offset = rule.offset.get(work.state.tier)
    if offset is None:
        return Due(at, f"at the time given for {rule.fact}", calendar.zone, calendar.digest)
    later = _span_due(work, offset, at, calendar)
    if not rule.before:
        return Due(later.instant, f"{later.rule} the time given for {rule.fact}", calendar.zone, calendar.digest)
    words = f"{offset.text} before the time given for {rule.fact}"
    return Due(at - (later.instant - at), words, calendar.zone, calendar.digest)


def calendar_of(work: Work, owed_by: str) -> Calendar:
    """The calendar of the team that owes: hours and noon follow its zone."""
    party = owed_by.partition(".")[0]
    team = work.state.parties.get(party) or _team_of(work, work.resolve(owed_by).staff)
    return work.directory.teams[team].calendar


def _team_of(work: Work, staff: str) -> str:
    teams = [work.state.parties[party.id] for party in work.pathway.parties if party.id in work.state.parties]
    return next((team for team in teams if work.directory.in_team(staff, team)), teams[0])


def move_holder(work: Work, who: str, why: str) -> None:
    """Responsibility moves to the person behind ``who``; nothing happens if they hold it already."""
    to = work.resolve(who)
    if to.staff != work.state.holder:
        work.add(e.HolderMoved(to.staff, work.state.holder, f"{why} ({to.alarm})" if to.alarm else why))
    reown(work, why)


def reown(work: Work, why: str) -> None:
    """Each open promise belongs to the person who now stands behind its duty."""
    for promise in work.state.owed():
        owner = work.resolve(promise.owed_by)
        if owner.staff != promise.owner:
            work.add(e.OwnerMoved(promise.id, owner.staff, promise.owner, why))


def retime(work: Work, promise: Promise, because: str, only_sooner: bool) -> None:
    """Put an open promise under its rule as it reads now. A breached one keeps its ladder."""
    spec = work.pathway.find_obligation(promise.kind)
    if spec is None or promise.status != OPEN:
        return
    # An answer belongs to its own promise: a later appointment must not move the clock of an earlier one.
    own = spec.due.fact.startswith("answer.")
    due = due_of(work, spec, promise.started, promise.counts_from if own else _instant(work, spec.due.fact))
    if due.instant == promise.due or (only_sooner and due.instant > promise.due):
        return
    climbs = due.instant if promise.rung == 0 else promise.climbs
    rings = min(climbs, due.instant)
    work.add(
        e.ObligationRetimed(
            promise.id, due.instant, due.rule, climbs, work.new_clock(), rings, work.state.tier, because
        )
    )


def stop_all(work: Work, because: str) -> None:
    """Stop every promise that does not outlive the case."""
    for promise in work.state.owed():
        if not promise.survives_close:
            work.add(e.ObligationStopped(promise.id, because))
