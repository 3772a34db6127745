"""Hazards of the rules themselves: a move half designed, a policy mistyped, a score trusted over the person."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from holdfast.core import events as e
from holdfast.core.refusals import Refusal
from holdfast.core.tiers import _ruled
from holdfast.core.work import Work
from holdfast.desk.proposals import proposals_in
from holdfast.pathways.comparison import LONGER, compare
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.doors.api_client import Caller, use
from tests.hazards.control import fails_without, nothing
from tests.hazards.episodes import CARE, STEP_DOWN, TOLD, ready
from tests.hazards.journeys import asked
from tests.installation import GOVERNANCE, SECOND_GOVERNANCE, Installation
from tests.library.four_parts import answers
from tests.pathways.test_faults import BROKEN
from tests.pathways.toy import TOY, changed

#: Protocols of several kinds, and the step that begins the move.
MOVES = {STEP_DOWN: "send", "team-transfer": "send", "safeguarding-concern": "send", CARE: "begin"}
MOVES = {pathway: step for pathway, step in MOVES.items() if pathway in shipped()}
#: A part of a move that is taken away, and the gate that must name it.
PARTS: dict[str, dict[str, Any]] = {
    "trigger-stated": {"transition.trigger": None},
    "packet-complete": {"risk.triggers": None},
    "touchpoint-guaranteed": {"touchpoint.by": None},
    "fallback-stated": {"fallback.action": None},
}


def a_move_has_four_parts_and_its_fallback_starts_itself(network: Installation) -> None:
    """HZ-59: without trigger, package, guarantee or fallback nothing moves; a touchpoint missed starts the fallback by itself."""
    for pathway, step in MOVES.items():
        run = ready(network, pathway)
        if pathway == STEP_DOWN:
            run.step("prepare-person", TOLD)
        for gate, without in PARTS.items():
            run.fill_only(without)
            refused = asked(run, step)
            assert refused and gate in run.missing(refused), f"HZ-59: {pathway} moves although not {gate}"
            run.fill(answers(run))
        if pathway == CARE:
            run.step("confirm-roles")
        run.step(step)
        run.past("guaranteed-touchpoint")
        assert run.owes("fallback"), f"HZ-59: {pathway}: the touchpoint was missed, and nothing happens"
        owed, named = run.owed("fallback"), run.who("first-appointment-missed")
        assert owed["owner"] == named, f"HZ-59: {owed['owner']} owes the fallback, named was {named}"
        assert named in run.notices("fallback"), "HZ-59: whoever owes the fallback does not hear of it"
        assert run.case.promise("fallback").due <= network.now + timedelta(hours=24), "HZ-59: the fallback has no hurry"
        run.past("fallback")
        run.wait(hours=20)
        assert run.told("fallback")[-1].endswith("-zenith"), "HZ-59: a fallback that is not carried out is forgotten"


@pytest.mark.hazard("HZ-59")
@pytest.mark.requirement("GAT-06")
def test_hz_59_a_move_has_four_parts_and_its_fallback_starts_itself(network: Installation) -> None:
    a_move_has_four_parts_and_its_fallback_starts_itself(network)


@pytest.mark.control_off("HZ-59")
def test_hz_59_without_its_control(network: Installation) -> None:
    fails_without("HZ-59", a_move_has_four_parts_and_its_fallback_starts_itself, network, nothing)


#: A time that is owed or climbed after: its number may be mistyped by a digit.
TIME = re.compile(r"(?<=[:,{] )(\d+)(?= (?:min|h|d)\b)")


def slips() -> list[str]:
    """The toy with one time of an obligation ten times what it was, for each of those times."""
    begins = TOY.index("\nobligations:")
    found = TIME.finditer(TOY, begins, TOY.index("\nladders:"))
    # A time before a fact that grows is sooner: no slip of this kind.
    late = (one for one in found if "before: {" not in TOY[TOY.rindex("\n", 0, one.start()) : one.end()])
    return [f"{TOY[: one.end()]}0{TOY[one.end() :]}" for one in late]


def a_mistyped_policy_does_not_go_live(house: Installation) -> None:
    """HZ-88: forty broken policies are refused, and no mistyped time goes live by one person; the second is shown that it grew."""
    first, second = Caller.of(GOVERNANCE), Caller.of(SECOND_GOVERNANCE)
    base = load_pathway(TOY)
    before = latest_edition(base.id).digest
    for old, new, *_ in BROKEN[:40]:
        refused = first.post("proposals", {"text": changed(old, new)}, 0)
        assert refused.get("code") == "faulty", f"HZ-88: taken although broken: {new!r}"
    mistyped = slips()
    assert len(mistyped) >= 8
    for text in mistyped:
        grown = [change for change in compare(base, load_pathway(text)) if change.heading == LONGER]
        assert grown, "HZ-88: a time ten times as long is not shown as longer"
        proposed = first.post("proposals", {"text": text})
        at = f"proposals/{base.id}/{proposed['number']}"
        own = first.post(f"{at}/approve", {}, 0)
        assert own.get("code") == "own_proposal", f"HZ-88: live by one person alone: {grown[0].says}"
        assert latest_edition(base.id).digest == before, "HZ-88: a mistyped policy is live"
        assert second.post(f"{at}/reject", {"reason": "A digit too many."})["status"] == "rejected"


@pytest.fixture
def parcels(db: None, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The toy published, at the desk that doors find."""
    return use(Installation().set_up(TOY), monkeypatch)


