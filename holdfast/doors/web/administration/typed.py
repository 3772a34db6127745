"""From what was typed about an entry of the directory to the entry, checked; what is wrong comes back in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import ABSENCE, CONTACT, SERVICE, STAFF, TEAM, Item, item_from_plain, item_to_plain
from holdfast.doors.web.administration.lines import HOURS, INSTANT, TICK, Body, Line
from holdfast.doors.web.casepages.questions import read_instant
from holdfast.doors.web.viewer import Seen

_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")
#: Years for which a new team's hours are published.
_YEARS = 2


def as_typed(lines: list[Line], typed: Mapping[str, str]) -> list[Line]:
    """The same lines with what was sent in them."""
    return [Line(ln.id, ln.label, _sent(ln, typed), ln.kind, ln.hint, ln.choices) for ln in lines]


def read_entry(kind: str, was: Body, lines: list[Line], look: Seen, organisation: str, taken: set[str]) -> Item:
    """The entry that ``lines`` say, on top of what it ``was``. ``taken`` are the names there are. Raises DirectoryFault."""
    given = {line.id: line.value for line in lines}
    for line in lines:
        if line.choices and line.value and line.value not in dict(line.choices):
            raise DirectoryFault(_("Choose one of those offered: %(label)s.") % {"label": line.label})
    body: dict[str, Any] = {**_begun(kind, organisation, given, taken), **was}
    body |= {ln.id: _value(ln, look.zone) for ln in lines if ln.id != "again" and not _of_calendar(ln.id)}
    if kind == TEAM:
        body["calendar"] = _calendar(given, was.get("calendar"), look.now)
    if kind == SERVICE:
        body |= _told(was, given, look.now)
    ref = f"{body['staff']}@{body['start']}" if kind == ABSENCE else str(body["id"])
    return item_to_plain(item_from_plain(kind, ref, body))


def _sent(line: Line, typed: Mapping[str, str]) -> str:
    if line.kind == INSTANT:
        day, time = typed.get(f"{line.id}:date", "").strip(), typed.get(f"{line.id}:time", "").strip()
        return f"{day}T{time}" if day or time else ""
    return typed.get(line.id, "").strip()


def _value(line: Line, zone: str) -> str | bool:
    if line.kind == TICK:
        return bool(line.value)
    if line.kind != INSTANT:
        return line.value
    read = read_instant(line.value, zone)
    if isinstance(read, str):
        raise DirectoryFault(f"{line.label}: {read}")
    return read.astimezone(UTC).isoformat(timespec="seconds")


def _begun(kind: str, organisation: str, given: Mapping[str, str], taken: set[str]) -> dict[str, Any]:
    """What a new entry has before anything is typed: a name of its own, and where it belongs."""
    if kind == ABSENCE:
        return {}
    name = slugify(given["name"])[:50] or kind
    id = next(id for id in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if id not in taken)
    begun: dict[str, Any] = {"id": id}
    if kind in (TEAM, STAFF):
        begun["organisation"] = organisation
    return begun | ({"roles": [], "active": True} if kind == STAFF else {})


def _of_calendar(id: str) -> bool:
    return id == "zone" or (id.startswith(HOURS) and id != "hours")


def _calendar(given: Mapping[str, str], was: Any, now: datetime) -> dict[str, Any]:
    """The week as typed; closed days and the time for which the hours are published stay."""
    hours = []
    for day in range(7):
        for part in filter(None, (part.strip() for part in given[f"{HOURS}{day}"].split(","))):
            found = _SPAN.fullmatch(part)
            if found is None:
                raise DirectoryFault(_("'%(part)s' is not a time of day: write 09:00-17:00.") % {"part": part})
            first, minute, last, end = (int(number) for number in found.groups())
            hours.append([day, first * 60 + minute, last * 60 + end])
    last_day = f"{now.year + _YEARS}-12-31"
    kept = was or {"closed": [], "extra": [], "from": f"{now.year - 1}-01-01", "to": last_day}
    return {**kept, "zone": given["zone"], "hours": hours}


def _told(was: Body, given: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """When what is free was said: now, if it is new, another's word, or said again."""
    if not given["capacity"]:
        return {"said_by": "", "said_at": None}
    same = (was.get("capacity"), was.get("said_by")) == (given["capacity"], given["said_by"])
    kept = was.get("said_at") if same and not given["again"] else None
    return {"said_at": kept or now.isoformat(timespec="seconds")}


#: What may be taken out again; cases name the others for ever.
REMOVABLE = frozenset({ABSENCE, SERVICE, CONTACT})
