"""A rehearsal's clock goes only forward, and a story's times mean what they say in the network's zone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.fault import StoryFault
from holdfast.rehearsal.reckoning import Reckoning, span_of

NOW = datetime(2026, 5, 14, 15, 7, tzinfo=UTC)


def test_the_clock_never_goes_back():
    clock = VirtualClock(NOW)
    clock.move_to(NOW - timedelta(hours=1))
    assert clock.now() == NOW
    clock.advance(timedelta(minutes=5))
    clock.move_to(NOW + timedelta(hours=1))
    assert clock.now() == NOW + timedelta(hours=1)
    with pytest.raises(ValueError):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError):
        VirtualClock(datetime(2026, 5, 14))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("day 0 09:00", "2026-03-07T14:00+00:00"),
        ("day 1 02:30", "2026-03-08T07:00+00:00"),  # no such time: the instant the clocks go forward
        ("day 1 09:00", "2026-03-08T13:00+00:00"),
        ("day -1", "2026-03-06T05:00+00:00"),
        ("now", "2026-05-14T15:07+00:00"),
        ("now - 2 h 30 min", "2026-05-14T12:37+00:00"),
        ("now + 3 d", "2026-05-17T15:07+00:00"),
    ],
)
def test_times_of_a_story(text, instant):
    reckoning = Reckoning(date(2026, 3, 7), "America/New_York", NOW)
    assert reckoning.reads(text)
    assert reckoning.instant(text) == datetime.fromisoformat(instant)


@pytest.mark.parametrize("text", ["tomorrow", "day 1 25:00", "day 1 9:00", "now - soon", "now - ", "", "day one"])
def test_what_is_no_time_is_refused_in_words(text):
    with pytest.raises(StoryFault, match="write"):
        Reckoning(date(2026, 3, 7), "America/New_York", NOW).instant(text)


def test_a_story_without_a_now_has_none():
    with pytest.raises(StoryFault, match="no now"):
        Reckoning(date(2026, 3, 7), "America/New_York").instant("now - 5 min")


def test_spans():
    assert span_of("1 d 2 h 3 min") == timedelta(days=1, hours=2, minutes=3)
