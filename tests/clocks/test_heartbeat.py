"""Whether clocks are watched, and why one fired late, as heartbeats tell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.clocks.heartbeat import beat, freshness, lives, prune, why_late
from holdfast.clocks.models import Heartbeat
from holdfast.clocks.stalled import clear_stalled, note_stalled, resting

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def lived(name: str, start: datetime, last: datetime, duty: str = "clocks") -> None:
    beat(name, duty, start, start)
    beat(name, duty, start, last)


def test_never_heard_from():
    fresh = freshness(NOW)
    assert (fresh.ok, fresh.minutes) == (False, None)


@pytest.mark.hazard("HZ-80")
def test_a_dead_worker_is_seen_within_two_minutes():
    lived("a", NOW - timedelta(hours=1), NOW)
    assert freshness(NOW + timedelta(seconds=60)).ok
    dead = freshness(NOW + timedelta(seconds=120))
    assert not dead.ok and dead.minutes == 2 and "2 minutes" in dead.says


def test_another_duty_does_not_stand_for_the_clocks():
    lived("a", NOW - timedelta(hours=1), NOW, "deliveries")
    assert not freshness(NOW).ok


def test_a_stalled_case_is_said_while_the_worker_lives():
    lived("a", NOW - timedelta(hours=1), NOW)
    note_stalled("case:1", NOW, "firing its clocks failed (ValueError)")
    fresh = freshness(NOW)
    assert fresh.ok and fresh.stalled == 1 and "1 case" in fresh.says
    clear_stalled(["case:1"])
    assert freshness(NOW).says == ""


@pytest.mark.requirement("ESC-06")
def test_the_gap_in_which_a_clock_fell_due_is_named():
    lived("a", datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    lived("b", NOW, NOW)
    said = why_late(datetime(2026, 3, 2, 12, tzinfo=UTC), NOW, lives())
    assert said == "no worker was running from 2026-03-01 02:00 to 2026-03-04 09:00 UTC"


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (NOW - timedelta(minutes=30), ""),  # a worker was there: something else kept it
        (NOW + timedelta(seconds=1), ""),  # between two beats
        (datetime(2026, 1, 1, tzinfo=UTC), "no worker was running until 2026-03-04 08:00 UTC"),
    ],
)
def test_no_gap_is_made_up(due, says):
    lived("a", NOW - timedelta(hours=1), NOW)
    assert why_late(due, NOW + timedelta(seconds=3), lives()) == says


def test_the_last_worker_is_remembered_whatever_its_age():
    lived("a", NOW - timedelta(days=400), NOW - timedelta(days=399))
    lived("b", NOW - timedelta(days=300), NOW - timedelta(days=299))
    prune(NOW)
    assert list(Heartbeat.objects.values_list("worker", flat=True)) == ["b"]


def test_a_case_that_fails_again_and_again_rests_longer_and_is_never_given_up():
    note_stalled("case:1", NOW, "x")
    assert resting(NOW + timedelta(seconds=59)) == ["case:1"]
    assert resting(NOW + timedelta(seconds=61)) == []
    for _ in range(200):
        note_stalled("case:1", NOW, "x")
    assert resting(NOW + timedelta(days=5)) == ["case:1"]
    assert resting(NOW + timedelta(days=10)) == []
