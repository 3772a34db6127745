"""The people of an invented network in which a pathway is tried: somebody for each duty, a second beside them, a last resort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from holdfast.core.calendars import Calendar
from holdfast.core.parties import Absence, Directory, Organisation, Staff, Team
from holdfast.core.pathway import Field, Pathway

#: When every trial begins. Time is abstracted away: nothing depends on which day it is.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: Further away than any clock of a trial.
FAR = START + timedelta(days=3000)
#: When a promise began, and when it fell due if that is past.
BEFORE, LATE = START - timedelta(days=2), START - timedelta(hours=1)
LAST_RESORT = "last-resort"
_CALENDAR = Calendar.always_open("UTC")


def network(pathway: Pathway) -> Directory:
    """Each party has a team and another that could take its place, in an organisation of its own; everybody is at work."""
    teams: dict[str, Team] = {}
    organisations: dict[str, Organisation] = {}
    staff: dict[str, Staff] = {}
    for party in pathway.parties:
        house = f"{party.id}.house"
        organisations[house] = Organisation(house, house, f"{party.id}.{LAST_RESORT}")
        _hire(staff, f"{party.id}.{LAST_RESORT}", house, house, "director")
        for team in (party.id, f"{party.id}.other"):
            teams[team] = Team(team, team, house, _CALENDAR)
            for duty, role in party.duties.items():
                _hire(staff, f"{team}.{duty}", house, team, role)
                _hire(staff, f"{team}.{duty}.2", house, team, role)
    _hire_named(pathway, staff)
    return Directory(1, organisations, teams, staff)


def everybody_away(directory: Directory) -> Directory:
    """The same network with nobody there but the last resorts."""
    last = {organisation.last_resort for organisation in directory.organisations.values()}
    absences = tuple(Absence(id, START - timedelta(days=1), FAR) for id in directory.staff if id not in last)
    return replace(directory, absences=absences, absent={one.staff: (one,) for one in absences})


def parties_of(staff: str, directory: Directory, pathway: Pathway) -> frozenset[str]:
    """The parties whose teams or house the person belongs to; those named besides belong to none."""
    places = {place for place, _ in directory.staff[staff].roles}
    return frozenset(p.id for p in pathway.parties if places & {p.id, f"{p.id}.other", f"{p.id}.house"})


def _hire_named(pathway: Pathway, staff: dict[str, Staff]) -> None:
    """Who is named besides, or chosen in a form, may come from anywhere: they work in no team of the case."""
    known = {role for one in staff.values() for _, role in one.roles}
    for named in pathway.named:
        _hire(staff, f"named.{named.id}", _first_house(pathway), "elsewhere", named.role)
        _hire(staff, f"by-day.{named.id}", _first_house(pathway), "elsewhere", named.role, night="")
        known.add(named.role)
    for field in _fields(pathway):
        if field.kind == "staff" and field.role and field.role not in known:
            known.add(field.role)
            _hire(staff, f"role.{field.role}", _first_house(pathway), "elsewhere", field.role)


def _fields(pathway: Pathway) -> Iterator[Field]:
    return chain(pathway.packet_fields(), chain.from_iterable(pathway.forms()))


def _first_house(pathway: Pathway) -> str:
    return f"{pathway.parties[0].id}.house"


def _hire(staff: dict[str, Staff], id: str, house: str, place: str, role: str, night: str = "phone") -> None:
    roles = staff[id].roles if id in staff else frozenset()
    staff[id] = Staff(id, id, house, roles | {(place, role)}, day="phone", night=night)
