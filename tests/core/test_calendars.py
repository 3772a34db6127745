"""Due instants and service hours, in every zone and over every change of clocks from 2026 to 2030."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.core.calendars import (
    Calendar,
    CalendarError,
    CalendarExpired,
    DatedInterval,
    Opening,
    WeeklyInterval,
    due_at,
    first_instant,
)
from holdfast.core.spans import Span, parse_span

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)
ZONES = sorted(available_timezones())
OFFICE_WEEK = tuple(WeeklyInterval(weekday, 540, 1020) for weekday in range(5))  # Monday to Friday, 09:00 to 17:00


def office(zone: str, closed: frozenset[date] = frozenset(), extra: tuple[DatedInterval, ...] = ()) -> Calendar:
    return Calendar(zone, OFFICE_WEEK, closed, extra, date(2025, 12, 1), date(2031, 3, 31))


def local(text: str, zone: str = "Europe/London", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Every instant of 2026 to 2030 at which the zone's offset changes, found by looking weekly and closing in."""
    tz, found = ZoneInfo(zone), []
    week, before = FIRST, FIRST.astimezone(tz).utcoffset()
    while week < LAST:
        after = (week + timedelta(days=7)).astimezone(tz).utcoffset()
        if after != before:
            low, high = 0, 604_800
            while high - low > 1:
                middle = (low + high) // 2
                same = (week + timedelta(seconds=middle)).astimezone(tz).utcoffset() == before
                low, high = (middle, high) if same else (low, middle)
            found.append(week + timedelta(seconds=high))
        week, before = week + timedelta(days=7), after
    return tuple(found)


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and an instant: anywhere in the five years, or within two days of a change of clocks if there is one."""
    zone = draw(st.sampled_from(ZONES))
    seconds = st.integers(0, int((LAST - FIRST).total_seconds()))
    if changes(zone) and draw(st.booleans()):
        return zone, draw(st.sampled_from(changes(zone))) + timedelta(seconds=draw(st.integers(-172_800, 172_800)))
    return zone, FIRST + timedelta(seconds=draw(seconds))


READING = (
    "same day",
    "noon next day",
    "end of next working day",
    "3 working days",
    "1 service hour",
    "20 service hours",
)


@pytest.mark.parametrize(
    ("span", "start", "due", "rule"),
    [
        ("4 h", "2026-06-05T16:00", "2026-06-05T20:00", "4 hours after"),
        ("1 h", "2026-06-05T16:00", "2026-06-05T17:00", "1 hour after"),
        ("30 min", "2026-06-06T23:50", "2026-06-07T00:20", "30 minutes after"),
        ("24 h", "2026-03-28T12:00", "2026-03-29T13:00", "24 hours after"),  # clocks go forward: real time
        ("1 d", "2026-10-24T12:00", "2026-10-25T11:00", "1 day after"),  # clocks go back
        ("1 d", "2028-02-28T12:00", "2028-02-29T12:00", "1 day after"),
        ("same day", "2026-06-05T09:00", "2026-06-06T00:00", "by the end of the same day (Europe/London)"),
        ("same day", "2026-06-05T22:00", "2026-06-06T00:00", "by the end of the same day (Europe/London)"),
        (
            "same day",
            "2026-06-05T23:30",
            "2026-06-06T01:30",
            "2 hours after, as the day was nearly over (Europe/London)",
        ),
        ("same day", "2026-06-06T00:00", "2026-06-07T00:00", "by the end of the same day (Europe/London)"),
        ("noon next day", "2026-06-05T00:00", "2026-06-06T12:00", "by noon on the next day (Europe/London)"),
        ("noon next day", "2026-06-05T23:59", "2026-06-06T12:00", "by noon on the next day (Europe/London)"),
        ("noon next day", "2026-03-28T08:00", "2026-03-29T12:00", "by noon on the next day (Europe/London)"),
        ("noon next day", "2026-10-24T08:00", "2026-10-25T12:00", "by noon on the next day (Europe/London)"),
        ("noon next day", "2028-02-28T08:00", "2028-02-29T12:00", "by noon on the next day (Europe/London)"),
        ("noon next day", "2028-02-29T08:00", "2028-03-01T12:00", "by noon on the next day (Europe/London)"),
        (
            "end of next working day",
            "2026-06-05T10:00",
            "2026-06-08T17:00",
            "by the end of service hours on the next working day (Europe/London)",
        ),
        (
            "2 working days",
            "2026-06-06T10:00",
            "2026-06-09T17:00",
            "by the end of service hours on the 2nd working day after (Europe/London)",
        ),
        (
            "1 working day",
            "2028-02-28T18:00",
            "2028-02-29T17:00",
            "by the end of service hours on the next working day (Europe/London)",
        ),
        (
            "4 service hours",
            "2026-06-05T15:00",
            "2026-06-08T11:00",
            "after 4 service hours of open time (Europe/London)",
        ),
        (
            "8 service hours",
            "2026-06-05T09:00",
            "2026-06-05T17:00",
            "after 8 service hours of open time (Europe/London)",
        ),
        ("1 service hour", "2026-06-06T03:00", "2026-06-08T10:00", "after 1 service hour of open time (Europe/London)"),
        ("1 service hour", "2026-06-05T17:00", "2026-06-08T10:00", "after 1 service hour of open time (Europe/London)"),
    ],
)
def test_due_by_the_office_clock_in_london(span: str, start: str, due: str, rule: str) -> None:
    calendar = office("Europe/London")
    found = due_at(parse_span(span), local(start), calendar)
    assert (found.instant, found.rule) == (local(due), rule)
    assert (found.instant.tzinfo, found.zone, found.calendar_digest) == (UTC, "Europe/London", calendar.digest)


def test_closed_days_are_skipped_and_extra_hours_count_even_on_them() -> None:
    closed = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    plain = office("Europe/London", closed)
    assert due_at(parse_span("4 service hours"), local("2026-12-24T15:00"), plain).instant == local("2026-12-29T11:00")
    assert due_at(parse_span("1 working day"), local("2026-12-24T15:00"), plain).instant == local("2026-12-29T17:00")
    holiday = office("Europe/London", closed, (DatedInterval(date(2026, 12, 25), 600, 720),))
    for span in ("4 service hours", "1 working day"):
        assert due_at(parse_span(span), local("2026-12-24T15:00"), holiday).instant == local("2026-12-25T12:00")
    assert holiday.open_at(local("2026-12-25T10:30")) and not plain.open_at(local("2026-12-25T10:30"))


def test_open_at_its_opening_and_shut_at_its_closing() -> None:
    calendar = office("Europe/London")
    times = ["08:59:59", "09:00", "16:59:59", "17:00"]
    assert [calendar.open_at(local(f"2026-06-05T{at}")) for at in times] == [False, True, True, False]


def test_open_intervals_are_cut_to_the_question_and_joined_over_midnight() -> None:
    always = Calendar.always_open("Europe/London")
    start, end = local("2026-03-28T10:00").astimezone(UTC), local("2026-03-31T10:00").astimezone(UTC)
    assert always.open_intervals(start, end) == (Opening(start, end),)
    assert always.open_intervals(start, start) == ()
    halves = Calendar(
        "UTC",
        (WeeklyInterval(0, 540, 720), WeeklyInterval(0, 700, 1020)),
        frozenset(),
        (),
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    monday = datetime(2026, 6, 8, tzinfo=UTC)
    nine_to_five = Opening(monday + timedelta(hours=9), monday + timedelta(hours=17))
    assert halves.open_intervals(monday, monday + timedelta(days=1)) == (nine_to_five,)
    # The twenty minutes that both stretches cover are counted once.
    assert due_at(parse_span("8 service hours"), monday, halves).instant == nine_to_five.closes


def test_a_team_that_never_closes_has_service_hours_equal_to_real_hours_and_days_that_end_at_midnight() -> None:
    always = Calendar.always_open("Europe/London")
    start = local("2026-03-28T10:00").astimezone(UTC)
    assert due_at(parse_span("30 service hours"), start, always).instant == start + timedelta(hours=30)
    assert due_at(parse_span("1 working day"), start, always).instant == local("2026-03-30T00:00")


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2026-03-29T01:30", "Europe/London", "2026-03-29T01:00+00:00"),  # skipped: when the clocks go forward
        ("2026-03-29T02:00", "Europe/London", "2026-03-29T01:00+00:00"),
        ("2026-10-25T01:30", "Europe/London", "2026-10-25T00:30+00:00"),  # comes twice: the first
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30+00:00"),  # a half-hour change
        ("2026-04-24T00:00", "Africa/Cairo", "2026-04-23T22:00+00:00"),  # midnight itself is skipped
        ("2026-11-01T00:30", "America/Havana", "2026-11-01T04:30+00:00"),  # the hour after midnight comes twice
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00+00:00"),  # a whole day was skipped
    ],
)
def test_wall_times_that_do_not_exist_or_come_twice(wall: str, zone: str, instant: str) -> None:
    assert first_instant(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(instant)


def test_hours_inside_a_gap_vanish_and_are_not_counted() -> None:
    sunday = (WeeklyInterval(6, 75, 105),)  # 01:15 to 01:45, which London skips on 29 March 2026
    calendar = Calendar("Europe/London", sunday, frozenset(), (), date(2026, 1, 1), date(2026, 12, 31))
    assert due_at(parse_span("1 working day"), local("2026-03-28T12:00"), calendar).instant == local("2026-04-05T01:45")


def test_an_evening_that_comes_twice_does_not_count_the_morning_already_behind_it() -> None:
    zone = "Antarctica/Casey"  # at 02:00 on 5 March 2010 the clocks went back to 23:00 on the 4th
    night = tuple(WeeklyInterval(weekday, 0, 60) for weekday in range(7))
    calendar = Calendar(zone, night, frozenset(), (), date(2010, 1, 1), date(2010, 12, 31))
    start = local("2010-03-04T23:30", zone, fold=1)
    assert due_at(parse_span("1 working day"), start, calendar).instant == local("2010-03-06T01:00", zone)
    assert due_at(parse_span("same day"), start, calendar).instant == start.astimezone(UTC) + timedelta(hours=2)


@pytest.mark.parametrize("span", ["same day", "noon next day"])
def test_a_list_of_holidays_nobody_renewed_cannot_stop_a_clock_of_the_local_day(span: str) -> None:
    calendar = Calendar("Europe/London", OFFICE_WEEK, frozenset(), (), date(2026, 1, 1), date(2026, 6, 30))
    start = local("2026-07-01T09:00")
    assert start < due_at(parse_span(span), start, calendar).instant <= start + timedelta(hours=27)


@pytest.mark.parametrize("span", [span for span in READING if span not in ("same day", "noon next day")])
def test_an_expired_calendar_refuses_loudly_and_says_what_to_renew(span: str) -> None:
    calendar = Calendar("Europe/London", OFFICE_WEEK, frozenset(), (), date(2026, 1, 1), date(2026, 6, 30))
    for start in ("2025-12-31T23:59", "2026-07-01T00:00", "2026-07-01T09:00"):
        with pytest.raises(CalendarExpired, match=r"2026-01-01 to 2026-06-30.*renew the team's hours and closed days"):
            due_at(parse_span(span), local(start), calendar)
    with pytest.raises(CalendarExpired):
        due_at(parse_span(span), local("2026-06-30T16:30"), calendar)


def test_the_midnight_that_ends_the_last_valid_day_is_still_covered() -> None:
    calendar = Calendar("Europe/London", OFFICE_WEEK, frozenset(), (), date(2026, 1, 1), date(2026, 6, 30))
    assert due_at(parse_span("same day"), local("2026-06-30T09:00"), calendar).instant == local("2026-07-01T00:00")
    with pytest.raises(CalendarExpired):
        calendar.open_at(local("2026-07-01T00:00"))
    with pytest.raises(CalendarExpired):
        calendar.open_intervals(local("2026-06-30T00:00"), local("2026-07-02T00:00"))


def test_elapsed_spans_do_not_need_a_calendar_that_is_still_valid() -> None:
    calendar = Calendar("Europe/London", (), frozenset(), (), date(2020, 1, 1), date(2020, 1, 1))
    start = datetime(2026, 6, 6, 3, tzinfo=UTC)
    assert due_at(parse_span("30 d"), start, calendar).instant == start + timedelta(days=30)


def test_a_service_that_never_opens_refuses_at_once_instead_of_walking_to_the_end_of_time() -> None:
    calendar = Calendar("UTC", (), frozenset(), (), date(2026, 1, 1), date(9998, 12, 31))
    for span in ("1 service hour", "1 working day"):
        with pytest.raises(CalendarExpired):
            due_at(parse_span(span), FIRST, calendar)


def test_the_digest_names_the_hours_whatever_their_order() -> None:
    one = office("Europe/London")
    turned = Calendar(
        one.zone, OFFICE_WEEK[::-1] + OFFICE_WEEK[:1], one.closed_days, one.extra, one.valid_from, one.valid_to
    )
    assert one == turned and one.digest == turned.digest and len(one.digest) == 64
    others = [
        office("Europe/Paris"),
        office("Europe/London", frozenset({date(2026, 12, 25)})),
        office("Europe/London", extra=(DatedInterval(date(2026, 12, 25), 600, 720),)),
        Calendar(one.zone, OFFICE_WEEK[:4], one.closed_days, one.extra, one.valid_from, one.valid_to),
        Calendar(one.zone, OFFICE_WEEK, one.closed_days, one.extra, one.valid_from, date(2031, 4, 1)),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 6


def test_calendars_that_cannot_be_are_refused() -> None:
    for zone in ("Europe/Nowhere", "Europe", "../etc/passwd", ""):
        with pytest.raises(CalendarError):
            Calendar.always_open(zone)
    for weekday, opens, closes in ((7, 0, 60), (0, 60, 60), (0, 120, 60), (0, -1, 60), (0, 0, 1441)):
        with pytest.raises(CalendarError):
            WeeklyInterval(weekday, opens, closes)
    with pytest.raises(CalendarError):
        Calendar("UTC", (), frozenset(), (), date(2026, 2, 1), date(2026, 1, 31))


def test_a_start_without_a_zone_is_refused() -> None:
    bare = local("2026-06-05T09:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="needs a time zone"):
        due_at(parse_span("4 h"), bare, Calendar.always_open("UTC"))


@settings(deadline=None)
@given(moments(), st.sampled_from(READING))
def test_due_is_always_after_the_start_and_the_same_however_the_start_is_written(
    moment: tuple[str, datetime], text: str
) -> None:
    zone, start = moment
    for calendar in (office(zone), Calendar.always_open(zone)):
        due = due_at(parse_span(text), start, calendar).instant
        assert due > start
        assert due_at(parse_span(text), start.astimezone(ZoneInfo(zone)), calendar).instant == due


@settings(deadline=None)
@given(moments(), st.sampled_from((*READING, "4 h", "7 d")), st.integers(0, 200_000))
def test_a_later_start_is_never_due_earlier(moment: tuple[str, datetime], text: str, later: int) -> None:
    zone, start = moment
    span, calendar = parse_span(text), office(zone)
    after = start + timedelta(seconds=later)
    first, second = due_at(span, start, calendar).instant, due_at(span, after, calendar).instant
    assert second >= first
    if text in ("4 h", "7 d"):
        assert second - first == after - start


@settings(deadline=None)
@given(moments(), st.integers(1, 60))
def test_service_hours_add_up_to_exactly_that_much_open_time(moment: tuple[str, datetime], hours: int) -> None:
    zone, start = moment
    nights = (WeeklyInterval(5, 1200, 1440), WeeklyInterval(6, 0, 300))  # over the hours at which clocks change
    calendar = Calendar(zone, OFFICE_WEEK + nights, frozenset(), (), date(2025, 12, 1), date(2031, 3, 31))
    due = due_at(Span("service-hours", hours), start, calendar).instant
    open_time = sum((o.closes - o.opens for o in calendar.open_intervals(start, due)), timedelta())
    assert open_time == timedelta(hours=hours)
    assert calendar.open_at(due - timedelta(microseconds=1))


def test_every_gap_and_fold_in_every_zone_leaves_noon_at_noon_and_the_day_within_26_hours() -> None:
    seen = 0
    for zone in ZONES:
        tz = ZoneInfo(zone)
        for change in changes(zone):
            seen += 1
            calendar = office(zone)
            for hours in (-24, -1, 0, 1):
                start = change + timedelta(hours=hours, microseconds=-1)
                noon = due_at(Span("noon-next-day", 1), start, calendar).instant.astimezone(tz)
                tomorrow = start.astimezone(tz).date() + timedelta(days=1)
                assert (noon.date(), noon.hour, noon.minute, noon.second) == (tomorrow, 12, 0, 0), (zone, change)
                ended = due_at(Span("same-day", 1), start, calendar).instant
                assert timedelta(hours=2) <= ended - start <= timedelta(hours=26), (zone, change)
                # Up to the due instant it is still that day, save for the two hours that are always left.
                if ended - start > timedelta(hours=2):
                    assert (ended - timedelta(microseconds=1)).astimezone(tz).date() == start.astimezone(tz).date()
                    assert ended.astimezone(tz).date() == tomorrow
    assert seen > 1_500, "the zone data of this machine knows hardly any change of clocks"
