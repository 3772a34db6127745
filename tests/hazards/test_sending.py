"""Hazards of sending, receipt and the packet."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.core import decide as deciding
from holdfast.core.answers import RawAnswer, Reading
from holdfast.core.commands import NoteSent
from holdfast.core.ladders import _next_climb as next_climb
from holdfast.core.moments import mark
from holdfast.core.pathway import Field
from holdfast.directory.snapshot import current_version, load
from tests.hazards.control import fails_without, no_gate, not_opening
from tests.installation import (
    DECISION_MAKER,
    HIGH,
    LEAD,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER,
    SENDER_LAST_RESORT,
    SENDER_SUPERVISOR,
    Installation,
    given,
    packet,
)

LADDERS = int(os.environ.get("HOLDFAST_LADDERS", "20"))


def sent_but_not_received(house: Installation) -> None:
    """HZ-01: send; nobody answers; second attempt, both supervisors and the last resort each fire, and the sender still holds it."""
    case = house.sent()
    receipt = case.state.find_owed("receipt")
    assert receipt is not None, "HZ-01: nothing watches for the receipt"
    house.tick(case, until=house.now + timedelta(hours=24 + 2 + 2 + 4, minutes=1))
    told = case.told("receipt")
    wanted = [RECEIVER, SENDER_SUPERVISOR, RECEIVER_SUPERVISOR, SENDER_LAST_RESORT]
    assert told == wanted, f"HZ-01: the ladder told {told}"
    assert case.state.holder == SENDER, "HZ-01: responsibility moved without an acceptance"
    house.wait(hours=1)
    case.accept()
    assert case.promise("receipt").status == "met-late", "HZ-01: a named answer did not stop the clock"


@pytest.mark.hazard("HZ-01")
@pytest.mark.requirement("REC-02", "REC-03", "ESC-01")
def test_hz_01_sent_but_not_received(house: Installation) -> None:
    sent_but_not_received(house)


@pytest.mark.control_off("HZ-01")
def test_hz_01_without_its_control(house: Installation) -> None:
    fails_without("HZ-01", sent_but_not_received, house, not_opening("receipt"))


def paperwork_is_not_a_response(house: Installation) -> None:
    """HZ-02: the mail server takes the message, an automatic reply comes; the state stays, the ladder fires."""
    case = house.sent()
    key = case.events("NoticeIssued")[0]["key"]
    case.hears("NoteSent", key=key, channel="email", at=house.now.isoformat())
    state = case.state
    assert "accepted" not in state.moments and "received" not in state.moments, (
        "HZ-02: a delivery counted as a response"
    )
    assert state.holder == SENDER, "HZ-02: a delivery moved responsibility"
    house.tick(case, until=house.now + timedelta(hours=24, minutes=1))
    assert case.told("receipt") == [RECEIVER], "HZ-02: a delivery stopped the ladder"


def _delivery_counts(work: object, command: NoteSent) -> None:
    real = deciding.note_sent
    real(work, command)  # type: ignore[arg-type]
    for moment in ("received", "receipt-confirmed", "accepted"):
        mark(work, moment, command.at)  # type: ignore[arg-type]


@pytest.mark.hazard("HZ-02")
@pytest.mark.requirement("REC-10")
def test_hz_02_paperwork_is_not_a_response(house: Installation) -> None:
    paperwork_is_not_a_response(house)


@pytest.mark.control_off("HZ-02")
def test_hz_02_without_its_control(house: Installation) -> None:
    fails_without("HZ-02", paperwork_is_not_a_response, house, _delivery_counts)


def a_ladder_never_falls_silent(house: Installation) -> None:
    """HZ-03: ladders nobody answers for thirty days; every one goes on calling a named person."""
    cases = [house.sent() for _ in range(LADDERS)]
    for case in cases:
        end = house.now + timedelta(days=2)
        while (ring := case.state.next_ring()) is not None and ring <= end:
            house.now = max(house.now, ring)
            case.fire()
    for case in cases:
        house.now += timedelta(days=14)
        case.fire()
        promise = case.promise("receipt")
        told = case.told("receipt")
        gap = promise.climbs - house.now
        assert timedelta(0) < gap <= timedelta(hours=4), f"HZ-03: the next call is {gap} away"
        assert told[-1] == SENDER_LAST_RESORT, f"HZ-03: the last call went to {told[-1]}"


def _gives_up(work, ladder, position, promise):
    """A ladder as trusted paging tools have it: silent after the last rung."""
    last = position >= len(ladder.rungs) - 1
    return work.now + timedelta(days=3650) if last else next_climb(work, ladder, position, promise)


@pytest.mark.hazard("HZ-03")
@pytest.mark.requirement("ESC-01", "REC-03")
def test_hz_03_a_ladder_never_falls_silent(house: Installation) -> None:
    a_ladder_never_falls_silent(house)


@pytest.mark.control_off("HZ-03")
def test_hz_03_without_its_control(house: Installation) -> None:
    fails_without("HZ-03", a_ladder_never_falls_silent, house, _gives_up)


def an_incomplete_packet_does_not_leave(house: Installation) -> None:
    """HZ-04: each needed field left out in turn; sending is refused and says which; an override opens a day's clock."""
    case = house.open()
    case.name_everybody()
    case.does("FillPacket", SENDER, packet())
    for field in packet():
        case.does("FillPacket", SENDER, {field: RawAnswer("blank")})
        outcome = case.ask("TakeStep", SENDER, step="send")
        assert not outcome.accepted, f"HZ-04: sent without {field}"
        assert field in {item.what for item in outcome.refusal.missing}, f"HZ-04: the refusal does not name {field}"
        case.does("FillPacket", SENDER, {field: packet()[field]})
    case.does("FillPacket", SENDER, {"risk.triggers": RawAnswer("blank")})
    case.step("send", SENDER, texts={"override": "Discharge tonight, the ward closes."})
    due = case.promise("complete-packet").due - house.now
    assert due == timedelta(hours=24), "HZ-04: no clock runs for the missing part"


