"""What must hold across the whole directory before a change of it is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfast.core.access import ORGANISATION_ROLES
from holdfast.core.parties import Absence, Organisation, Staff, Team
from holdfast.core.services import Contact, Service
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import ORGANISATION, STAFF, TEAM, Item, Route, item_from_plain

Change = tuple[str, str, Mapping[str, Any] | None]


@dataclass(slots=True)
class _Whole:
    organisations: dict[str, Organisation] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    contacts: dict[str, Contact] = field(default_factory=dict)

    def active(self, id: str) -> Staff | None:
        person = self.staff.get(id)
        return person if person is not None and person.active else None

    def place(self, id: str) -> str:
        known = self.teams.get(id) or self.organisations.get(id)
        return known.name if known is not None else id


def check(items: Iterable[Item], at: datetime | None = None) -> list[str]:
    """Every fault of a whole directory, in sentences; empty when it can stand. With ``at``, absences that are over pass."""
    whole, faults = _Whole(), []
    for kind, ref, body in items:
        try:
            value = item_from_plain(kind, ref, body)
        except DirectoryFault as fault:
            faults.append(fault.says)
            continue
        match value:
            case Organisation():
                whole.organisations[value.id] = value
            case Team():
                whole.teams[value.id] = value
            case Staff():
                whole.staff[value.id] = value
            case Absence():
                if at is None or value.end > at:
                    whole.absences.append(value)
            case Route():
                whole.routes.append(value)
            case Service():
                whole.services.append(value)
            case Contact():
                whole.contacts[value.id] = value
    for part in (_organisations, _teams, _staff, _absences, _routes, _services, _contacts):
        faults.extend(part(whole))
    return faults


def check_changes(before: Iterable[Item], changes: Iterable[Change], at: datetime | None = None) -> list[str]:
    """The faults that ``before`` would have after ``changes`` (no body takes an entry out).

    Organisations, teams and staff stay: cases name them for ever (OWN-06). A person who leaves is made not active.
    """
    after = {(kind, ref): body for kind, ref, body in before}
    faults = []
    for kind, ref, body in changes:
        if body is not None:
            after[kind, ref] = dict(body)
        elif (kind, ref) not in after:
            faults.append(f"There is no {kind} '{ref}' to take out.")
        elif kind in (ORGANISATION, TEAM, STAFF):
            instead = "make them not active instead" if kind == STAFF else "change it instead"
            faults.append(f"The {kind} '{ref}' cannot be taken out, as cases may name it: {instead}.")
        else:
            del after[kind, ref]
    return faults + check([(kind, ref, body) for (kind, ref), body in after.items()], at)


def _organisations(whole: _Whole) -> Iterator[str]:
    for organisation in whole.organisations.values():
        person = whole.active(organisation.last_resort)
        named = f"The last-resort person of {organisation.name}"
        if person is None:
            yield f"{named} must be active staff: '{organisation.last_resort}' is not. They can be replaced, not removed."
        elif person.organisation != organisation.id:
            yield f"{named} must belong to it: {person.name} does not."
        elif not (person.account and person.day and person.night):
            yield f"{named}, {person.name}, needs an account and a route by day and by night: every ladder ends there."


def _teams(whole: _Whole) -> Iterator[str]:
    for team in whole.teams.values():
        if team.organisation not in whole.organisations:
            yield f"{team.name} belongs to '{team.organisation}', which is not in the directory."
        for duty in team.duties:
            person = whole.active(duty.staff)
            if person is None:
                yield f"{team.name}, {duty.role}: '{duty.staff}' on the roster is not active staff."
            elif (team.id, duty.role) not in person.roles:
                yield f"{team.name}, {duty.role}: {person.name} is on the roster and does not hold that role there."
            elif not (person.account or team.external):
                yield f"{team.name}, {duty.role}: {person.name} is on the roster and has no account to answer with."


def _staff(whole: _Whole) -> Iterator[str]:
    for person in whole.staff.values():
        if person.organisation not in whole.organisations:
            yield f"{person.name} belongs to '{person.organisation}', which is not in the directory."
        for place, role in sorted(person.roles):
            if place not in whole.teams and place not in whole.organisations:
                yield f"{person.name} is {role} in '{place}', which is not in the directory."
            elif (place in whole.organisations) != (role in ORGANISATION_ROLES):
                where = "an organisation" if role in ORGANISATION_ROLES else "a team"
                yield f"{person.name}: {role} is a role in {where}, which {whole.place(place)} is not."
    for name in sorted(whole.teams.keys() & whole.organisations.keys()):
        yield f"'{name}' names a team and an organisation: give each its own name."


def _absences(whole: _Whole) -> Iterator[str]:
    for absence in whole.absences:
        person, cover = whole.staff.get(absence.staff), whole.active(absence.cover)
        if person is None:
            yield f"The absence of '{absence.staff}' is of nobody in the directory."
        elif absence.cover and cover is None:
            yield f"The cover for {person.name}, '{absence.cover}', is not active staff."
        elif cover is not None:
            # The cover stands in for whatever the absent person is named for, so they need the same authority (OWN-09).
            for place, role in sorted(person.roles - cover.roles):
                yield (
                    f"{cover.name} covers {person.name} and is not {role} in {whole.place(place)}: name somebody who is, "
                    "or nobody, and the supervisor will be asked."
                )


def _routes(whole: _Whole) -> Iterator[str]:
    for route in whole.routes:
        said = f"The route for '{route.source}'"
        for team in (route.sender, route.receiver):
            if team not in whole.teams:
                yield f"{said} names the team '{team}', which is not in the directory."
        holder = whole.active(route.holder)
        if holder is None:
            yield f"{said} needs an active person to hold what arrives: '{route.holder}' is not."
        elif all(place != route.sender for place, _ in holder.roles):
            yield f"{said}: {holder.name} has no role in {whole.place(route.sender)} and cannot hold what it sends."


def _services(whole: _Whole) -> Iterator[str]:
    for service in whole.services:
        if service.team not in whole.teams:
            yield f"{service.name} is offered by the team '{service.team}', which is not in the directory."
        if service.said_by and service.said_by not in whole.staff and service.said_by not in whole.contacts:
            yield f"{service.name}: '{service.said_by}', who said what is free, is nobody in the directory."


def _contacts(whole: _Whole) -> Iterator[str]:
    for contact in whole.contacts.values():
        team = whole.teams.get(contact.team)
        if team is None:
            yield f"{contact.name} is a contact in the team '{contact.team}', which is not in the directory."
        elif not team.external:
            yield f"{contact.name} is a contact in {team.name}, whose people have accounts: add them as staff."
