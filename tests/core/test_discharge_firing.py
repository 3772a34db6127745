"""Firing: a second earlier there is nothing due; long downtime loses nothing and fires nothing twice; clocks change, calendars end."""

from datetime import date, datetime, timedelta

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.decide import Accepted
from holdfast.core.refusals import Refusal
from tests.core.cases import HIGH, REASON, shipped, toy
from tests.core.network import (
    COMMUNITY,
    DARA,
    DAY,
    HOUR,
    IVY,
    KIT,
    LEA,
    LONDON,
    START,
    UNA,
    WARD,
    network,
    office,
    rezoned,
)

SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(START.tzinfo)


@pytest.mark.requirement("ESC-06")
def test_a_second_earlier_nothing_is_due() -> None:
    case = shipped().sent().after(DAY - SECOND)
    assert case.refused(c.FireClocks(), "system").code == "nothing_due"
    case.after(SECOND).do(c.FireClocks(), "system")
    assert case.owed("receipt").status == "breached"
    assert case.refused(c.FireClocks(), "system").code == "nothing_due", "a clock fires once"


def test_an_answer_in_the_last_second_leaves_the_worker_nothing_to_do() -> None:
    case = shipped().sent().after(DAY - SECOND)
    case.take("confirm-receipt", IVY)
    case.after(SECOND)
    assert case.refused(c.FireClocks(), "system").code == "nothing_due"


@pytest.mark.requirement("ESC-06")
def test_days_of_downtime_fire_each_clock_once_oldest_first_and_say_how_late() -> None:
    case = shipped().accepted(**HIGH).after(6 * DAY)
    events = case.do(c.FireClocks("power failure"), "system")
    breaches = [event for event in events if isinstance(event, e.ObligationBreached)]
    assert [b.due for b in breaches] == sorted(b.due for b in breaches)
    assert len({b.id for b in breaches}) == len(breaches) > 5
    assert all(b.why_late == "power failure" and b.late_by > 5 for b in breaches)
    assert all(r.rung == 0 for r in events if isinstance(r, e.RungFired))
    next_ring = case.state.next_ring()
    # What a breach opened while firing (the fallback) is in its time; nothing else is due again.
    assert next_ring is not None and next_ring > case.now


def test_on_time_needs_no_explanation() -> None:
    case = shipped().sent().tick(START + HOUR + DAY)
    (breach,) = case.seen(e.ObligationBreached)
    assert (breach.late_by, breach.why_late) == (0, "")


def test_the_window_of_an_open_case_and_its_resolution_ring_together() -> None:
    case = shipped().contacted().after(31 * DAY)
    case.do(c.FireClocks("down"), "system")
    assert case.seen(e.WindowEnded) == [e.WindowEnded(START + 30 * DAY, case.now)]
    assert case.latest("resolution").status == "breached"


def test_a_day_is_twenty_four_hours_when_the_clocks_change() -> None:
    case = shipped(at("2026-10-24T22:00:00+00:00")).sent()
    assert case.owed("receipt").due == at("2026-10-25T23:00:00+00:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # London puts its clocks back at 01:00 UTC on 25 October: that day ends at 24:00 UTC, the one before at 23:00.
        ("2026-10-24T10:00:00+01:00", "2026-10-24T23:00:00+00:00"),
        ("2026-10-25T10:00:00+00:00", "2026-10-26T00:00:00+00:00"),
        ("2026-10-25T01:30:00+01:00", "2026-10-26T00:00:00+00:00"),
        # Spring forward, and a leap day.
        ("2026-03-29T10:00:00+01:00", "2026-03-29T23:00:00+00:00"),
        ("2028-02-28T10:00:00+00:00", "2028-02-29T00:00:00+00:00"),
        ("2028-02-29T10:00:00+00:00", "2028-03-01T00:00:00+00:00"),
        # A day that is nearly over leaves two hours.
        ("2028-02-29T23:30:00+00:00", "2028-03-01T01:30:00+00:00"),
    ],
)
def test_same_day_ends_at_midnight_on_the_wall(start: str, due: str) -> None:
    directory = rezoned(network(), COMMUNITY, office(LONDON))
    case = shipped(at(start) - 2 * HOUR, directory).accepted(**HIGH)
    assert case.now == at(start)
    told = case.owed("person-told")
    assert (told.due, told.zone) == (at(due), LONDON)


def test_the_window_of_a_leap_year_is_thirty_days_all_the_same() -> None:
    case = shipped(at("2028-02-10T09:00:00+00:00")).opened()
    assert case.state.window_rings == at("2028-03-11T09:00:00+00:00")


def test_a_calendar_that_ran_out_refuses_a_person_and_stops_no_clock() -> None:
    directory = rezoned(network(), WARD, office(LONDON, date(2026, 3, 2)))
    case = shipped(START + DAY, directory).sent()
    refusal = case.refused(case.step("ask"), IVY)
    assert refusal.code == "calendar_expired" and "renew" in refusal.says
    case.wait(2 * DAY)
    assert case.rungs("receipt")


def test_a_calendar_that_ran_out_counts_as_out_of_hours_for_a_rung() -> None:
    directory = rezoned(network(), COMMUNITY, office(LONDON, date(2026, 3, 2)))
    case = shipped(START + DAY, directory).accepted()
    case.take("raise-signal", IVY)
    case.wait(31 * HOUR / 60)
    assert case.rungs("clinical-response")[-1].told == "nia"


def test_a_working_day_span_of_another_field_goes_on_in_real_time_when_a_machine_opens_it() -> None:
    directory = rezoned(network(), COMMUNITY, office(LONDON, date(2026, 3, 2)))
    case = toy(START, directory).opened()
    case.do(c.FillPacket(case.packet(seal__intact="yes")), KIT)
    case.do(c.NameRole("insurer", DARA), KIT)
    case.take("send", KIT)
    refusal = case.refused(case.step("receive"), IVY)
    assert refusal.code == "calendar_expired"
    decision = case.ask(case.step("receive", {"receive.keeper": LEA}), IVY)
    assert isinstance(decision, Refusal) and not case.is_owed("insurance")


def test_what_two_people_and_a_worker_do_at_one_instant_has_one_order() -> None:
    case = shipped().sent().after(DAY)
    before = case.state.copy()
    fired = case.ask(c.FireClocks(), "system")
    assert isinstance(fired, Accepted)
    case.take("confirm-receipt", IVY)
    assert case.latest("receipt").status == "annulled", "done at the due instant is in time"
    case.state_or_none, case.events = before, []
    case.take("confirm-receipt", IVY)
    assert case.latest("receipt").status == "met"


def test_a_retimed_clock_is_another_clock() -> None:
    case = shipped().sent()
    old = case.owed("receipt").clock
    case.do(c.RaiseTier("high", REASON), UNA)
    assert case.owed("receipt").clock != old
    case.after(5 * HOUR).do(c.FireClocks(), "system")
    assert [b.due for b in case.seen(e.ObligationBreached) if b.id == "receipt#1"] == [START + 5 * HOUR]
