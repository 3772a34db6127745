"""When a promise falls due: service hours, closed days and local time, reckoned to an instant in UTC."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.core.spans import Span, elapsed

_DAY = timedelta(days=1)
_LEAST_NOTICE = timedelta(hours=2)
_FIRST_YEAR, _LAST_YEAR = 1970, 9998


class CalendarError(ValueError):
    """A calendar that cannot be: an unknown zone, hours that end before they begin, days outside 1970 to 9998."""


class CalendarExpired(Exception):
    """A question about a day the calendar does not cover; the message says what to renew."""


@dataclass(frozen=True, slots=True, order=True)
class WeeklyInterval:
    """Open every week on `weekday` (0 is Monday) from `opens` to `closes`: minutes since local midnight, 24:00 is 1440.

    A night shift is two intervals, one to 1440 and one from 0 on the next day. Raises CalendarError.
    """

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise CalendarError(f"A weekday is 0 (Monday) to 6 (Sunday), not {self.weekday}.")
        _check_minutes(self.opens, self.closes)


@dataclass(frozen=True, slots=True, order=True)
class DatedInterval:
    """Open on one date only, even if that date is a closed day; minutes as in WeeklyInterval. Raises CalendarError."""

    day: date
    opens: int
    closes: int

    def __post_init__(self) -> None:
        _check_minutes(self.opens, self.closes)


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of open time between two instants in UTC; `closes` itself is no longer open."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """When a promise falls due (UTC), the rule in words, and the zone and calendar it was reckoned by (BEY-24)."""

    instant: datetime
    rule: str
    zone: str
    calendar_digest: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of one service in one zone, known from `valid_from` to `valid_to` (local days, both included).

    `closed_days` cancel the weekly hours of that day; `extra` opens a day as well, or gives a closed day other hours.
    Order and repetition do not matter: equal hours give equal calendars. Raises CalendarError.
    """

    zone: str
    hours: tuple[WeeklyInterval, ...]
    closed_days: frozenset[date]
    extra: tuple[DatedInterval, ...]
    valid_from: date
    valid_to: date
    _digest: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _zone(self.zone)
        if not date(_FIRST_YEAR, 1, 1) <= self.valid_from <= self.valid_to <= date(_LAST_YEAR, 12, 31):
            raise CalendarError(
                f"A calendar is valid from one day to the same or a later one, in {_FIRST_YEAR} to {_LAST_YEAR}, "
                f"not from {self.valid_from} to {self.valid_to}."
            )
        object.__setattr__(self, "hours", tuple(sorted(set(self.hours))))
        object.__setattr__(self, "extra", tuple(sorted(set(self.extra))))
        object.__setattr__(self, "_digest", hashlib.sha256(_canonical(self)).hexdigest())

    @classmethod
    def always_open(cls, zone: str) -> "Calendar":
        """A calendar that never closes and never expires, for a team that answers day and night."""
        week = tuple(WeeklyInterval(weekday, 0, 1440) for weekday in range(7))
        return cls(zone, week, frozenset(), (), date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the calendar's canonical JSON; it names these hours, not the version of the zone data."""
        return self._digest

    def open_at(self, instant: datetime) -> bool:
        """Whether the service is open at an aware instant; raises CalendarExpired outside the valid days."""
        moment = self._covered(instant)
        return any(o.opens <= moment < o.closes for o in self._openings(moment, moment + timedelta(microseconds=1)))

    def open_intervals(self, from_instant: datetime, to_instant: datetime) -> tuple[Opening, ...]:
        """Open time between two aware instants, in order, cut to them, touching stretches joined.

        Raises CalendarExpired if either instant lies outside the valid days; the midnight that ends them may be asked.
        """
        start, end = self._covered(from_instant), self._covered(to_instant, ending=True)
        joined: list[Opening] = []
        for opening in self._openings(start, end):
            if joined and opening.opens <= joined[-1].closes:
                joined[-1] = Opening(joined[-1].opens, max(opening.closes, joined[-1].closes))
            else:
                joined.append(opening)
        return tuple(joined)

    def _covered(self, instant: datetime, *, ending: bool = False) -> datetime:
        moment = _utc(instant)
        first = first_instant(datetime.combine(self.valid_from, time.min), self.zone)
        last = first_instant(datetime.combine(self.valid_to + _DAY, time.min), self.zone)
        if not first <= moment <= last or (moment == last and not ending):
            raise self._expired(_local(moment, self.zone).date())
        return moment

    def _expired(self, day: date) -> CalendarExpired:
        return CalendarExpired(
            f"The service hours in {self.zone} are known from {self.valid_from} to {self.valid_to} and were asked "
            f"for {day}: renew the team's hours and closed days in the directory to cover it."
        )

    def _day(self, day: date) -> list[Opening]:
        """The open stretches of one local day, in order of opening; those that fall wholly in a spring gap vanish."""
        spans = [(i.opens, i.closes) for i in self.extra if i.day == day]
        if day not in self.closed_days:
            spans += [(i.opens, i.closes) for i in self.hours if i.weekday == day.weekday()]
        midnight = datetime.combine(day, time.min)
        stretches = (
            Opening(*(first_instant(midnight + timedelta(minutes=minute), self.zone) for minute in span))
            for span in sorted(spans)
        )
        return [stretch for stretch in stretches if stretch.opens < stretch.closes]

    def _days(self, first: date) -> Iterator[tuple[date, list[Opening]]]:
        """Days with open time, from `first` to the last valid day."""
        if not self.hours:  # Only single dates are open: do not walk through the years between them.
            dates = sorted({i.day for i in self.extra if first <= i.day <= self.valid_to})
            yield from ((day, openings) for day in dates if (openings := self._day(day)))
            return
        day = first
        while day <= self.valid_to:
            if openings := self._day(day):
                yield day, openings
            day += _DAY

    def _openings(self, start: datetime, end: datetime | None) -> Iterator[Opening]:
        """Open stretches from `start` (to `end`, if given), cut to them; two may touch or overlap."""
        for _, openings in self._days(_local(start, self.zone).date()):
            if end is not None and openings[0].opens >= end:
                return
            for opening in openings:
                cut = Opening(max(opening.opens, start), opening.closes if end is None else min(opening.closes, end))
                if cut.opens < cut.closes:
                    yield cut


def due_at(span: Span, start: datetime, calendar: Calendar) -> Due:
    """When a promise made at the aware instant `start` falls due, always after it, with the rule in plain words.

    Elapsed spans are real time: they never pause and read neither hours nor validity. The local day reads the zone alone, so
    that a list of holidays nobody renewed cannot stop a same-day clock. Every other kind reads the calendar and raises
    CalendarExpired if the start or the due instant lies outside its valid days.
    """
    began = _utc(start)
    lasting = elapsed(span)
    if lasting is not None:
        instant, rule = began + lasting, f"{_counted(span)} after"
    elif span.kind in _LOCAL_DAY:
        instant, rule = _READERS[span.kind](span, began, calendar)
    else:
        began = calendar._covered(began)
        instant, rule = _READERS[span.kind](span, began, calendar)
        calendar._covered(instant, ending=True)
    return Due(instant, rule, calendar.zone, calendar.digest)


def first_instant(wall: datetime, zone: str) -> datetime:
    """The first instant (UTC) at which a clock on the wall in `zone` shows the naive time `wall`, or has gone past it.

    A time skipped in spring becomes the instant the clocks go forward; a time that comes twice in autumn is taken the
    first time, so that a clock is never later than promised.
    """
    tz = _zone(zone)
    instant = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if _local(instant, zone) == wall:
        return instant
    # In a gap the two readings lie on either side of the change, which falls on a whole second: close in on it.
    before = wall.replace(tzinfo=tz, fold=1).astimezone(UTC).replace(microsecond=0)
    low, high = 0, int((instant - before).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _local(before + timedelta(seconds=middle), zone) < wall:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _same_day(span: Span, start: datetime, calendar: Calendar) -> tuple[datetime, str]:
    midnight = first_instant(_midnight_after(start, calendar.zone), calendar.zone)
    if midnight < start + _LEAST_NOTICE:
        return start + _LEAST_NOTICE, f"2 hours after, as the day was nearly over ({calendar.zone})"
    return midnight, f"by the end of the same day ({calendar.zone})"


def _noon_next_day(span: Span, start: datetime, calendar: Calendar) -> tuple[datetime, str]:
    noon = _midnight_after(start, calendar.zone) + timedelta(hours=12)
    return first_instant(noon, calendar.zone), f"by noon on the next day ({calendar.zone})"


def _working_days(span: Span, start: datetime, calendar: Calendar) -> tuple[datetime, str]:
    left = span.amount
    for _, openings in calendar._days(_midnight_after(start, calendar.zone).date()):
        end = max(opening.closes for opening in openings)
        left -= end > start  # False only where clocks went back over midnight: that day is already behind us.
        if not left:
            which = "the next working day" if span.amount == 1 else f"the {_ordinal(span.amount)} working day after"
            return end, f"by the end of service hours on {which} ({calendar.zone})"
    raise calendar._expired(calendar.valid_to + _DAY)


def _service_hours(span: Span, start: datetime, calendar: Calendar) -> tuple[datetime, str]:
    left = timedelta(hours=span.amount)
    counted_to = start
    for opening in calendar._openings(start, None):
        begins = max(opening.opens, counted_to)  # Overlapping stretches are not counted twice.
        if opening.closes - begins >= left:
            return begins + left, f"after {_counted(span)} of open time ({calendar.zone})"
        if opening.closes > begins:
            left -= opening.closes - begins
            counted_to = opening.closes
    raise calendar._expired(calendar.valid_to + _DAY)


_READERS = {
    "same-day": _same_day,
    "noon-next-day": _noon_next_day,
    "end-of-next-working-day": _working_days,
    "working-days": _working_days,
    "service-hours": _service_hours,
}


_LOCAL_DAY = frozenset({"same-day", "noon-next-day"})


def _counted(span: Span) -> str:
    noun = span.kind.replace("-", " ")
    return f"{span.amount} {noun[:-1] if span.amount == 1 else noun}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _midnight_after(instant: datetime, zone: str) -> datetime:
    return datetime.combine(_local(instant, zone).date() + _DAY, time.min)


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(_zone(zone)).replace(tzinfo=None, fold=0)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("An instant needs a time zone: a bare date and time does not say when it was.")
    return instant.astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError(f"'{name}' is not a known time zone, such as 'Europe/London'.") from error


def _check_minutes(opens: int, closes: int) -> None:
    if not 0 <= opens < closes <= 1440:
        raise CalendarError(f"Hours run forward within one day, in minutes 0 to 1440, not from {opens} to {closes}.")


def _canonical(calendar: Calendar) -> bytes:
    form = {
        "zone": calendar.zone,
        "hours": [[i.weekday, i.opens, i.closes] for i in calendar.hours],
        "closed": [day.isoformat() for day in sorted(calendar.closed_days)],
        "extra": [[i.day.isoformat(), i.opens, i.closes] for i in calendar.extra],
        "from": calendar.valid_from.isoformat(),
        "to": calendar.valid_to.isoformat(),
    }
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
