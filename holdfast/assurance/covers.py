"""Cover that is about to end, with whoever should look at it: the absent person's supervisor, a day ahead (OWN-04, OWN-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.core.access import Viewer, concerned_places, may_do_admin
from holdfast.core.parties import Absence, Directory

#: So long before the end somebody is told.
AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ending:
    """``ends`` is when ``cover`` stands in for ``staff`` no longer; ``returns`` says whether ``staff`` is back by then. ``team``
    is one of the absent person's, and ``owner`` its supervisor, or the last resort."""

    staff: str
    cover: str
    ends: datetime
    returns: bool
    team: str
    owner: str


def covers_ending(directory: Directory, now: datetime, ahead: timedelta = AHEAD) -> list[Ending]:
    """Every cover that ends within ``ahead``: the absence is over, or whoever covers goes away themself; the soonest first."""
    found = []
    for absence in directory.absences:
        if not absence.cover or not absence.start <= now < absence.end:
            continue
        ends = _ends(absence, directory)
        if now < ends <= now + ahead:
            found.append(_ending(absence, ends, directory, now))
    return sorted((one for one in found if one is not None), key=lambda one: (one.ends, one.staff))


def endings_for(viewer: Viewer, directory: Directory, now: datetime) -> list[Ending]:
    """Those of the teams whose cases the viewer may see, and of the organisations that they administer."""
    places = concerned_places(viewer, directory)
    return [
        one
        for one in covers_ending(directory, now)
        if one.team in places or may_do_admin(viewer, directory, directory.teams[one.team].organisation)
    ]


def _ends(absence: Absence, directory: Directory) -> datetime:
    away = [a.start for a in directory.absent.get(absence.cover, ()) if a.end > absence.start]
    return min([absence.end, *away])


def _ending(absence: Absence, ends: datetime, directory: Directory, now: datetime) -> Ending | None:
    person = directory.staff[absence.staff]
    teams = sorted(place for place, _ in person.roles if place in directory.teams)
    if not teams:
        return None
    supervisors = ((team, directory.on_duty(team, "supervisor", now)) for team in teams)
    team, owner = next(((t, who) for t, who in supervisors if who and who != person.id), (teams[0], None))
    owner = owner or directory.last_resort(team)
    return Ending(person.id, absence.cover, ends, ends == absence.end, team, owner)
