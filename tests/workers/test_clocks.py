"""The clocks' duty: batches, order, lateness explained, and one broken case that stops nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.clocks.heartbeat import beat, freshness
from holdfast.clocks.models import Clock, Stalled
from holdfast.desk import sitting as desk_file
from holdfast.ledger.models import Entry
from holdfast.workers import clocks as duty_file
from holdfast.workers.clocks import Clocks


def test_nothing_due_is_nothing_done(works):
    works.house.sent()
    assert works.go(works.clocks) == 0


@pytest.mark.requirement("ESC-01")
def test_what_is_due_fires_once_and_the_next_is_armed(works):
    case = works.house.sent()
    works.house.now = case.promise("receipt").due
    assert works.go(works.clocks) == 1
    assert len(case.events("ObligationBreached")) == 1
    assert works.go(works.clocks) == 0
    assert Clock.objects.filter(stream=case.id, rings__gt=works.house.now).exists()
    assert works.clocks.late_ms() == 0


@pytest.mark.requirement("ESC-06")
@pytest.mark.hazard("HZ-77")
def test_after_three_days_without_a_worker_the_oldest_come_first_and_each_says_how_late_and_why(works):
    house = works.house
    first = house.sent()
    house.wait(hours=3)
    second = house.sent()
    house.wait(hours=3)
    third = house.sent()
    stopped = house.now
    beat("old", "clocks", stopped - timedelta(hours=8), stopped)
    house.wait(days=3)
    beat("new", "clocks", house.now, house.now)
    before = Entry.objects.order_by("-id").first().id
    works.clocks.batch = 2
    works.go(works.clocks)
    order = list(dict.fromkeys(Entry.objects.filter(id__gt=before).order_by("id").values_list("stream", flat=True)))
    assert order == [case.id for case in (first, second, third)]
    for case in (first, second, third):
        (breach,) = [e for e in case.events("ObligationBreached") if e["id"].startswith("receipt#")]
        assert breach["late_by"] > 24 * 3600
        gap = f"no worker was running from {stopped:%Y-%m-%d %H:%M} to {house.now:%Y-%m-%d %H:%M} UTC"
        assert breach["why_late"] == gap
    assert works.clocks.late_ms() > 24 * 3600 * 1000


@pytest.mark.hazard("HZ-77")
def test_one_case_that_fails_is_an_alarm_and_the_others_fire(works, monkeypatch):
    house = works.house
    cases = [house.sent() for _ in range(3)]
    house.now = max(case.promise("receipt").due for case in cases)
    broken, real = cases[0].id, desk_file.decide

    def decide(state, *args, **kwargs):
        if state is not None and state.case == broken:
            raise ValueError("the state cannot be read")
        return real(state, *args, **kwargs)

    monkeypatch.setattr(desk_file, "decide", decide)
    works.go(works.clocks)
    assert [len(case.events("ObligationBreached")) for case in cases] == [0, 1, 1]
    alarm = Stalled.objects.get()
    assert alarm.stream == broken and "ValueError" in alarm.says and "state" not in alarm.says
    beat("w", "clocks", house.now, house.now)
    assert freshness(house.now).stalled == 1
    assert works.go(works.clocks) == 0, "it rests, so that it does not spin"

    monkeypatch.undo()
    house.wait(minutes=2)
    works.go(works.clocks)
    assert len(cases[0].events("ObligationBreached")) == 1
    assert not Stalled.objects.exists()


def test_a_batch_lost_as_a_whole_is_fired_case_by_case(works, monkeypatch):
    house = works.house
    case = house.sent()
    house.now = case.promise("receipt").due
    monkeypatch.setattr(duty_file, "ringing", broken_once(duty_file.ringing))
    works.go(works.clocks)
    assert len(case.events("ObligationBreached")) == 1


def broken_once(real):
    calls = []

    def ringing(streams, now):
        calls.append(streams)
        if len(calls) == 1:
            raise ValueError("lost")
        return real(streams, now)

    return ringing


def test_two_workers_that_see_the_same_clock_fire_it_once(works):
    """What the second one claims has just been fired: the case says so, and that is no alarm."""
    house = works.house
    case = house.sent()
    house.now = case.promise("receipt").due
    works.go(works.clocks)
    late = Clocks(house.desk)
    late._fire_alone(case.id, house.now)
    assert len(case.events("ObligationBreached")) == 1
    assert not Stalled.objects.exists()
