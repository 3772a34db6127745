"""Instruments are added up by the pathway's own data, and a computed level raises a tier and never lowers what stands (BEY-26)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import BLANK, NOT_DISCLOSED, Answer
from holdfast.core.decide import Accepted
from holdfast.core.facts import facts_of
from tests.core import cases
from tests.core.cases import REASON, ROOT, Case, pathway_of
from tests.core.network import CLEO, COMMUNITY, IVY, KIT, UNA, WARD

SCREENING = ROOT / "tests" / "pathways" / "toy-screening.yaml"
QUESTIONS = [f"phq.{n}" for n in range(1, 10)]


def answer(value: Any) -> Answer:
    return value if isinstance(value, Answer) else cases.given(value)


def opened() -> Case:
    case = Case(pathway_of(SCREENING))
    case.do(c.OpenCase("case-1", "toy-screening", "p-1", {"sender": WARD, "receiver": COMMUNITY}, KIT), KIT)
    return case


def filled(case: Case, *values: Any) -> Case:
    case.do(c.FillPacket({id: answer(value) for id, value in zip(QUESTIONS, values, strict=True)}), KIT)
    return case


def score(case: Case, id: str) -> Any:
    return facts_of(case.state, case.pathway, case.directory)(f"score.{id}")


@pytest.mark.requirement("BEY-26")
def test_the_sum_is_there_once_every_question_is_answered() -> None:
    case = filled(opened(), *"11111111", Answer(BLANK))
    assert score(case, "phq-9") is None and case.state.tier == "standard"
    case = filled(opened(), *"22222200", "0")
    assert score(case, "phq-9") == 12 and case.state.tier == "raised"
    assert case.seen(e.TierSet)[-1].because == ("score.phq-9 is at least 12",)
    assert score(filled(opened(), *"33333333", "0"), "phq-9") == 24
    assert score(filled(opened(), *"00000000", "0"), "phq-9") == 0


def test_what_is_not_disclosed_or_not_confirmed_leaves_no_sum() -> None:
    assert score(filled(opened(), Answer(NOT_DISCLOSED), *"2222222", "0"), "phq-9") is None
    carried = Answer("given", "3", unconfirmed=True)
    assert score(filled(opened(), carried, *"2222222", "0"), "phq-9") is None


@pytest.mark.requirement("BEY-26")
@pytest.mark.parametrize("ninth", ["1", "2", "3"])
def test_one_answer_raises_though_the_sum_is_low_or_not_there(ninth: str) -> None:
    low = filled(opened(), *"00000000", ninth)
    assert score(low, "phq-9") == int(ninth) and low.state.tier == "high"
    alone = opened()
    alone.do(c.FillPacket({"phq.9": answer(ninth)}), KIT)
    assert score(alone, "phq-9") is None and alone.state.tier == "high"


def test_the_answers_of_a_step_are_added_up_as_well() -> None:
    case = opened()
    case.take("screen", KIT, {"screen.wish": "1", "screen.thoughts": "0"})
    assert score(case, "screener") is None and case.state.tier == "raised"
    case.take("screen", KIT, {"screen.wish": "1", "screen.thoughts": "1", "screen.plan": "0"})
    assert score(case, "screener") == 2
    case.take("screen", KIT, {"screen.wish": "0", "screen.thoughts": "0"})
    assert score(case, "screener") is None, "an answer of the last time stands in for one that was left out"


@pytest.mark.requirement("BEY-26")
@pytest.mark.hazard("HZ-90")
def test_a_better_sum_lowers_nothing_that_a_clinician_set() -> None:
    case = filled(opened(), *"22222200", "0")
    case.do(c.RaiseTier("high", REASON), KIT)
    filled(case, *"00000000", "0")
    assert case.state.tier == "high"
    case.do(c.LowerTier("standard", REASON), CLEO)
    assert case.state.tier == "standard"
    filled(case, *"11111110", "3")
    assert case.state.tier == "high", "facts that got worse raise it again"


CODES = st.sampled_from("0123")
FILLS = st.dictionaries(st.sampled_from(QUESTIONS), st.one_of(CODES, st.just(Answer(BLANK))), min_size=1).map(
    lambda some: (c.FillPacket({id: answer(value) for id, value in some.items()}), KIT)
)
SCREENS = st.tuples(*[st.sampled_from("01")] * 3).map(
    lambda bits: (
        c.TakeStep(
            "screen",
            {id: answer(bit) for id, bit in zip(("screen.wish", "screen.thoughts", "screen.plan"), bits, strict=True)},
        ),
        IVY,
    )
)
TIERS = st.sampled_from(["high", "raised", "standard"])
ASKED = st.one_of(
    FILLS,
    SCREENS,
    TIERS.map(lambda tier: (c.RaiseTier(tier, REASON), UNA)),
    TIERS.map(lambda tier: (c.LowerTier(tier, REASON), CLEO)),
    st.just((c.TakeStep("send"), KIT)),
)


@pytest.mark.hazard("HZ-90")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ASKED, max_size=12))
def test_no_rule_ever_lowers_what_was_sent_or_judged(asked: list[tuple[c.Command, str]]) -> None:
    """HZ-90: whatever is answered, a tier goes down by a clinician's hand alone once somebody judged it or relies on it."""
    case = opened()
    rank = case.pathway.tier_rank
    for command, actor in asked:
        before = case.state
        relied_on = bool(before.packet_version or before.judged)
        decision = case.ask(command, actor)
        if not isinstance(decision, Accepted):
            continue
        for event in decision.events:
            if isinstance(event, e.TierSet) and event.by == "rule" and relied_on:
                assert rank(event.tier) < rank(event.was), f"HZ-90: {event.was} became {event.tier} by itself"
        if rank(case.state.tier) > rank(before.tier) and relied_on:
            assert actor == CLEO and isinstance(command, c.LowerTier)
