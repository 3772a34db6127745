"""Tiers: the rules give one, anyone raises it, a clinician lowers it; clocks come forward and never slip back unsigned."""

from dataclasses import replace

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.pathway import DueRule
from holdfast.core.spans import Span
from tests.core.cases import CALM, HIGH, REASON, given, shipped
from tests.core.network import CLEO, DARA, DAY, HOUR, IVY, KIT, LEA, OZ, REX, SOL, UNA, away, without


@pytest.mark.requirement("MOD-06")
def test_the_rule_that_set_the_tier_is_on_record() -> None:
    case = shipped().opened()
    case.do(c.FillPacket({"medication.interrupted": given("yes"), "housing.stable": given("no")}), KIT)
    event = case.seen(e.TierSet)[-1]
    assert (event.tier, event.was, event.by) == ("high", "standard", "rule")
    assert event.because == ("medication.interrupted is yes", "housing.stable is no")


def test_before_sending_the_rules_go_both_ways() -> None:
    case = shipped().opened()
    case.do(c.FillPacket({"risk.violence": given("current")}), KIT)
    assert case.state.tier == "high"
    case.do(c.FillPacket({"risk.violence": given("past")}), KIT)
    assert case.state.tier == "standard"


def test_after_sending_the_rules_only_raise() -> None:
    case = shipped().sent(**HIGH)
    case.do(c.FillPacket({"risk.suicidal-ideation": given("none")}), KIT)
    assert case.state.tier == "high"
    case = shipped().sent()
    case.do(c.FillPacket({"risk.recent-attempt": given("yes")}), KIT)
    assert case.state.tier == "high"
    assert case.owed("receipt").due == case.owed("receipt").started + 4 * HOUR


@pytest.mark.requirement("MOD-06")
def test_raising_brings_every_running_clock_forward_and_none_back() -> None:
    case = shipped().accepted()
    before = {p.id: p for p in case.state.owed()}
    case.after(HOUR).do(c.RaiseTier("high", REASON), KIT)
    after = {p.id: p for p in case.state.owed()}
    assert before.keys() == after.keys()
    assert all(after[id].due <= before[id].due for id in before)
    assert after["first-contact#1"].due == after["first-contact#1"].started + DAY
    assert after["first-contact#1"].clock != before["first-contact#1"].clock
    assert after["tracker-review#1"].due == before["tracker-review#1"].due


def test_raising_moves_no_clock_back_even_where_a_pathway_gives_the_higher_tier_longer() -> None:
    case = shipped().sent()
    slow = replace(
        case.pathway.get_obligation("receipt"), due=DueRule({"high": Span("days", 3), "standard": Span("days", 1)})
    )
    others = tuple(slow if spec.id == "receipt" else spec for spec in case.pathway.obligations)
    case.pathway = replace(case.pathway, obligations=others)
    due = case.owed("receipt").due
    case.do(c.RaiseTier("high", REASON), KIT)
    assert case.owed("receipt").due == due


def test_a_clock_brought_forward_past_now_rings_at_once() -> None:
    case = shipped().sent().after(5 * HOUR)
    case.do(c.RaiseTier("high", REASON), IVY)
    assert case.owed("receipt").rings < case.now
    case.wait(HOUR / 60)
    assert case.owed("receipt").status == "breached"


@pytest.mark.requirement("MOD-06")
@pytest.mark.parametrize("actor", [KIT, LEA, SOL, UNA, REX, CLEO, OZ])
def test_only_the_clinician_named_lowers_it(actor: str) -> None:
    case = shipped().accepted(**HIGH)
    assert case.refused(c.LowerTier("standard", REASON), actor).code == "without_authority"


def test_a_clinicians_lowering_gives_the_clocks_their_longer_time() -> None:
    case = shipped().accepted(**HIGH).after(HOUR)
    case.do(c.LowerTier("standard", REASON), DARA)
    promise = case.owed("first-contact")
    assert promise.due == promise.started + 72 * HOUR
    assert (case.state.tier, case.state.tier_by) == ("standard", DARA)


def test_what_a_clinician_lowered_is_raised_again_only_by_worse_facts() -> None:
    case = shipped().accepted(**HIGH).after(HOUR)
    case.do(c.LowerTier("standard", REASON), DARA)
    case.take("record-contact", LEA, CALM)
    case.do(c.FillPacket({"contact.channel": given("visit")}), KIT)
    assert case.state.tier == "standard"
    case.do(c.FillPacket({"risk.suicidal-ideation": given("none")}), KIT)
    case.do(c.FillPacket({"risk.recent-attempt": given("yes")}), KIT)
    assert case.state.tier == "high"


@pytest.mark.parametrize("how", ["nobody named", "away", "left"])
def test_nobody_without_the_role_lowers_in_the_clinicians_place(how: str) -> None:
    case = shipped().opened()
    case.do(c.FillPacket(case.packet(**HIGH)), KIT)
    if how != "nobody named":
        case.do(c.NameRole("decision-maker", DARA), KIT)
    case.do(c.TakeStep("send", override=REASON), KIT)
    if how == "away":
        case.directory = away(case.directory, DARA, case.now, case.now + DAY)
    if how == "left":
        case.directory = without(case.directory, DARA)
    for actor in (REX, "rae", SOL, UNA, KIT):
        assert case.refused(c.LowerTier("standard", REASON), actor).code == "without_authority"


def test_a_tier_is_raised_upwards_with_a_reason_by_people_of_the_case() -> None:
    case = shipped().accepted()
    assert case.refused(c.RaiseTier("standard", REASON), KIT).code == "not_a_change"
    assert case.refused(c.RaiseTier("purple", REASON), KIT).code == "unknown_tier"
    assert case.refused(c.RaiseTier("high", REASON), OZ).code == "not_yours"
    assert case.refused(c.RaiseTier("high", Answer("blank")), KIT).code == "reason_missing"
    assert case.refused(c.LowerTier("high", REASON), DARA).code == "not_a_change"


def test_a_person_who_raised_it_is_not_undone_by_a_rule_before_sending() -> None:
    case = shipped().opened()
    case.do(c.RaiseTier("high", REASON), KIT)
    case.do(c.FillPacket({"risk.violence": given("current")}), KIT)
    case.do(c.FillPacket({"risk.violence": given("none")}), KIT)
    assert case.state.tier == "high"
