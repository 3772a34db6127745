"""Reads an invented network from YAML into the directory's entries, its times reckoned from a given day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from holdfast.core.calendars import Calendar, first_instant
from holdfast.core.parties import ANY_TIME, Absence, Duty, Organisation, Staff, Team
from holdfast.core.services import Contact, Service
from holdfast.directory.checks import check
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.hours import publish_calendar
from holdfast.directory.items import Entry, Item, Route, item_to_plain

_WHEN = re.compile(r"(?:in (?P<ahead>\d{1,4}) d|(?P<ago>\d{1,4}) d ago|today) for (?P<lasting>\d{1,4}) d")
_AGO = re.compile(r"(\d{1,4}) d ago")
SHIFTS = "shifts"
_KEYS = {
    "shift": {"staff", "from", "until"},
    "capacity": {"says", "by", "at"},
    "network": {
        "network",
        "zone",
        "public-holidays",
        "password",
        "organisations",
        "teams",
        "staff",
        "absences",
        "routes",
        "services",
        "contacts",
    },
    "organisation": {"name", "mail", "last-resort", "emergency"},
    "team": {
        *("name", "organisation", "external", "hours", "public-holidays", "address", "second-address"),
        *("phone", "channel", "roster"),
    },
    "member of staff": {"name", "organisation", "also", "day", "night", "account", "sees"},
    "absence": {"staff", "when", "cover"},
    "route": {"pathway", "from", "to", "holder"},
    "service": {"name", "team", "criteria", "hours", "after-hours", "channel", "capacity"},
    "contact": {"name", "team", "part", "phone", "email"},
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who to sign in as: ``password`` is meant to be printed, as it opens a rehearsal and nothing else."""

    username: str
    staff: str
    password: str
    sees: str


def shipped_network(name: str = "harbour") -> str:
    """The text of a network that comes with the package."""
    return (files("holdfast.rehearsal") / "network" / f"{name}.yaml").read_text(encoding="utf-8")


def read_network(text: str, today: date) -> list[Item]:
    """Every entry as (kind, ref, body), checked as a whole; the same day gives the same. Raises DirectoryFault."""
    tree = _tree(text)
    try:
        items = [item_to_plain(value) for value in _entries(tree, today)]
    except (KeyError, TypeError, AttributeError) as error:
        raise DirectoryFault(f"The network cannot be read: {error} is missing or is not of its kind.") from error
    faults = check(items)
    if faults:
        raise DirectoryFault(" ".join(faults))
    return items


def demo_accounts(text: str) -> list[DemoAccount]:
    """Everybody of the network who signs in, in the order of the file. Raises DirectoryFault."""
    tree = _tree(text)
    if "password" not in tree:  # only a rehearsal prints one; the directory of real people is written without
        raise DirectoryFault("The network lacks: password.")
    return [
        DemoAccount(id, id, str(tree["password"]), str(entry.get("sees", "")))
        for id, entry in tree["staff"].items()
        if entry.get("account", True)
    ]


def _tree(text: str) -> dict[str, Any]:
    try:
        tree = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise DirectoryFault(f"The network is not YAML: {error}") from error
    if not isinstance(tree, dict):
        raise DirectoryFault("The network is empty.")
    _only("network", "", tree)
    missing = sorted({"zone", "organisations", "teams", "staff"} - tree.keys())
    if missing:
        raise DirectoryFault(f"The network lacks: {', '.join(missing)}.")
    for kind, part in (
        ("organisation", "organisations"),
        ("team", "teams"),
        ("member of staff", "staff"),
        ("route", "routes"),
        ("service", "services"),
        ("contact", "contacts"),
    ):
        for id, entry in tree.get(part, {}).items():
            _only(kind, id, entry)
    for entry in tree.get("absences", ()):
        _only("absence", "", entry)
    return tree


def _only(kind: str, id: str, entry: Mapping[str, Any]) -> None:
    strange = sorted(str(key) for key in entry.keys() - _KEYS[kind])
    if strange:
        raise DirectoryFault(f"The {kind} {id} has no place for: {', '.join(strange)}.".replace("  ", " "))