@pytest.mark.hazard("HZ-04")
@pytest.mark.requirement("PKT-01", "PKT-06", "GAT-01", "GAT-07")
def test_hz_04_an_incomplete_packet_does_not_leave(house: Installation) -> None:
    an_incomplete_packet_does_not_leave(house)


@pytest.mark.control_off("HZ-04")
def test_hz_04_without_its_control(house: Installation) -> None:
    fails_without("HZ-04", an_incomplete_packet_does_not_leave, house, no_gate)


def a_decision_maker_by_day_and_night(house: Installation) -> None:
    """HZ-16: the decision-maker's night route is taken away; sending is refused and says so."""
    case = house.open()
    case.fill()
    case.name_everybody()
    dan = load(current_version()).staff[DECISION_MAKER]
    house.change_directory(replace(dan, night=""))
    outcome = case.ask("TakeStep", SENDER, step="send")
    assert not outcome.accepted, "HZ-16: sent though nobody with authority can be reached at night"
    named = {item.what for item in outcome.refusal.missing}
    assert "decision-maker-reachable" in named, "HZ-16: the refusal does not say what is missing"
    house.change_directory(dan)
    assert case.ask("TakeStep", SENDER, step="send").accepted, "HZ-16: refused though the route is there"


@pytest.mark.hazard("HZ-16")
@pytest.mark.requirement("OWN-05", "GAT-01")
def test_hz_16_a_decision_maker_by_day_and_night(house: Installation) -> None:
    a_decision_maker_by_day_and_night(house)


@pytest.mark.control_off("HZ-16")
def test_hz_16_without_its_control(house: Installation) -> None:
    fails_without("HZ-16", a_decision_maker_by_day_and_night, house, no_gate, "holdfast.core.stepping:unmet_gates")


