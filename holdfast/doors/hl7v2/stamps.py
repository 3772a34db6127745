"""HL7 v2 timestamps, which may lack the time of day and the zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_FORM = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:\.[0-9]{1,6})?)?)?)?([+-][0-9]{4})?"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A point in time (UTC); `timed` if the sender gave the time of day, `zoned` if the sender gave the zone."""

    at: datetime
    timed: bool
    zoned: bool


def read_stamp(text: str, zone: tzinfo) -> Stamp | None:
    """Read a DTM (or TS) value known to the day at least; it may lack the time (midnight) and the zone (`zone`)."""
    if not (found := _FORM.fullmatch(text.strip())):
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        place = _offset(offset) if offset else zone
        local = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=place
        )
        return Stamp(local.astimezone(UTC), timed=hour is not None, zoned=offset is not None)
    except (ValueError, OverflowError):
        return None


def read_day(text: str) -> date | None:
    """The calendar day of a timestamp as it is written, whatever its zone; None if it is not known to the day."""
    found = _FORM.fullmatch(text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _offset(text: str) -> timezone:
    hours, minutes = int(text[1:3]), int(text[3:5])
    if hours > 14 or minutes > 59:
        raise ValueError("no such offset from UTC")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
