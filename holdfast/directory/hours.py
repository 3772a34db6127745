"""Service hours: from words and a country's holidays to explicit dates, and a calendar to its plain shape and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import holidays

from holdfast.core.calendars import Calendar, CalendarError, DatedInterval, WeeklyInterval
from holdfast.directory.fault import DirectoryFault

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def find_closed_days(region: str, first: date, last: date) -> frozenset[date]:
    """The public holidays of ``region`` ("US", "US-NY", "GB-ENG"), both days included. Raises DirectoryFault if unknown."""
    country, _, part = region.partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=part or None, years=range(first.year, last.year + 1))
    except NotImplementedError as error:
        raise DirectoryFault(f"No public holidays are known for '{region}': write 'GB-ENG' or 'US-NY'.") from error
    return frozenset(day for day in known if first <= day <= last)


def publish_calendar(
    zone: str,
    hours: Mapping[str, str],
    valid_from: date,
    valid_to: date,
    region: str = "",
    closed: Iterable[date] = (),
    extra: Iterable[DatedInterval] = (),
) -> Calendar:
    """A calendar from words such as ``{"mon-fri": "09:00-17:00"}``, its holidays resolved now into dates that stay.

    So a later list of holidays never changes a promise already made; whoever renews the hours publishes them again.
    Raises DirectoryFault.
    """
    week = [interval for days, text in hours.items() for interval in _intervals(days, text)]
    away = frozenset(closed) | (find_closed_days(region, valid_from, valid_to) if region else frozenset())
    try:
        return Calendar(zone, tuple(week), away, tuple(extra), valid_from, valid_to)
    except CalendarError as error:
        raise DirectoryFault(str(error)) from error


def calendar_to_plain(calendar: Calendar) -> dict[str, Any]:
    """``{zone, hours: [[weekday, opens, closes]], closed: [date], extra: [[date, opens, closes]], from, to}``; minutes."""
    return {
        "zone": calendar.zone,
        "hours": [[i.weekday, i.opens, i.closes] for i in calendar.hours],
        "closed": [day.isoformat() for day in sorted(calendar.closed_days)],
        "extra": [[i.day.isoformat(), i.opens, i.closes] for i in calendar.extra],
        "from": calendar.valid_from.isoformat(),
        "to": calendar.valid_to.isoformat(),
    }


def calendar_from_plain(plain: Mapping[str, Any]) -> Calendar:
    """The inverse of ``calendar_to_plain``; raises KeyError, TypeError or ValueError (CalendarError) on another shape."""
    return Calendar(
        plain["zone"],
        tuple(WeeklyInterval(*map(_whole, entry)) for entry in plain["hours"]),
        frozenset(date.fromisoformat(day) for day in plain["closed"]),
        tuple(
            DatedInterval(date.fromisoformat(day), _whole(opens), _whole(closes))
            for day, opens, closes in plain["extra"]
        ),
        date.fromisoformat(plain["from"]),
        date.fromisoformat(plain["to"]),
    )


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is expected")
    return value


def _intervals(days: str, text: str) -> list[WeeklyInterval]:
    try:
        first, _, last = (part.strip() for part in days.lower().partition("-"))
        start, end = DAYS.index(first), DAYS.index(last or first)
        opens, _, closes = text.partition("-")
        minutes = _minutes(opens), _minutes(closes)
        if start > end:
            raise ValueError("the days run backwards")
        return [WeeklyInterval(weekday, *minutes) for weekday in range(start, end + 1)]
    except ValueError as error:
        raise DirectoryFault(
            f"'{days}: {text}' is not a line of service hours: write 'mon-fri: 09:00-17:00', a night as two lines."
        ) from error


def _minutes(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    if not 0 <= int(minute) < 60:
        raise ValueError("no such minute")
    return int(hour) * 60 + int(minute)