def changes_are_reconciled(house: Installation) -> None:
    """HZ-36: a change without its rationale is refused; three days without reconciliation at high risk, and somebody is called."""
    case = house.open()
    row = given([{"change": "Stopped lithium", "rationale": ""}])
    outcome = case.ask("FillPacket", SENDER, packet(medication__changes=row))
    assert not outcome.accepted, "HZ-36: a change was taken without its rationale"
    case = house.accepted(**HIGH)
    due = case.promise("reconciliation").due - house.now
    assert due == timedelta(hours=72), f"HZ-36: reconciliation is due in {due}"
    house.tick(case, until=house.now + timedelta(hours=72, minutes=1))
    assert case.told("reconciliation") == [DECISION_MAKER], "HZ-36: nobody was called about it"


def _any_list(field: Field, value: object) -> Reading:
    return Reading("given", None, b"[]")


@pytest.mark.hazard("HZ-36")
@pytest.mark.requirement("TRK-05", "PKT-01")
def test_hz_36_changes_are_reconciled(house: Installation) -> None:
    changes_are_reconciled(house)


@pytest.mark.control_off("HZ-36")
def test_hz_36_without_its_control(house: Installation) -> None:
    fails_without("HZ-36", changes_are_reconciled, house, _any_list)


def the_prescriber_is_confirmed(house: Installation) -> None:
    """HZ-37: nobody confirms who prescribes; the clock of seven days fires and climbs to the supervisor."""
    case = house.accepted(**HIGH)
    assert case.state.find_owed("prescriber") is not None, "HZ-37: nobody owes the prescriber's confirmation"
    house.tick(case, until=house.now + timedelta(days=8, minutes=1))
    told = case.told("prescriber")
    assert told[:2] == [DECISION_MAKER, RECEIVER_SUPERVISOR], f"HZ-37: called {told}"
    evidence = {"prescriber.who": given("Dr Oduya"), "prescriber.confirmed": given("2026-03-11")}
    case.does("Meet", DECISION_MAKER, evidence, promise="prescriber#1")
    assert case.promise("prescriber").status == "met-late", "HZ-37: the confirmation did not close it"


@pytest.mark.hazard("HZ-37")
@pytest.mark.requirement("TRK-01", "CON-03")
def test_hz_37_the_prescriber_is_confirmed(house: Installation) -> None:
    the_prescriber_is_confirmed(house)


@pytest.mark.control_off("HZ-37")
def test_hz_37_without_its_control(house: Installation) -> None:
    fails_without("HZ-37", the_prescriber_is_confirmed, house, not_opening("prescriber"))


def skipped_checks_are_owed(house: Installation) -> None:
    """HZ-43: a contact without the early-warning check opens a task; two in a row reach the supervisor."""
    case = house.accepted()
    answers = {
        "contact.method": given("phone"),
        "contact.with": given("person"),
        "check.done": given("not-possible"),
        "check.why-not": given("Their sister was in the room."),
    }
    house.wait(hours=3)
    case.step("record-contact", LEAD, answers)
    owed = case.state.find_owed("check-owed")
    assert owed is not None and owed.owner == LEAD, "HZ-43: a skipped check is owed by nobody"
    house.wait(hours=20)
    case.step("record-contact", LEAD, answers)
    again = case.state.find_owed("check-skipped-again")
    assert again is not None and again.owner == RECEIVER_SUPERVISOR, (
        "HZ-43: skipped twice, and the supervisor does not know"
    )


@pytest.mark.hazard("HZ-43")
@pytest.mark.requirement("EWS-01")
def test_hz_43_skipped_checks_are_owed(house: Installation) -> None:
    skipped_checks_are_owed(house)


@pytest.mark.control_off("HZ-43")
def test_hz_43_without_its_control(house: Installation) -> None:
    fails_without("HZ-43", skipped_checks_are_owed, house, not_opening("check-owed"))
