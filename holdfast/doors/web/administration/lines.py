"""What can be written about each kind of entry of the directory: the lines of its form, filled with how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from holdfast.directory.items import ABSENCE, CONTACT, ORGANISATION, SERVICE, STAFF, TEAM
from holdfast.doors.web.viewer import Seen

Body = Mapping[str, Any]
Choices = tuple[tuple[str, str], ...]
TEXT, AREA, EMAIL, TEL, SELECT, TICK, INSTANT = "text", "area", "email", "tel", "select", "tick", "instant"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: The lines of a team's hours: one a day.
HOURS = "hours-"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form; ``value`` as the control shows it, a tick as "1" or nothing, an instant as ``YYYY-MM-DDTHH:MM``."""

    id: str
    label: str
    value: str = ""
    kind: str = TEXT
    hint: str = ""
    choices: Choices = ()

    @property
    def day(self) -> str:
        return self.value.partition("T")[0]

    @property
    def time(self) -> str:
        return self.value.partition("T")[2]


def lines_of(kind: str, body: Body, look: Seen, organisation: str) -> list[Line]:
    """The form of an entry; ``body`` is empty for a new one."""
    return FORMS[kind](body, look, organisation)


def people(look: Seen, organisation: str) -> Choices:
    """The active people of an organisation, by name."""
    found = (s for s in look.directory.staff.values() if s.active and s.organisation == organisation)
    return tuple(sorted(((s.id, s.name) for s in found), key=lambda choice: choice[1]))


def teams(look: Seen, organisation: str, external: bool = False) -> Choices:
    found = (
        t for t in look.directory.teams.values() if t.organisation == organisation and (t.external or not external)
    )
    return tuple(sorted(((t.id, t.name) for t in found), key=lambda choice: choice[1]))


def _organisation(body: Body, look: Seen, organisation: str) -> list[Line]:
    says = _("Every ladder ends with them, so they need an account and a phone number by day and by night.")
    number = _(
        "That of the emergency services here. It stands on every page of a case and on the card that people take home."
    )
    return [
        Line("name", _("Name"), body.get("name", "")),
        Line("last_resort", _("Last resort"), body.get("last_resort", ""), SELECT, says, people(look, organisation)),
        Line("emergency", _("Emergency number"), body.get("emergency", ""), TEL, number),
    ]


def _team(body: Body, look: Seen, organisation: str) -> list[Line]:
    channels = (("email", _("E-mail")), ("phone", _("Phone")), ("fax", _("Fax")), ("portal", _("Portal")))
    link = _("They have no accounts and answer by a secure link")
    hint = _("Where one-time codes go: not the first address")
    return [
        Line("name", _("Name"), body.get("name", "")),
        Line("phone", _("Phone"), body.get("phone", ""), TEL),
        Line("channel", _("How messages reach them, as agreed"), body.get("channel", "email"), SELECT, "", channels),
        Line("address", _("Address for messages"), body.get("address", "")),
        Line("second_address", _("Second address"), body.get("second_address", ""), TEXT, hint),
        Line("external", link, "1" if body.get("external") else "", TICK),
        *_hours(body, look),
    ]


def _hours(body: Body, look: Seen) -> list[Line]:
    """The week by the clock of the team's zone; a new team begins with the usual hours."""
    calendar = body.get("calendar")
    week: dict[int, list[str]] = (
        {day: [] for day in range(7)} if calendar else {day: ["09:00-17:00"] for day in range(5)}
    )
    for day, opens, closes in calendar["hours"] if calendar else ():
        week[day].append(f"{_clock(opens)}-{_clock(closes)}")
    zone = Line("zone", _("Time zone"), calendar["zone"] if calendar else look.zone)
    hint = _("Such as 09:00-12:00, 13:00-17:00; empty when closed")
    return [zone] + [
        Line(f"{HOURS}{n}", _(day), ", ".join(week.get(n, ())), TEXT, hint if n == 0 else "")
        for n, day in enumerate(DAYS)
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _staff(body: Body, look: Seen, organisation: str) -> list[Line]:
    return [
        Line("name", _("Name"), body.get("name", "")),
        Line("email", _("E-mail"), body.get("email", ""), EMAIL),
        Line("day", _("Phone by day"), body.get("day", ""), TEL),
        Line("night", _("Phone outside service hours"), body.get("night", ""), TEL),
        Line("account", _("They have an account"), "1" if body.get("account", True) else "", TICK),
    ]


def _absence(body: Body, look: Seen, organisation: str) -> list[Line]:
    hint = _("Somebody with every role of theirs; without one the supervisor is asked")
    who = [] if body else [Line("staff", _("Who is away"), "", SELECT, "", people(look, organisation))]
    begins = [] if body else [Line("start", _("From"), "", INSTANT)]
    everybody = ((s.id, s.name) for s in look.directory.staff.values() if s.active)
    covers = tuple(sorted(everybody, key=lambda choice: choice[1]))
    return [
        *who,
        *begins,
        Line("end", _("Until"), _wall(body.get("end", ""), look.zone), INSTANT),
        Line("cover", _("Who covers"), body.get("cover", ""), SELECT, hint, covers),
    ]


def _wall(instant: str, zone: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if instant else ""


def _service(body: Body, look: Seen, organisation: str) -> list[Line]:
    mine = {id for id, _name in teams(look, organisation)}
    known = tuple((c.id, c.name) for c in look.directory.contacts.values() if c.team in mine)
    return [
        Line("name", _("Name"), body.get("name", "")),
        Line("team", _("Team"), body.get("team", ""), SELECT, "", teams(look, organisation)),
        Line("criteria", _("For whom"), body.get("criteria", ""), AREA),
        Line("hours", _("Hours"), body.get("hours", ""), TEXT, _("If they are not those of the team")),
        Line("after_hours", _("Where to turn after hours"), body.get("after_hours", "")),
        Line("channel", _("How to reach them"), body.get("channel", "")),
        Line("capacity", _("What is free"), body.get("capacity", ""), TEXT, _("Such as 2 places from Monday")),
        Line("said_by", _("Who said so"), body.get("said_by", ""), SELECT, "", people(look, organisation) + known),
        Line("again", _("They said it again today"), "", TICK),
    ]


def _contact(body: Body, look: Seen, organisation: str) -> list[Line]:
    return [
        Line("name", _("Name"), body.get("name", "")),
        Line("team", _("Team"), body.get("team", ""), SELECT, "", teams(look, organisation, external=True)),
        Line("part", _("What they answer for"), body.get("part", "")),
        Line("phone", _("Phone"), body.get("phone", ""), TEL),
        Line("email", _("E-mail"), body.get("email", ""), EMAIL),
    ]


FORMS: dict[str, Callable[[Body, Seen, str], list[Line]]] = {
    ORGANISATION: _organisation,
    TEAM: _team,
    STAFF: _staff,
    ABSENCE: _absence,
    SERVICE: _service,
    CONTACT: _contact,
}
