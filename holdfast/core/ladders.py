"""Ladders: the next rung fires, tells a person, and arms its own next clock, for ever (ESC-01, HZ-03)."""

from __future__ import annotations

from datetime import datetime

from holdfast.core import events as e
from holdfast.core.calendars import due_at
from holdfast.core.parties import open_now
from holdfast.core.pathway import Ladder, Rung
from holdfast.core.promises import calendar_of
from holdfast.core.state import OPEN, Promise
from holdfast.core.who import OWNER, Resolved, is_meant
from holdfast.core.work import Work


def climb(work: Work, promise: Promise, because: str) -> None:
    """Fire the next rung now. The person behind it is resolved now; an empty target falls to the last resort with an alarm."""
    spec = work.pathway.get_obligation(promise.kind)
    ladder = work.pathway.get_ladder(spec.ladder)
    position = min(promise.rung, len(ladder.rungs) - 1)
    rung = ladder.rungs[position]
    told = _target(work, promise, rung)
    climbs = _next_climb(work, ladder, position, promise)
    rings = min(climbs, promise.due) if promise.status == OPEN else climbs
    work.add(
        e.RungFired(
            id=promise.id,
            rung=position if rung.every is None else promise.rung,
            turn=promise.turn + 1,
            told=told.staff,
            role=rung.tell,
            by=rung.by,
            notice=rung.notice,
            due=promise.climbs,
            noticed=work.now,
            late_by=max(0, int((work.now - promise.climbs).total_seconds())),
            climbs=climbs,
            clock=work.new_clock(),
            rings=rings,
            because=because,
            alarm=told.alarm,
        )
    )
    # A rung with a channel of its own goes out by both: a call that nobody makes must not be the only one (HZ-78).
    for by in dict.fromkeys(("", rung.by)):
        if rung.notice == "second-attempt":
            work.tell(rung.tell, rung.notice, promise.id, by)
        else:
            key = f"{work.state.case}.n{work.state.issued + 1}"
            work.add(e.NoticeIssued(key, f"staff:{told.staff}", rung.notice, promise.id, by))


def _target(work: Work, promise: Promise, rung: Rung) -> Resolved:
    who = rung.tell
    if rung.out_of_hours and not open_now(calendar_of(work, promise.owed_by), work.now):
        who = rung.out_of_hours
    return work.resolve(promise.owed_by if who == OWNER else who)


def was_called(work: Work, promise: Promise) -> bool:
    """Whether the actor stands now for somebody whom a rung that fired tells: what they were called about is theirs to answer."""
    spec = work.pathway.find_obligation(promise.kind)
    if spec is None or not promise.rung:
        return False
    rungs = work.pathway.get_ladder(spec.ladder).rungs[: promise.rung]
    roles = {who for rung in rungs for who in (rung.tell, rung.out_of_hours) if who} - {OWNER}
    return any(is_meant(work.actor, who, work.state, work.pathway, work.directory, work.now) for who in roles)


def _next_climb(work: Work, ladder: Ladder, position: int, promise: Promise) -> datetime:
    """When the rung after ``position`` fires: counted from now, so that whoever was told has the time the pathway gives them."""
    following = ladder.rungs[min(position + 1, len(ladder.rungs) - 1)]
    span = following.every if following.every is not None else following.after
    if span is None:
        return promise.due
    return due_at(span, work.now, calendar_of(work, promise.owed_by)).instant


def hold(work: Work, promise: Promise) -> None:
    """An acknowledgement holds the ladder for the pathway's short time; it never moves the due instant (BEY-03)."""
    spec = work.pathway.get_obligation(promise.kind)
    ladder = work.pathway.get_ladder(spec.ladder)
    climbs = due_at(ladder.holds, work.now, calendar_of(work, promise.owed_by)).instant
    rings = min(climbs, promise.due) if promise.status == OPEN else climbs
    work.add(e.LadderHeld(promise.id, work.actor, climbs, work.new_clock(), rings))