@pytest.mark.hazard("HZ-88")
def test_hz_88_a_mistyped_policy_does_not_go_live(parcels: Installation) -> None:
    a_mistyped_policy_does_not_go_live(parcels)


def _anybody_decides(
    pathway: str, number: int, actor: str, read: Any, state: Mapping[str, Any], own: bool = False
) -> Any:
    """A proposal that whoever made it may approve."""
    found = next((one for one in proposals_in(pathway, state) if one.number == number), None)
    return found if found is not None else Refusal("unknown_proposal", "There is none.")


@pytest.mark.control_off("HZ-88")
def test_hz_88_without_its_control(parcels: Installation) -> None:
    fails_without("HZ-88", a_mistyped_policy_does_not_go_live, parcels, _anybody_decides)


RISKS = {
    "risk.suicidal-ideation": ["none", "passive", "active", "plan", "intent"],
    "risk.recent-attempt": ["no", "yes"],
    "risk.violence": ["none", "past", "current"],
}


def no_rule_lowers_what_people_judged(network: Installation) -> None:
    """HZ-90: whatever is answered after somebody judged, no rule lowers the tier; each rule that raised it shows what it read."""
    chance = random.Random(90)
    for pathway in (one for one in MOVES if one != "safeguarding-concern"):  # which asks for no such risks
        run = ready(network, pathway)
        rank = run.pathway.tier_rank
        worst = run.pathway.tiers[0].id
        run.fill_only({"risk.suicidal-ideation": "plan"})
        assert run.shown()["tier"] == worst
        read = run.case.events("TierSet")[-1]
        assert read["by"] == "rule" and read["because"], "HZ-90: the rule does not show what it read"
        run.fill_only({"risk.suicidal-ideation": "none"})
        run.of(run.state.holder).do(run.id, f"RaiseTier/{worst}", reason="She said goodbye twice.")
        for _answer in range(10):
            run.fill({id: chance.choice(codes) for id, codes in RISKS.items()} | {"risk.summary": str(chance.random())})
            assert run.shown()["tier"] == worst, "HZ-90: milder answers lowered what a person had judged"
        run.fill(dict.fromkeys(RISKS, None) | {id: codes[0] for id, codes in RISKS.items()})
        calm = run.pathway.tiers[-1].id
        run.of(run.who("decision-maker")).do(run.id, f"LowerTier/{calm}", reason="Seen at home, plan agreed.")
        for _answer in range(10):
            was = rank(run.state.tier)
            run.fill({id: chance.choice(codes) for id, codes in RISKS.items()} | {"risk.summary": str(chance.random())})
            assert rank(run.state.tier) <= was, "HZ-90: a rule lowered the tier by itself"
        lowered = [event for event in run.case.events("TierSet") if rank(event["tier"]) > rank(event["was"] or worst)]
        judged = [event for event in lowered if event["by"] == run.who("decision-maker")]
        assert len(judged) == 1, "HZ-90: who lowered it is not on record"


@pytest.mark.hazard("HZ-90")
@pytest.mark.requirement("MOD-06")
def test_hz_90_no_rule_lowers_what_people_judged(network: Installation) -> None:
    no_rule_lowers_what_people_judged(network)


def _the_rule_decides(work: Work, before: str = "") -> None:
    """The tier is what the rules give now, whatever people have judged."""
    facts = work.facts()
    tier, was = _ruled(work, facts).id, work.state.tier
    if tier != was:
        work.add(e.TierSet(tier, was, ("the rule",), "rule"))


@pytest.mark.control_off("HZ-90")
def test_hz_90_without_its_control(network: Installation) -> None:
    fails_without(
        "HZ-90", no_rule_lowers_what_people_judged, network, _the_rule_decides, "holdfast.core.packets:judge_tier"
    )
