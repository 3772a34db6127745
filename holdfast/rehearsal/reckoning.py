"""The times of a story: "day 9 10:30" counts from the day it began, "now - 40 min" from the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.core.calendars import first_instant
from holdfast.rehearsal.fault import StoryFault

_DAY = re.compile(r"day (?P<day>-?\d{1,3})(?: (?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d))?", re.ASCII)
_NOW = re.compile(r"now(?: (?P<sign>[+-]) (?P<span>.+))?", re.ASCII)
_SPAN = re.compile(r"(?:(?P<days>\d{1,3}) d)? ?(?:(?P<hours>\d{1,3}) h)? ?(?:(?P<minutes>\d{1,4}) min)?", re.ASCII)


def span_of(text: str) -> timedelta:
    """ "40 min", "2 h 30 min" or "3 d". Raises StoryFault."""
    found = _SPAN.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise StoryFault(f"'{text}' is not a span: write 40 min, 2 h 30 min or 3 d.")
    return timedelta(**{unit: int(amount) for unit, amount in found.groupdict().items() if amount})


@dataclass(frozen=True, slots=True)
class Reckoning:
    """``first`` is day 0; ``now``, where there is one, is when the story is left as it stands."""

    first: date
    zone: str
    now: datetime | None = None

    def reads(self, text: object) -> bool:
        """Whether this is a time of a story at all."""
        return isinstance(text, str) and bool(_DAY.fullmatch(text) or _NOW.fullmatch(text))

    def instant(self, text: str) -> datetime:
        """The instant (UTC); a day without a time is its midnight in the network's zone. Raises StoryFault."""
        found = _DAY.fullmatch(text)
        if found is not None:
            day = self.first + timedelta(days=int(found["day"]))
            return first_instant(
                datetime.combine(day, time(int(found["hour"] or 0), int(found["minute"] or 0))), self.zone
            )
        found = _NOW.fullmatch(text)
        if found is None:
            raise StoryFault(f"'{text}' is not a time of a story: write day 9 10:30, or now - 40 min.")
        if self.now is None:
            raise StoryFault(f"'{text}': this story is told from now, and here there is no now.")
        span = span_of(found["span"]) if found["span"] else timedelta()
        return (self.now - span if found["sign"] == "-" else self.now + span).astimezone(UTC)

    def day(self, text: str) -> date:
        """The day in the network's zone. Raises StoryFault."""
        return self.local(self.instant(text)).date()

    def local(self, at: datetime) -> datetime:
        """The same instant as the clocks of the network show it."""
        return at.astimezone(ZoneInfo(self.zone))
