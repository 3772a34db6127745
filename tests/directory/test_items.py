"""Entries of the directory as plain JSON: there and back, and refused in words when they are not whole."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from holdfast.core.calendars import Calendar, DatedInterval, WeeklyInterval
from holdfast.core.parties import Absence, Duty, Organisation, Team
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.hours import find_closed_days, publish_calendar
from holdfast.directory.items import KINDS, Route, item_from_plain, item_to_plain, ref_of
from tests.directory.entries import OFFICE, entries, person

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)


def team(**more) -> Team:
    return Team("t", "T", "harbour", OFFICE, **({"address": "t@example.org"} | more))


@pytest.mark.parametrize("value", [*entries(), team(phone="202-555-0100", pin_hash="x", external=True)], ids=ref_of)
def test_there_and_back_through_json(value):
    kind, ref, body = item_to_plain(value)
    assert kind in KINDS
    assert item_from_plain(kind, ref, json.loads(json.dumps(body))) == value


def test_a_calendar_keeps_its_digest():
    extra = (DatedInterval(date(2026, 7, 3), 600, 720),)
    calendar = publish_calendar(
        "Europe/London", {"mon-fri": "09:00-17:00", "sun": "22:00-24:00"}, FIRST, LAST, extra=extra
    )
    kind, ref, body = item_to_plain(Team("t", "T", "o", calendar, address="t@example.org"))
    back = item_from_plain(kind, ref, json.loads(json.dumps(body)))
    assert isinstance(back, Team)
    assert back.calendar.digest == calendar.digest


def test_holidays_become_dates_once():
    assert date(2026, 11, 26) in find_closed_days("US-NY", FIRST, LAST)
    assert date(2026, 12, 25) in find_closed_days("GB-ENG", FIRST, LAST)
    assert all(FIRST <= day <= LAST for day in find_closed_days("GB", FIRST, LAST))
    calendar = publish_calendar(
        "Europe/London", {"mon": "09:00-17:00"}, FIRST, LAST, "GB-ENG", closed=[date(2026, 6, 1)]
    )
    assert {date(2026, 6, 1), date(2026, 12, 25)} <= calendar.closed_days
    assert calendar.hours == (WeeklyInterval(0, 540, 1020),)


def test_an_absence_is_named_by_its_start_in_utc_however_it_is_written():
    there = timezone(timedelta(hours=-5))
    written = Absence("maren", AT.astimezone(there), AT.astimezone(there) + timedelta(days=1))
    kind, ref, body = item_to_plain(written)
    assert ref == "maren@2026-03-02T05:00:00+00:00"
    assert body["start"] == "2026-03-02T05:00:00+00:00"
    assert item_from_plain(kind, ref, body) == written


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (Organisation("harbour", "Harbour", ""), "can be replaced, not removed"),
        (Organisation("Harbour!", "Harbour", "x"), "cannot be the id"),
        (Organisation("harbour", " ", "x"), "needs a name"),
        (team(address=""), "needs an e-mail address"),
        (team(address="not an address"), "needs an e-mail address"),
        (team(channel=""), "needs the channel"),
        (team(second_address="t@example.org"), "second address that is not its first"),
        (team(duties=(Duty("lead", "x", "sometimes"),)), "hours are any, open or closed"),
        (person("maren", email="maren"), "is not an e-mail address"),
        (Absence("maren", AT, AT), "must end after it begins"),
        (Absence("maren", datetime(2026, 3, 2), datetime(2026, 3, 3)), "must end after it begins"),  # noqa: DTZ001
        (Absence("maren", AT, AT + timedelta(days=1), "maren"), "cannot cover their own absence"),
        (Route("", "p", "a", "b", "c"), "needs a source"),
        (Route("x" * 101, "p", "a", "b", "c"), "needs a source"),
        (Route("*", "", "a", "b", "c"), "needs a pathway"),
        (Route("*", "p", "a", "a", "c"), "two teams"),
    ],
)
def test_what_is_not_whole_is_refused(value, says):
    with pytest.raises(DirectoryFault) as refusal:
        item_to_plain(value)
    assert says in refusal.value.says


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("organisation", {"last_resort": None}),
        ("organisation", {"motto": "x"}),
        ("team", {"calendar": {}}),
        ("team", {"calendar": "always"}),
        ("team", {"external": "yes"}),
        ("team", {"phone": 5}),
        ("team", {"duties": [{"role": "lead"}]}),
        ("staff", {"roles": ["lead"]}),
        ("staff", {"active": 1}),
        ("staff", {"id": "another"}),
        ("absence", {"start": "2026-03-02T05:00:00"}),
        ("route", {"holder": 7}),
    ],
)
def test_a_body_of_another_shape_is_refused(kind, change):
    _, ref, body = next(item for item in map(item_to_plain, entries()) if item[0] == kind)
    with pytest.raises(DirectoryFault):
        item_from_plain(kind, ref, body | change)


def test_an_unknown_kind_is_refused():
    with pytest.raises(DirectoryFault, match="not a kind"):
        item_from_plain("planet", "x", {})


@pytest.mark.parametrize(
    "hours", [{"fri-mon": "09:00-17:00"}, {"mon": "9-5"}, {"mon": "17:00-09:00"}, {"mon": "09:75-10:00"}]
)
def test_hours_that_cannot_be_are_refused(hours):
    with pytest.raises(DirectoryFault):
        publish_calendar("Europe/London", hours, FIRST, LAST)


def test_a_team_that_never_closes_goes_there_and_back():
    value = Team("t", "T", "o", Calendar.always_open("Europe/London"), address="t@example.org")
    assert item_from_plain(*item_to_plain(value)) == value