def _entries(tree: Mapping[str, Any], today: date) -> Iterator[Entry]:
    for id, entry in tree["organisations"].items():
        yield Organisation(id, entry["name"], entry["last-resort"], str(entry.get("emergency", "")))
    for id, entry in tree["teams"].items():
        yield Team(
            id,
            entry["name"],
            entry["organisation"],
            _calendar(entry, tree, today),
            tuple(_roster(entry.get("roster", {}), tree["zone"])),
            entry.get("channel", "email"),
            entry.get("address", ""),
            entry.get("second-address", ""),
            phone=entry.get("phone", ""),
            external=entry.get("external", False),
        )
    for id, entry in tree["staff"].items():
        yield _person(id, entry, tree)
    for entry in tree.get("absences", ()):
        yield Absence(entry["staff"], *_days(entry["when"], today, tree["zone"]), entry.get("cover", ""))
    for source, entry in tree.get("routes", {}).items():
        yield Route(source, entry["pathway"], entry["from"], entry["to"], entry["holder"])
    for id, entry in tree.get("services", {}).items():
        yield _service(id, entry, tree["zone"], today)
    for id, entry in tree.get("contacts", {}).items():
        yield Contact(
            id, entry["name"], entry["team"], entry["part"], str(entry.get("phone", "")), entry.get("email", "")
        )


def _calendar(entry: Mapping[str, Any], tree: Mapping[str, Any], today: date) -> Calendar:
    if entry["hours"] == "always":
        return Calendar.always_open(tree["zone"])
    region = tree["public-holidays"] if entry.get("public-holidays") == "closed" else ""
    first, last = date(today.year - 1, 1, 1), date(today.year + 2, 12, 31)
    return publish_calendar(tree["zone"], entry["hours"], first, last, region)


def _roster(roster: Mapping[str, Any], zone: str) -> Iterator[Duty]:
    for role, listed in roster.items():
        by_hours = dict(listed) if isinstance(listed, dict) else {ANY_TIME: listed}
        for shift in by_hours.pop(SHIFTS, ()):
            _only("shift", "", shift)
            yield Duty(role, shift["staff"], start=_instant(shift["from"], zone), until=_instant(shift["until"], zone))
        yield from (Duty(role, staff, hours) for hours, people in by_hours.items() for staff in people)


def _service(id: str, entry: Mapping[str, Any], zone: str, today: date) -> Service:
    """``capacity`` is ``{ says, by, at }``, the time of day it was said or how many days ago."""
    told = entry.get("capacity") or {}
    _only("capacity", "", told)
    at = None
    if told:
        ago = _AGO.fullmatch(str(told["at"]))
        midnight = datetime.combine(today - timedelta(days=int(ago[1])), time.min) if ago else None
        at = first_instant(midnight, zone) if midnight else _instant(told["at"], zone)
    return Service(
        id,
        entry["name"],
        entry["team"],
        entry["criteria"],
        entry["after-hours"],
        str(entry.get("hours", "")),
        str(entry.get("channel", "")),
        str(told.get("says", "")),
        str(told.get("by", "")),
        at,
    )


def _instant(written: Any, zone: str) -> datetime:
    """ "2026-12-24T18:00", by the clock of ``zone``; in quotes, so that YAML makes nothing else of it."""
    try:
        return first_instant(datetime.strptime(written, "%Y-%m-%dT%H:%M"), zone)  # noqa: DTZ007
    except (TypeError, ValueError) as error:
        says = f"'{written}' is not a time: write \"2026-12-24T18:00\", in quotes, by the clock of {zone}."
        raise DirectoryFault(says) from error


def _person(id: str, entry: Mapping[str, Any], tree: Mapping[str, Any]) -> Staff:
    """A member of staff holds the roles they are on a roster for, and belongs to the first such team's organisation."""
    held = [
        (team, duty.role)
        for team, known in tree["teams"].items()
        for duty in _roster(known.get("roster", {}), tree["zone"])
        if duty.staff == id
    ]
    for place, roles in entry.get("also", {}).items():
        held += [(place, role) for role in (roles if isinstance(roles, list) else [roles])]
    organisation = entry.get("organisation") or (tree["teams"][held[0][0]]["organisation"] if held else "")
    if not organisation:
        raise DirectoryFault(f"{entry['name']} is on no roster: say which organisation they belong to.")
    return Staff(
        id,
        entry["name"],
        organisation,
        frozenset(held),
        email=f"{id}@{tree['organisations'][organisation]['mail']}",
        day=entry.get("day", ""),
        night=entry.get("night", ""),
        account=entry.get("account", True),
    )


def _days(when: str, today: date, zone: str) -> tuple[datetime, datetime]:
    """ "in 3 d for 7 d", "1 d ago for 4 d" or "today for 2 d", from midnight to midnight in ``zone``."""
    found = _WHEN.fullmatch(when)
    if found is None:
        raise DirectoryFault(
            f"'{when}' is not a time away: write 'in 3 d for 7 d', '1 d ago for 4 d' or 'today for 2 d'."
        )
    first = today + timedelta(days=int(found["ahead"] or 0) - int(found["ago"] or 0))
    last = first + timedelta(days=int(found["lasting"]))
    return (
        first_instant(datetime.combine(first, time.min), zone),
        first_instant(datetime.combine(last, time.min), zone),
    )
