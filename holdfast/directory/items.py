"""The directory's entries as values and as plain JSON: organisations, teams, staff, absences, routes, services, contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from holdfast.core.parties import ANY_TIME, CLOSED, OPEN, Absence, Duty, Organisation, Staff, Team
from holdfast.core.plain import from_plain, to_plain
from holdfast.core.services import Contact, Service
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.hours import calendar_from_plain, calendar_to_plain

ORGANISATION, TEAM, STAFF, ABSENCE, ROUTE = "organisation", "team", "staff", "absence", "route"
SERVICE, CONTACT = "service", "contact"
KINDS = (ORGANISATION, TEAM, STAFF, ABSENCE, ROUTE, SERVICE, CONTACT)
DEFAULT_SOURCE = "*"
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_NUMBER = re.compile(r"\+?[0-9][0-9 .()-]{0,29}")
_LONGEST_SOURCE = 100

Body = dict[str, Any]
Item = tuple[str, str, Body]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a notice from ``source`` goes: which pathway it opens, between which teams, held by whom. ``*`` is the rest."""

    source: str
    pathway: str
    sender: str
    receiver: str
    holder: str


Entry = Organisation | Team | Staff | Absence | Route | Service | Contact


def item_to_plain(value: Entry) -> Item:
    """``value`` as (kind, ref, body); the body holds only JSON without fractions. Raises DirectoryFault as reading does."""
    body: Body
    if isinstance(value, Team):
        kind, body = TEAM, _team_to_plain(value)
    elif isinstance(value, Staff):
        kind, body = STAFF, _staff_to_plain(value)
    elif isinstance(value, Organisation):
        kind, body = ORGANISATION, _organisation_to_plain(value)
    elif isinstance(value, Absence):
        _check_absence(value)  # Before its times are moved to UTC: a bare time says no instant.
        value = Absence(value.staff, value.start.astimezone(UTC), value.end.astimezone(UTC), value.cover)
        kind, body = ABSENCE, to_plain(value)
    elif isinstance(value, Service | Contact):
        kind, body = SERVICE if isinstance(value, Service) else CONTACT, to_plain(value)
    else:
        kind, body = ROUTE, to_plain(value)
    _CHECKS[kind](value)
    return kind, ref_of(value), body


