"""Gaps in a roster, found before they come: when nobody would answer for a duty, or nobody who can be reached (BEY-03, HZ-16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from holdfast.core.calendars import CalendarExpired
from holdfast.core.parties import Directory, Staff, Team, open_now
from holdfast.core.pathway import Pathway

#: How far ahead one looks.
AHEAD = timedelta(days=14)
NOBODY, NO_MAIL, NO_DAY, NO_NIGHT = "nobody", "no-mail", "no-day", "no-night"


@dataclass(frozen=True, slots=True)
class Gap:
    """From when until when (UTC) nobody answers for ``role`` in ``team``; or ``staff`` would, and has no route for it (``why``)."""

    team: str
    role: str
    start: datetime
    end: datetime
    why: str
    staff: str = ""


def needed_duties(pathway: Pathway) -> dict[str, frozenset[str]]:
    """The roles that each party's team must have somebody for: those that ladders call, that owe something, or that hold the case."""
    called = {rung.tell for ladder in pathway.ladders for rung in ladder.rungs}
    called |= {rung.out_of_hours for ladder in pathway.ladders for rung in ladder.rungs}
    called |= {owed.owed_by for owed in pathway.obligations}
    return {party.id: frozenset(_roles(party.id, party.duties, called)) for party in pathway.parties}


def _roles(party: str, duties: Mapping[str, str], called: Iterable[str]) -> Iterable[str]:
    """A case's own holder is a person by name, not a place on a roster."""
    for who in called:
        of, _, duty = who.partition(".")
        if of == party and duty and duty != "holder":
            yield duties.get(duty, duty)


def find_gaps(directory: Directory, team: str, role: str, now: datetime, ahead: timedelta = AHEAD) -> list[Gap]:
    """The gaps in the time to come, those that touch each other as one. Between two changes (an absence, a shift's end) nothing changes."""
    known = directory.teams.get(team)
    if known is None:
        return []
    found: list[Gap] = []
    edges = _edges(directory, known, now, now + ahead)
    for start, end in pairwise(edges):
        gap = _gap(directory, known, role, start, end)
        last = found[-1] if found else None
        if gap is None:
            continue
        if last is not None and (last.why, last.staff, last.end) == (gap.why, gap.staff, gap.start):
            found[-1] = Gap(team, role, last.start, gap.end, gap.why, gap.staff)
        else:
            found.append(gap)
    return found


def _gap(directory: Directory, team: Team, role: str, start: datetime, end: datetime) -> Gap | None:
    staff = directory.on_duty(team.id, role, start)
    if staff is None:
        return Gap(team.id, role, start, end, NOBODY)
    why = _unreachable(directory.staff[staff], open_now(team.calendar, start))
    return Gap(team.id, role, start, end, why, staff) if why else None


def _unreachable(person: Staff, is_open: bool) -> str:
    if not person.email:
        return NO_MAIL
    if is_open:
        return "" if person.day or person.night else NO_DAY
    return "" if person.night else NO_NIGHT


def _edges(directory: Directory, team: Team, now: datetime, end: datetime) -> list[datetime]:
    """Every instant at which somebody else may answer."""
    edges = {now, end}
    for duty in team.duties:
        edges |= {at for at in (duty.start, duty.until) if at is not None and now < at < end}
    for absence in directory.absences:
        edges |= {at for at in (absence.start, absence.end) if now < at < end}
    try:
        hours = team.calendar.open_intervals(now, end)
    except CalendarExpired:
        hours = ()
    for opening in hours:
        edges |= {at for at in (opening.opens, opening.closes) if now < at < end}
    return sorted(edges)
