"""Ladders: who is behind a rung when it fires, what an acknowledgement buys, and that none ever falls silent."""

from dataclasses import replace

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.access import Viewer, may_see
from holdfast.core.parties import Organisation, Staff
from tests.core.cases import REACHED, REASON, shipped, toy
from tests.core.network import (
    DARA,
    DAY,
    HOUR,
    IVY,
    KIT,
    LEA,
    LEO,
    MINUTE,
    OZ,
    RAE,
    REX,
    SOL,
    START,
    UNA,
    away,
    network,
    without,
)


def test_a_rung_is_for_whoever_answers_when_it_fires() -> None:
    case = shipped().sent().wait(DAY)
    case.directory = away(case.directory, UNA, case.now, case.now + DAY, "kay")
    case.wait(2 * HOUR)
    rung = case.rungs("receipt")[-1]
    assert (rung.role, rung.told) == ("sender.supervisor", "kay")
    case.directory = away(network(), SOL, case.now, case.now + DAY)
    case.wait(2 * HOUR)
    rung = case.rungs("receipt")[-1]
    assert (rung.role, rung.told) == ("receiver.supervisor", REX)
    assert rung.alarm, "an empty target is an alarm"


def test_an_owner_who_left_is_stood_in_for_by_the_team_and_it_shows() -> None:
    case = shipped().accepted()
    case.directory = without(case.directory, LEA)
    case.wait(72 * HOUR)
    rung = case.rungs("first-contact")[0]
    assert rung.told == LEO and rung.alarm
    case.directory = without(case.directory, LEO)
    case.wait(14 * HOUR)
    assert [r.told for r in case.rungs("first-contact")] == [LEO, SOL, UNA, REX][:3]


def test_a_holder_who_left_is_replaced_by_name_when_the_next_clock_goes() -> None:
    case = shipped().accepted()
    case.directory = without(case.directory, LEA)
    case.wait(72 * HOUR)
    moved = case.seen(e.HolderMoved)[-1]
    assert (moved.frm, moved.to, case.state.holder) == (LEA, SOL, SOL)
    assert "left" in moved.why and (f"staff:{SOL}", "rung") in case.notices()
    assert LEA not in {promise.owner for promise in case.state.owed()}
    assert len([event for event in case.seen(e.HolderMoved) if event.frm == LEA]) == 1


def test_nobody_left_in_the_team_falls_to_the_last_resort_with_an_alarm() -> None:
    case = shipped().accepted()
    case.directory = without(case.directory, LEA, LEO, SOL, IVY, DARA, "cleo", "nia")
    case.wait(90 * HOUR)
    rungs = case.rungs("first-contact")
    assert [r.told for r in rungs[:3]] == [RAE, RAE, UNA]
    assert rungs[0].alarm and rungs[1].alarm and not rungs[2].alarm


def test_the_last_resort_is_told_even_when_away() -> None:
    case = shipped(directory=away(network(), REX, START, START + 99 * DAY)).sent().wait(3 * DAY)
    assert {r.told for r in case.rungs("receipt")[3:]} == {REX}


def test_the_last_resort_may_see_the_case_wherever_its_holder_is_employed() -> None:
    known = network()
    staff = {**known.staff, KIT: replace(known.staff[KIT], organisation="agency")}
    staff["amy"] = Staff("amy", "Amy", "agency", frozenset({("agency", "director")}))
    agency = Organisation("agency", "An agency", "amy")
    directory = replace(known, staff=staff, organisations={**known.organisations, "agency": agency})
    case = shipped(directory=directory).filled().wait(2 * DAY)
    assert case.rungs("packet")[-1].told == REX
    assert may_see(Viewer(REX), case.state.parties.values(), (), directory)


def test_an_acknowledgement_holds_the_ladder_an_hour_and_no_due_time() -> None:
    case = shipped().sent().wait(DAY + 2 * HOUR + MINUTE)
    due, fired = case.owed("receipt").due, len(case.rungs("receipt"))
    case.do(c.Acknowledge("receipt#1"), UNA)
    held = case.owed("receipt")
    assert (held.held_by, held.climbs, held.due) == (UNA, case.now + HOUR, due)
    assert case.refused(c.Acknowledge("receipt#1"), SOL).code == "already_held"
    case.wait(HOUR - MINUTE)
    assert len(case.rungs("receipt")) == fired
    case.wait(MINUTE)
    assert len(case.rungs("receipt")) == fired + 1
    assert case.owed("receipt").held_by == ""


def test_only_what_climbs_is_acknowledged_and_only_by_people_of_the_case() -> None:
    case = shipped().sent()
    assert case.refused(c.Acknowledge("receipt#1"), UNA).code == "not_climbing"
    assert case.refused(c.Acknowledge("receipt#7"), UNA).code == "unknown_promise"
    assert case.refused(c.Acknowledge("packet#1"), UNA).code == "already_settled"
    case.wait(DAY)
    assert case.refused(c.Acknowledge("receipt#1"), OZ).code == "not_yours"
    case.do(c.Acknowledge("receipt#1"), REX)


@pytest.mark.requirement("ESC-01")
def test_acknowledging_for_ever_still_calls_every_time() -> None:
    case = shipped().sent().wait(DAY)
    for _ in range(20):
        case.do(c.Acknowledge("receipt#1"), KIT)
        case.wait(HOUR)
    assert len(case.rungs("receipt")) == 21


def test_the_one_who_supplies_evidence_late_ends_the_ladder_whatever_rung_it_is_on() -> None:
    case = shipped().accepted().wait(10 * DAY)
    assert case.owed("first-contact").rung > 4
    case.take("record-contact", LEA, REACHED)
    clock = case.latest("first-contact").clock
    case.wait(10 * DAY)
    assert case.latest("first-contact").clock == clock


def test_every_rung_says_when_it_was_due_when_it_fired_and_for_whom() -> None:
    case = shipped().sent().after(DAY + 3 * HOUR)
    case.do(c.FireClocks("the worker was down"), "system")
    (breach,) = case.seen(e.ObligationBreached)
    (rung,) = case.rungs("receipt")
    assert breach.due == rung.due == START + HOUR + DAY
    assert breach.noticed == rung.noticed == case.now
    assert breach.late_by == rung.late_by == 3 * 3600 and breach.why_late == "the worker was down"
    assert (rung.told, rung.role) == (IVY, "receiver.intake")
    assert rung.climbs == case.now + 2 * HOUR, "whoever was told has the time the pathway gives them"


def test_a_bell_of_another_field_rings_the_same_way() -> None:
    case = toy(START + 6 * HOUR).opened()
    case.do(c.FillPacket(case.packet(seal__intact="yes")), KIT)
    case.do(c.NameRole("insurer", DARA), KIT)
    case.take("send", KIT)
    case.take("receive", IVY, {"receive.seal": "broken"})
    case.wait(2 * HOUR)
    assert [r.told for r in case.rungs("alarm-answer")] == [DARA, SOL, RAE, RAE, RAE]
    case.do(c.Waive("insurance#1", REASON), DARA)
    case.wait(10 * DAY)
    # Inspections count from when they were due: a missed one stays, and none piles up behind it.
    assert [p.number for p in case.state.promises.values() if p.kind == "inspection"] == [1]
    case.take("inspect", LEA, {"inspect.how": "opened-vault", "inspect.seal": "intact"})
    assert case.owed("inspection").started == case.state.promises["inspection#1"].due
