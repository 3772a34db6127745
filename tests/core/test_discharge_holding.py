"""Holding: responsibility moves by name to one person, promises are met by evidence or signed off by another."""

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.who import last_resort
from tests.core.cases import REASON, shipped
from tests.core.network import (
    CLEO,
    COMMUNITY,
    DARA,
    DAY,
    GWEN,
    HAL,
    HOUR,
    IVY,
    KIT,
    LEA,
    LEO,
    OZ,
    REX,
    SOL,
    UNA,
    away,
    without,
)


@pytest.mark.requirement("OWN-01", "OWN-09")
@pytest.mark.parametrize(
    ("to", "code"),
    [
        (COMMUNITY, "not_a_person"),
        ("nobody", "not_a_person"),
        ("", "not_a_person"),
        (OZ, "without_authority"),
        (HAL, "without_authority"),
        (GWEN, "without_authority"),
        (LEA, "nothing_changed"),
    ],
)
def test_a_case_is_handed_to_one_person_with_a_duty_in_its_teams(to: str, code: str) -> None:
    assert shipped().accepted().refused(c.MoveHolder(to, REASON), LEA).code == code


def test_handing_over_takes_the_open_promises_along() -> None:
    case = shipped().accepted()
    mine = {p.id for p in case.state.owed() if p.owner == LEA}
    case.do(c.MoveHolder(LEO, REASON), LEA)
    assert case.state.holder == LEO
    assert {p.id for p in case.state.owed() if p.owner == LEO} == mine
    assert case.state.duties["receiver.holder"] == LEO
    assert case.owed("reconciliation").owner == CLEO


def test_nobody_who_is_away_or_gone_is_handed_a_case() -> None:
    case = shipped().accepted()
    case.directory = away(case.directory, LEO, case.now, case.now + DAY)
    assert case.refused(c.MoveHolder(LEO, REASON), LEA).code == "not_a_person"
    case.directory = without(case.directory, LEO)
    assert case.refused(c.MoveHolder(LEO, REASON), LEA).code == "not_a_person"


@pytest.mark.parametrize(
    ("actor", "may"), [(LEA, True), (SOL, True), (UNA, True), ("rae", True), (IVY, False), (KIT, False), (OZ, False)]
)
def test_the_holder_a_supervisor_or_the_last_resort_hands_it_over(actor: str, may: bool) -> None:
    case = shipped().accepted()
    if may:
        case.do(c.MoveHolder(LEO, REASON), actor)
    else:
        assert case.refused(c.MoveHolder(LEO, REASON), actor).code == "not_yours"


def test_one_promise_is_handed_over_by_name_and_stays_there() -> None:
    case = shipped().accepted()
    case.do(c.MoveOwner("reconciliation#1", DARA, REASON), CLEO)
    case.do(c.MoveHolder(LEO, REASON), LEA)
    assert case.owed("reconciliation").owner == DARA
    assert case.refused(c.MoveOwner("reconciliation#1", DARA, REASON), DARA).code == "nothing_changed"
    assert case.refused(c.MoveOwner("reconciliation#1", OZ, REASON), DARA).code == "without_authority"
    assert case.refused(c.MoveOwner("reconciliation#1", LEA, REASON), IVY).code == "not_yours"
    case.meet("reconciliation", DARA)


def test_a_task_is_met_by_its_owner_the_holder_or_a_supervisor_with_its_evidence() -> None:
    case = shipped().accepted()
    command = c.Meet("reconciliation#1", {})
    assert case.refused(command, CLEO).code == "incomplete"
    for actor in (KIT, IVY, OZ):
        assert case.refused(command, actor).code == "not_yours"
    for actor, kind in ((CLEO, "reconciliation"), (LEA, "coverage"), (SOL, "prescriber")):
        case.meet(kind, actor)
        assert case.latest(kind).status == "met"
    assert case.refused(command, CLEO).code == "already_settled"


def test_what_is_met_by_doing_is_not_ticked_off() -> None:
    case = shipped().accepted()
    assert case.refused(c.Meet("first-contact#1"), LEA).code == "not_by_hand"
    assert case.refused(c.Meet("receipt#1"), IVY).code == "already_settled"
    assert case.refused(c.Meet("receipt#9"), IVY).code == "unknown_promise"


@pytest.mark.requirement("TRK-01")
def test_what_does_not_apply_is_said_so_with_a_reason() -> None:
    case = shipped().accepted()
    case.do(c.Waive("therapy#1", REASON), LEA)
    assert case.latest("therapy").status == "not-applicable"
    assert case.refused(c.Waive("reconciliation#1", REASON), CLEO).code == "without_authority"


@pytest.mark.parametrize("actor", [LEA, KIT, IVY, OZ, DARA])
def test_a_promise_is_signed_off_by_a_supervisor(actor: str) -> None:
    assert shipped().accepted().refused(c.Waive("first-contact#1", REASON), actor).code == "without_authority"


def test_nobody_signs_off_what_they_owe() -> None:
    case = shipped().accepted()
    for _ in range(3):
        case.after(3 * HOUR).take("record-contact", LEA, {"contact.method": "phone", "contact.with": "nobody"})
    assert case.owed("decide-after-three").owner == SOL
    assert case.refused(c.Waive("decide-after-three#1", REASON), SOL).code == "without_authority"
    case.do(c.Waive("decide-after-three#1", REASON), UNA)


@pytest.mark.requirement("OWN-01")
def test_the_last_clock_of_an_open_case_cannot_be_signed_off() -> None:
    case = shipped().opened()
    case.do(c.Waive("packet#1", REASON), UNA)
    assert case.refused(c.Waive("resolution#1", REASON), UNA).code == "without_authority"
    refusal = case.refused(c.Waive("resolution#1", REASON), last_resort(case.state, case.directory))
    assert refusal.code == "would_leave_no_clock"
    assert case.is_owed("resolution")


def test_a_cover_may_do_what_the_one_they_cover_may() -> None:
    case = shipped().filled()
    assert case.refused(c.TakeStep("send"), CLEO).code == "not_yours"
    case.directory = away(case.directory, KIT, case.now, case.now + DAY, CLEO)
    case.take("send", CLEO)
    assert case.seen(e.PacketSent)


def test_whoever_it_falls_to_may_act_on_it() -> None:
    case = shipped().accepted()
    case.directory = without(case.directory, LEA, LEO, SOL)
    case.do(c.MoveHolder(UNA, REASON), UNA)
    assert case.refused(case.step("accept-ongoing-care", {"ongoing.coordinator": HAL}), "rae").code == "not_yours"
    case.take("accept-ongoing-care", REX, {"ongoing.coordinator": HAL})


def test_a_late_write_up_of_evidence_counts_from_when_it_was_done() -> None:
    case = shipped().accepted().wait(8 * DAY)
    promise = case.owed("coverage")
    assert promise.status == "breached"
    answers = case.form(case.pathway.get_obligation("coverage").records)
    case.do(c.Meet(promise.id, answers), LEA, promise.due - HOUR)
    assert case.latest("coverage").status == "annulled"
    therapy = c.Meet("therapy#1", case.form(case.pathway.get_obligation("therapy").records))
    assert case.refused(therapy, LEA, case.now + HOUR).code == "in_the_future"
