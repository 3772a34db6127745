"""Hazards of contact, arrival and access."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.core.pathway import Emission
from holdfast.core.work import Work
from tests.hazards.control import fails_without, no_gate, not_opening, nothing
from tests.installation import DECISION_MAKER, LEAD, RECEIVER_SUPERVISOR, SENDER, Installation, given

ENGAGED = {"closing.next-steps": given("Weekly visits.")}


def accepted_is_not_arrived(house: Installation) -> None:
    """HZ-18: accepted and never attended: it cannot be closed as engaged, and it climbs until day 30 and beyond."""
    case = house.accepted()
    house.wait(hours=2)
    case.contact()
    outcome = case.ask("CloseCase", LEAD, ENGAGED, endpoint="engaged")
    assert not outcome.accepted, "HZ-18: closed as engaged though the person never came"
    assert "appointment-kept" in {item.what for item in outcome.refusal.missing}, (
        "HZ-18: it does not say what is missing"
    )
    house.now = case.state.window_ends + timedelta(minutes=1)
    case.fire()
    assert case.state.status == "open", "HZ-18: the case ended by itself"
    assert case.told("resolution"), "HZ-18: nobody was called at day 30"


@pytest.mark.hazard("HZ-18")
@pytest.mark.requirement("CLS-01", "CLS-02", "CLS-06")
def test_hz_18_accepted_is_not_arrived(house: Installation) -> None:
    accepted_is_not_arrived(house)


@pytest.mark.control_off("HZ-18")
def test_hz_18_without_its_control(house: Installation) -> None:
    fails_without("HZ-18", accepted_is_not_arrived, house, no_gate, "holdfast.core.closing:unmet_gates")


def nobody_is_lost_after_acceptance(house: Installation) -> None:
    """HZ-21: accepted and nothing done: the first-contact clock fires to the lead and then to the supervisor."""
    case = house.accepted()
    assert case.state.find_owed("first-contact") is not None, "HZ-21: acceptance started no clock"
    house.tick(case, until=house.now + timedelta(hours=72 + 2, minutes=1))
    told = case.told("first-contact")
    assert told == [LEAD, RECEIVER_SUPERVISOR], f"HZ-21: called {told}"


@pytest.mark.hazard("HZ-21")
@pytest.mark.requirement("CON-03", "REC-09")
def test_hz_21_nobody_is_lost_after_acceptance(house: Installation) -> None:
    nobody_is_lost_after_acceptance(house)


@pytest.mark.control_off("HZ-21")
def test_hz_21_without_its_control(house: Installation) -> None:
    fails_without("HZ-21", nobody_is_lost_after_acceptance, house, not_opening("first-contact"))


def trying_is_defined(house: Installation) -> None:
    """HZ-24: twenty attempts that do not count leave the clock running; attempts by method and spacing count."""
    case = house.accepted()
    methods = ["letter", "voicemail", "text"] * 5
    for method in methods:
        house.wait(minutes=1)
        case.contact(reached="nobody", method=method)
    for _ in range(5):
        house.wait(minutes=1)
        case.contact(reached="nobody")
    moments = case.state.moments
    assert moments["attempt-failed"].count == 1, f"HZ-24: {moments['attempt-failed'].count} attempts counted"
    assert moments["attempt-not-counted"].count == 19, "HZ-24: what did not count is not kept"
    assert case.state.find_owed("first-contact") is not None, "HZ-24: bogus attempts stopped the clock"
    for _ in range(2):
        house.wait(hours=3)
        case.contact(reached="nobody")
    assert case.state.find_owed("decide-after-three") is not None, "HZ-24: real attempts did not count"


def _every_attempt(work: Work, emission: Emission, *occurred: object) -> str:
    return emission.moment


@pytest.mark.hazard("HZ-24")
@pytest.mark.requirement("CON-01", "CON-04")
def test_hz_24_trying_is_defined(house: Installation) -> None:
    trying_is_defined(house)


@pytest.mark.control_off("HZ-24")
def test_hz_24_without_its_control(house: Installation) -> None:
    fails_without("HZ-24", trying_is_defined, house, _every_attempt)


def a_missed_appointment_is_known_the_same_day(house: Installation) -> None:
    """HZ-28: no outcome recorded: a clock; missed: the person who acts on that is told and owes it the same day."""
    case = house.accepted()
    house.wait(hours=2)
    appointment = house.now + timedelta(days=2)
    booking = {
        "appointment.at": given(appointment.isoformat()),
        "appointment.what": given("first"),
        "appointment.where": given("Clinic, bus 4"),
    }
    case.step("book-appointment", LEAD, booking)
    outcome = case.state.find_owed("appointment-outcome")
    assert outcome is not None, "HZ-28: nobody owes whether the person came"
    assert outcome.due == appointment + timedelta(hours=4), f"HZ-28: it is due {outcome.due}"
    house.tick(case, until=appointment + timedelta(hours=4, minutes=1))
    assert case.told("appointment-outcome"), "HZ-28: nobody was called when the outcome was missing"
    case.step("record-attendance", LEAD, {"attendance.outcome": given("missed")}, about=outcome.id)
    missed = case.promise("missed-appointment")
    assert missed.owner == DECISION_MAKER, "HZ-28: the named person does not owe it"
    assert missed.due - house.now <= timedelta(hours=24), "HZ-28: it is not taken up the same day"
    assert case.promise("fallback").owed, "HZ-28: the fallback did not start by itself"


@pytest.mark.hazard("HZ-28")
@pytest.mark.requirement("GAT-09", "OWN-05")
def test_hz_28_a_missed_appointment_is_known_the_same_day(house: Installation) -> None:
    a_missed_appointment_is_known_the_same_day(house)


@pytest.mark.control_off("HZ-28")
def test_hz_28_without_its_control(house: Installation) -> None:
    fails_without("HZ-28", a_missed_appointment_is_known_the_same_day, house, not_opening("appointment-outcome"))


def no_appointment_means_another_way_in(house: Installation) -> None:
    """HZ-29: seven days without a booking: another way in is owed by the supervisor."""
    case = house.accepted()
    assert case.state.holder != SENDER
    house.tick(case, until=house.now + timedelta(days=7, minutes=1))
    alternate = case.state.find_owed("alternate-appointment")
    assert alternate is not None, "HZ-29: the appointment did not come and nothing else was opened"
    assert alternate.owner == RECEIVER_SUPERVISOR, f"HZ-29: it is owed by {alternate.owner}"
    chosen = {"alternate.chosen": given("telehealth"), "alternate.when": given("2026-03-11T10:00+00:00")}
    case.does("Meet", RECEIVER_SUPERVISOR, chosen, promise=alternate.id)
    assert not case.promise("alternate-appointment").owed, "HZ-29: the choice did not close it"


@pytest.mark.hazard("HZ-29")
@pytest.mark.requirement("TRK-04")
def test_hz_29_no_appointment_means_another_way_in(house: Installation) -> None:
    no_appointment_means_another_way_in(house)


@pytest.mark.control_off("HZ-29")
def test_hz_29_without_its_control(house: Installation) -> None:
    fails_without("HZ-29", no_appointment_means_another_way_in, house, nothing)
