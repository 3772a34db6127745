"""FHIR dates in full or in part."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from holdfast.core.arrivals import written

_FORM = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A FHIR date, dateTime or instant: `at` is its earliest instant (UTC), `precision` what the sender knew.

    `text` is how packet rows hold it: a UTC instant, or the date in full or in part as it was written.
    """

    at: datetime
    precision: str  # "year", "month", "day", "instant"
    text: str


def read_moment(value: object, zone: tzinfo = UTC) -> Moment | None:
    """Read a FHIR R4 date or dateTime; a day without a time begins at midnight in `zone`. None if it is not one."""
    if not isinstance(value, str) or not (found := _FORM.fullmatch(value.strip())):
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        if hour is None:
            at = datetime(int(year), int(month or 1), int(day or 1), tzinfo=zone).astimezone(UTC)
            return Moment(at, "day" if day else "month" if month else "year", value.strip())
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=_offset(offset))
        at = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(at, "instant", written(at))


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError("no such offset from UTC")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
