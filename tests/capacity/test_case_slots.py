"""Slots from a case: booked by a step, waited for in order of risk and age, offered by themselves, given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.capacity.models import SlotRow
from holdfast.core.capacity import OFFER_LASTS, ReleaseSlot
from holdfast.desk.pools import handle_pool
from holdfast.desk.rebuild import compare, rebuild
from tests.capacity.harbour import BERTHS, berth, berths, harbour, hold, ship, turn_over
from tests.installation import (
    OUTSIDER,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER,
    SENDER_LAST_RESORT,
    Installation,
    given,
)


@pytest.fixture
def house(db: object) -> Installation:
    return harbour()


def book(case, slot, actor=SENDER):
    return case.ask("TakeStep", actor, {"berth.at": given(slot)}, step="book-berth")


@pytest.mark.requirement("STP-03", "CAP-06")
def test_a_step_books_the_slot_and_its_time_starts_the_clock(house):
    hold(house)
    case = ship(house)
    assert book(case, berth(house)).accepted
    row = SlotRow.objects.get()
    assert (row.status, row.case) == ("booked", case.id)
    assert case.promise("arrival").due == row.at
    assert case.state.slots == {"berth.at": (BERTHS, berth(house))}


@pytest.mark.requirement("STP-03", "CAP-06")
def test_a_slot_that_is_gone_refuses_the_whole_step_and_names_the_next_free_one(house):
    hold(house, places=2)
    first, second = ship(house), ship(house)
    assert book(first, berth(house)).accepted
    before = second.state
    refusal = book(second, berth(house)).refusal
    assert refusal.code == "slot_taken"
    assert refusal.missing[0].what == berth(house, place=2)
    assert second.state == before
    assert book(second, berth(house, place=2)).accepted
    third = book(ship(house), berth(house)).refusal
    assert (third.code, third.missing) == ("slot_taken", ())


def test_a_slot_in_the_past_or_made_up_is_refused(house):
    hold(house, hours=1)
    case = ship(house)
    early = berth(house, hours=1)
    assert book(case, "tomorrow").refusal.code == "not_a_slot"
    assert book(case, berth(house, hours=2)).refusal.code == "slot_taken"
    house.wait(hours=2)
    assert book(case, early).refusal.code == "not_a_slot"


def test_choosing_again_gives_the_earlier_slot_back(house):
    hold(house, places=2)
    case = ship(house)
    assert book(case, berth(house)).accepted
    assert book(case, berth(house, place=2)).accepted
    assert [slot.id for slot in berths().of(case.id)] == [berth(house, place=2)]
    assert [slot.id for slot in berths().free()] == [berth(house)]


@pytest.mark.requirement("STP-03")
@pytest.mark.hazard("HZ-55")
def test_who_waits_is_offered_the_next_slot_by_risk_and_then_age(house):
    sound, old, leaking = ship(house), ship(house), ship(house, leaks="yes")
    for case in (old, sound, leaking):
        case.step("wait-for-berth", SENDER)
        house.wait(minutes=5)
    hold(house)
    assert leaking.state.proposed == {BERTHS: berth(house)}
    assert leaking.state.moments["slot-offered"].count == 1
    assert leaking.promise("berth-free").status == "met"
    assert book(old, berth(house)).refusal.code == "slot_taken"
    assert book(leaking, berth(house)).accepted
    hold(house, places=2)
    assert old.state.proposed and not sound.state.proposed


@pytest.mark.requirement("STP-03")
def test_an_offer_that_is_not_taken_goes_to_the_next_in_line(house):
    first, second = ship(house, leaks="yes"), ship(house)
    for case in (first, second):
        case.step("wait-for-berth", SENDER)
    hold(house)
    house.wait(seconds=OFFER_LASTS.total_seconds())
    turn_over(house)
    assert first.state.moments["slot-lapsed"].count == 1
    assert not first.state.proposed
    assert list(second.state.proposed) == [BERTHS]
    assert [w.case for w in berths().line()] == [first.id, second.id]


@pytest.mark.requirement("STP-03")
@pytest.mark.hazard("HZ-55")
def test_without_any_slot_the_request_waits_visibly_and_its_clock_climbs(house):
    case = ship(house, leaks="yes")
    case.step("wait-for-berth", SENDER)
    assert [w.case for w in berths().line()] == [case.id]
    house.tick(case, until=case.promise("berth-free").due)
    assert case.told("berth-free") == [RECEIVER_SUPERVISOR]
    house.tick(case, until=house.now + timedelta(hours=15))
    assert case.told("berth-free") == [RECEIVER_SUPERVISOR, RECEIVER_SUPERVISOR, SENDER_LAST_RESORT]


@pytest.mark.requirement("STP-03")
def test_a_case_that_ends_or_goes_elsewhere_gives_back_what_it_holds(house):
    hold(house)
    first, second = ship(house), ship(house)
    assert book(first, berth(house)).accepted
    second.step("wait-for-berth", SENDER)
    first.does("CloseCase", SENDER, endpoint="in-port")
    turn_over(house)
    assert second.state.proposed == {BERTHS: berth(house)}
    second.step("ask-elsewhere", SENDER, {"elsewhere.harbour": given("south")})
    assert not second.state.proposed
    assert [slot.id for slot in berths().free()] == [berth(house)]
    assert berths().waiting == {}


@pytest.mark.requirement("STP-03")
def test_used_and_unused_slots_are_counted_when_their_time_has_come(house):
    hold(house, places=2)
    assert book(ship(house), berth(house)).accepted
    house.wait(hours=25)
    turn_over(house)
    assert berths().slots == {}
    assert sorted(SlotRow.objects.values_list("status", "why")) == [("released", "unused"), ("released", "used")]


def test_only_the_team_holds_its_slots_and_what_is_booked_stays(house):
    assert hold(house, actor=OUTSIDER).refusal.code == "not_yours"
    assert hold(house).accepted
    assert book(ship(house), berth(house)).accepted
    refusal = handle_pool(house.desk, BERTHS, ReleaseSlot(berth(house)), RECEIVER, "test").refusal
    assert refusal is not None and refusal.code == "slot_booked"


def test_a_withdrawn_offer_is_told_and_the_line_stands(house):
    case = ship(house)
    case.step("wait-for-berth", SENDER)
    hold(house)
    handle_pool(house.desk, BERTHS, ReleaseSlot(berth(house)), RECEIVER, "test")
    assert case.state.moments["slot-lapsed"].count == 1
    assert not case.state.proposed
    assert [w.case for w in berths().line()] == [case.id]


@pytest.mark.requirement("STP-03")
def test_a_worse_tier_moves_up_the_line(house):
    first, second = ship(house), ship(house)
    for case in (first, second):
        case.step("wait-for-berth", SENDER)
        house.wait(minutes=1)
    second.does("RaiseTier", SENDER, texts={"reason": "water in the hold"}, tier="leaking")
    assert [w.case for w in berths().line()] == [second.id, first.id]


def test_the_rows_can_be_made_again_from_the_record(house):
    hold(house, places=3)
    booked, waits = ship(house), ship(house)
    assert book(booked, berth(house)).accepted
    assert book(booked, berth(house, place=2)).accepted
    waits.step("wait-for-berth", SENDER)
    turn_over(house)
    assert compare(house.desk.vault) == []
    SlotRow.objects.filter(turn=2).delete()
    assert {d.table for d in rebuild(house.desk.vault, write=True)} == {"capacity_slot"}
    assert compare(house.desk.vault) == []
