"""What one case asks of another, as the engine alone decides it: ids that are worked out, teams from answers, moments passed on."""

from __future__ import annotations

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.asks import Asked
from holdfast.core.beginnings import begun_id
from holdfast.core.decide import Accepted, decide
from holdfast.core.refusals import Refusal
from holdfast.core.work import SYSTEM
from holdfast.pathways.load import load_pathway
from tests.core.cases import ROOT, Case, pathway_of
from tests.core.network import COMMUNITY, HARBOUR, HOUR, IVY, KIT, LEA, RAE, UNA, WARD, without

RELAY = ROOT / "tests" / "pathways" / "toy-relay.yaml"


def relay(**parties: str) -> Case:
    return Case(pathway_of(RELAY)).opened(**parties)


def asks_of(case: Case, command: c.Command, actor: str) -> tuple[Asked, ...]:
    decision = case.ask(command, actor)
    assert isinstance(decision, Accepted), decision
    return decision.asks


def test_a_step_asks_for_a_case_with_the_parties_it_says():
    case = relay()
    (ask,) = asks_of(case, case.step("send-on", {"next.inn": HARBOUR}), KIT)
    opening = ask.command
    assert isinstance(opening, c.OpenCase)
    assert (opening.pathway, opening.subject, opening.holder) == ("toy-relay", "person-1", KIT)
    assert opening.parties == {"sender": WARD, "receiver": HARBOUR}
    assert (opening.origin, opening.hears) == ("case-1", {"arrived": "onward-arrived", "closed": "onward-ended"})
    assert case.state.begun == {ask.case: "toy-relay"} and opening.case == ask.case


def test_ids_are_worked_out_and_each_is_another():
    case = relay()
    first, second = (asks_of(case, case.step("send-on", {"next.inn": HARBOUR}), KIT)[0].case for _ in range(2))
    assert (first, second) == (begun_id("case-1", 1), begun_id("case-1", 2))
    assert first != second != begun_id("case-2", 2)


def test_a_decision_without_asks_has_none():
    case = relay()
    assert asks_of(case, case.step("raise-alarm"), KIT) == ()


def test_a_condition_decides_whether_another_case_begins():
    assert asks_of(relay(), c.CloseCase("lost"), KIT) == ()
    (ask,) = asks_of(case := relay(), case.closing("lost", {"lost.last-inn": HARBOUR}), KIT)
    assert ask.what == "toy-search"


def begun(case: Case, holder: str = KIT) -> Case:
    """The case that the send-on begins, opened as the desk would."""
    (ask,) = asks_of(case, case.step("send-on", {"next.inn": COMMUNITY if holder == LEA else HARBOUR}), KIT)
    onward = Case(case.pathway, case.now, case.directory)
    decision = onward.ask(ask.command, SYSTEM)
    assert isinstance(decision, Accepted), decision
    return onward


def test_moments_of_the_begun_case_are_asked_to_be_marked_where_it_came_from():
    onward = begun(relay())
    onward.now += HOUR
    (ask,) = asks_of(onward, onward.step("arrive", {"arrive.lead": "hal"}), "ian")
    assert ask == Asked("case-1", c.HearMoment("onward-arrived", onward.now, onward.state.case))
    assert not ask.may_fail


def test_a_heard_moment_meets_what_waits_for_it_and_is_for_machines_alone():
    case = relay()
    case.take("send-on", KIT, {"next.inn": HARBOUR})
    case.now += HOUR
    heard = c.HearMoment("onward-arrived", case.now, "case-2")
    assert case.refused(heard, KIT).code == "not_by_hand"
    case.do(heard, SYSTEM)
    assert case.latest("onward-answer").status == "met"


def test_a_moment_heard_on_behalf_of_a_person_refuses_rather_than_breaks():
    """What would leave no clock is that person's to mend, and no fault of the machine."""
    text = RELAY.read_text("utf-8").replace(
        "    every: { all: 24 h }\n", "    due: { all: 24 h }\n    met-by: onward-ended\n"
    )
    text = text.replace(
        "    owed-by: receiver.intake\n    opens-on: opened\n", "    owed-by: receiver.intake\n    opens-on: alarm\n"
    )
    case = Case(load_pathway(text)).opened()
    answer = decide(case.state, c.HearMoment("onward-ended", case.now), case.pathway, case.directory, SYSTEM, case.now)
    assert isinstance(answer, Refusal) and answer.code == "would_leave_no_clock"


def test_a_begun_case_is_never_without_a_name():
    """Whoever was to hold it cannot: another of the team does, or the last resort, with an alarm."""
    case = relay()
    case.directory = without(case.directory, KIT, "kay", UNA)
    onward = Case(case.pathway, case.now, case.directory)
    opening = c.OpenCase("case-9", "toy-relay", "person-1", {"sender": WARD, "receiver": HARBOUR}, KIT, origin="case-1")
    onward.do(opening, SYSTEM)
    moved = onward.seen(e.HolderMoved)[0]
    assert (moved.to, onward.state.holder) == (RAE, RAE)
    assert "accountable from opening; " in moved.why


def test_an_unknown_team_refuses_the_deed_and_not_a_clock():
    case = relay()
    refusal = case.refused(case.step("send-on", {"next.inn": "nowhere"}), KIT)
    assert refusal.code in ("unknown_team", "parties_missing")
    text = RELAY.read_text("utf-8").replace("receiver: receiver }, hears", "receiver: answer.lost.last-inn }, hears")
    clocked = Case(load_pathway(text)).opened()
    clocked.take("send-on", KIT, {"next.inn": HARBOUR})
    clocked.now = clocked.owed("onward-answer").due
    clocked.do(c.FireClocks(), SYSTEM)
    assert clocked.seen(e.AskDropped) == [e.AskDropped("toy-search", "parties_missing")]
    assert clocked.rungs("onward-answer") and list(clocked.state.begun.values()) == ["toy-relay"]


@pytest.mark.parametrize(
    ("history", "tier"), [({}, "ordinary"), ({"toy-fire": 0}, "ordinary"), ({"toy-fire": 2}, "careful")]
)
def test_what_was_before_is_a_fact_from_the_opening_on(history: dict[str, int], tier: str):
    case = Case(pathway_of(RELAY))
    parties = {"sender": WARD, "receiver": COMMUNITY}
    case.do(c.OpenCase("case-1", "toy-relay", "person-1", parties, KIT, history=history), KIT)
    assert case.state.tier == tier
    case.take("arrive", IVY, {"arrive.lead": LEA})
    assert case.state.history == history