def item_from_plain(kind: str, ref: str, body: Mapping[str, Any]) -> Entry:
    """The inverse of ``item_to_plain``; raises DirectoryFault if the body is not such an entry or not the one of ``ref``."""
    if kind not in KINDS:
        raise DirectoryFault(f"'{kind}' is not a kind of the directory: {', '.join(KINDS)}.")
    try:
        value = _READERS[kind](body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DirectoryFault(f"The {kind} '{ref}' cannot be read: {error}.") from error
    _CHECKS[kind](value)
    if ref_of(value) != ref:
        raise DirectoryFault(f"The {kind} '{ref}' says that it is '{ref_of(value)}': an entry keeps its name.")
    return value


def ref_of(value: Entry) -> str:
    """The name of an entry within its kind; an absence is named by who and from when, so that its end can be changed."""
    if isinstance(value, Absence):
        return f"{value.staff}@{value.start.astimezone(UTC).isoformat(timespec='seconds')}"
    return value.source if isinstance(value, Route) else value.id


def _organisation_to_plain(value: Organisation) -> Body:
    """Without a number that nobody gave: an entry from before there was one stays the same."""
    body: Body = to_plain(value)
    return body if value.emergency else {key: text for key, text in body.items() if key != "emergency"}


def _team_to_plain(team: Team) -> Body:
    body: Body = {
        "id": team.id,
        "name": team.name,
        "organisation": team.organisation,
        "calendar": calendar_to_plain(team.calendar),
        "duties": [to_plain(duty) for duty in team.duties],
        "channel": team.channel,
    }
    if team.external:
        body["external"] = True
    return body | {key: text for key in _TEAM_TEXTS if (text := getattr(team, key))}


_TEAM_TEXTS = ("address", "second_address", "pin_hash", "phone")


def _team_from_plain(body: Mapping[str, Any]) -> Team:
    rest = dict(body)
    calendar = calendar_from_plain(rest.pop("calendar"))
    duties = tuple(from_plain(Duty, duty) for duty in rest.pop("duties", ()))
    external = rest.pop("external", False)
    if type(external) is not bool:
        raise TypeError("external is neither true nor false")
    return Team(calendar=calendar, duties=duties, external=external, **_texts(rest))


def _staff_to_plain(person: Staff) -> Body:
    body: Body = {
        "id": person.id,
        "name": person.name,
        "organisation": person.organisation,
        "roles": [list(held) for held in sorted(person.roles)],
        "active": person.active,
        "account": person.account,
    }
    return body | {key: text for key in ("email", "day", "night") if (text := getattr(person, key))}


def _staff_from_plain(body: Mapping[str, Any]) -> Staff:
    rest = dict(body)
    roles = frozenset((str(place), str(role)) for place, role in rest.pop("roles", ()))
    active, account = rest.pop("active", True), rest.pop("account", True)
    if type(active) is not bool or type(account) is not bool:
        raise TypeError("active and account are true or false")
    return Staff(roles=roles, active=active, account=account, **_texts(rest))


def _texts(rest: dict[str, Any]) -> dict[str, Any]:
    for key, value in rest.items():
        if not isinstance(value, str):
            raise TypeError(f"{key} is not a text")
    return rest


def _check_organisation(value: Organisation) -> None:
    _check_named(value.id, value.name, ORGANISATION)
    if value.emergency and not _NUMBER.fullmatch(value.emergency):
        raise DirectoryFault(f"The emergency number of {value.name} is no telephone number: {value.emergency}.")
    if not value.last_resort:
        raise DirectoryFault(f"{value.name} needs a last-resort person: they can be replaced, not removed.")


def _check_team(value: Team) -> None:
    _check_named(value.id, value.name, TEAM)
    if not value.channel:
        raise DirectoryFault(f"{value.name} needs the channel that was agreed with it.")
    if value.channel == "email" and not _EMAIL.fullmatch(value.address):
        raise DirectoryFault(f"{value.name} is reached by e-mail and needs an e-mail address.")
    if value.second_address and value.second_address == value.address:
        raise DirectoryFault(f"{value.name} needs a second address that is not its first: codes go there.")
    for duty in value.duties:
        if duty.hours not in (ANY_TIME, OPEN, CLOSED):
            raise DirectoryFault(f"{value.name}, {duty.role}: hours are {ANY_TIME}, {OPEN} or {CLOSED}.")
        if any(at is not None and at.tzinfo is None for at in (duty.start, duty.until)):
            raise DirectoryFault(f"{value.name}, {duty.role}: a shift begins and ends at times of a zone.")
        if duty.start is not None and duty.until is not None and duty.until <= duty.start:
            raise DirectoryFault(f"{value.name}, {duty.role}: a shift must end after it begins.")


def _check_staff(value: Staff) -> None:
    _check_named(value.id, value.name, STAFF)
    if value.email and not _EMAIL.fullmatch(value.email):
        raise DirectoryFault(f"{value.name}: '{value.email}' is not an e-mail address.")


def _check_absence(value: Absence) -> None:
    if value.start.tzinfo is None or value.end.tzinfo is None or value.end <= value.start:
        raise DirectoryFault(f"The absence of '{value.staff}' must end after it begins.")
    if value.cover == value.staff:
        raise DirectoryFault(f"'{value.staff}' cannot cover their own absence: name somebody else, or nobody.")


def _check_route(value: Route) -> None:
    if not value.source or len(value.source) > _LONGEST_SOURCE:
        raise DirectoryFault(
            f"A route needs a source of 1 to {_LONGEST_SOURCE} characters; '{DEFAULT_SOURCE}' is the rest."
        )
    if not value.pathway:
        raise DirectoryFault(f"The route for '{value.source}' needs a pathway.")
    if value.sender == value.receiver:
        raise DirectoryFault(f"The route for '{value.source}' needs two teams, not one twice.")


def _check_service(value: Service) -> None:
    _check_named(value.id, value.name, SERVICE)
    if not (value.criteria.strip() and value.after_hours.strip()):
        raise DirectoryFault(f"{value.name} needs its criteria, and where one turns outside its hours.")
    if value.capacity and not (value.said_by and value.said_at is not None and value.said_at.tzinfo is not None):
        raise DirectoryFault(f"{value.name}: say who said what is free, and when.")


def _check_contact(value: Contact) -> None:
    _check_named(value.id, value.name, CONTACT)
    if not value.part.strip():
        raise DirectoryFault(f"{value.name} needs a word on what they answer for.")
    if not (value.phone or value.email):
        raise DirectoryFault(f"{value.name} needs a phone number or an e-mail address.")
    if value.email and not _EMAIL.fullmatch(value.email):
        raise DirectoryFault(f"{value.name}: '{value.email}' is not an e-mail address.")


def _check_named(id: str, name: str, kind: str) -> None:
    if not _ID.fullmatch(id):
        raise DirectoryFault(f"'{id}' cannot be the id of this {kind}: use a-z, 0-9, '-' or '.', 60 at most.")
    if not name.strip():
        raise DirectoryFault(f"The {kind} '{id}' needs a name that people know.")


_READERS: dict[str, Callable[[Mapping[str, Any]], Entry]] = {
    ORGANISATION: lambda body: from_plain(Organisation, body),
    TEAM: _team_from_plain,
    STAFF: _staff_from_plain,
    ABSENCE: lambda body: from_plain(Absence, body),
    ROUTE: lambda body: from_plain(Route, body),
    SERVICE: lambda body: from_plain(Service, body),
    CONTACT: lambda body: from_plain(Contact, body),
}
_CHECKS: dict[str, Callable[[Any], None]] = {
    ORGANISATION: _check_organisation,
    TEAM: _check_team,
    STAFF: _check_staff,
    ABSENCE: _check_absence,
    ROUTE: _check_route,
    SERVICE: _check_service,
    CONTACT: _check_contact,
}
