"""Receipt: "received, reviewed, assigned" by a named person, or a decline, a redirection, a question - each timed."""

from itertools import pairwise

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from tests.core.cases import REASON, Case, given, shipped
from tests.core.network import (
    COMMUNITY,
    DAY,
    HAL,
    HARBOUR,
    HOUR,
    IAN,
    IVY,
    KIT,
    LEA,
    LEO,
    OZ,
    REX,
    SOL,
    START,
    UNA,
    WARD,
    away,
    network,
)


@pytest.mark.requirement("REC-02", "OWN-02")
def test_acceptance_names_the_lead_and_moves_responsibility() -> None:
    case = shipped().sent().after(HOUR)
    case.take("confirm-receipt", IVY, {"receipt.lead": LEO})
    assert case.state.holder == LEO
    assert case.seen(e.HolderMoved)[-1].frm == KIT
    assert case.latest("receipt").status == "met"
    assert case.owed("first-contact").owner == LEO
    assert ("staff:kit", "accepted") in case.notices()


@pytest.mark.requirement("REC-08")
@pytest.mark.parametrize(
    "left_out",
    [
        "receipt.reviewed",
        "receipt.lead",
        "receipt.first-contact-at",
        "receipt.first-actions",
        "receipt.escalation-signs",
    ],
)
def test_an_acceptance_that_leaves_anything_out_is_none(left_out: str) -> None:
    case = shipped().sent()
    form = case.step("confirm-receipt")
    answers = {id: answer for id, answer in form.answers.items() if id != left_out}
    refusal = case.refused(c.TakeStep("confirm-receipt", answers), IVY)
    assert refusal.code == "incomplete"
    assert [missing.what for missing in refusal.missing] == [left_out]
    assert case.state.holder == KIT and case.is_owed("receipt")


@pytest.mark.requirement("OWN-09")
@pytest.mark.parametrize(
    ("lead", "code"), [(HAL, "without_authority"), (IVY, "without_authority"), ("x", "not_a_person")]
)
def test_the_lead_is_a_lead_of_that_team(lead: str, code: str) -> None:
    case = shipped().sent()
    assert case.refused(case.step("confirm-receipt", {"receipt.lead": lead}), IVY).code == code


@pytest.mark.parametrize("actor", [KIT, UNA, OZ, HAL])
def test_only_the_receiving_team_accepts(actor: str) -> None:
    case = shipped().sent()
    assert case.refused(case.step("confirm-receipt"), actor).code == "not_yours"


def test_nothing_is_accepted_before_it_is_sent_or_twice() -> None:
    case = shipped().filled()
    assert case.refused(case.step("confirm-receipt"), IVY).code == "not_possible_now"
    case = shipped().accepted()
    assert case.refused(case.step("confirm-receipt"), IVY).code == "not_possible_now"
    assert case.refused(c.TakeStep("send"), UNA).code == "not_possible_now"


@pytest.mark.requirement("REC-10")
def test_received_is_not_accepted() -> None:
    case = shipped().sent()
    case.take("note-received", IVY)
    assert "received" in case.state.moments and "accepted" not in case.state.moments
    assert case.is_owed("receipt")
    assert case.refused(c.TakeStep("note-received"), IVY).code == "not_possible_now"


@pytest.mark.requirement("REC-04")
@pytest.mark.parametrize("step", ["decline", "redirect"])
def test_a_decline_answers_and_leaves_responsibility_where_it_was(step: str) -> None:
    case = shipped().sent()
    case.take(step, IVY)
    assert case.state.holder == KIT
    assert case.latest("receipt").status == "met"
    assert case.owed("another-receiver").owner == KIT
    assert case.owed("another-receiver").due == case.now + DAY
    assert ("staff:kit", "declined") in case.notices()


def declined() -> Case:
    case = shipped().sent().after(HOUR)
    case.take("decline", IVY)
    return case


def test_after_a_decline_it_goes_to_another_team_with_its_own_clock() -> None:
    case = declined().after(HOUR)
    case.take("choose-receiver", KIT, {"receiver.team": HARBOUR})
    case.take("send", KIT)
    assert case.latest("another-receiver").status == "met"
    receipt = case.owed("receipt")
    assert (receipt.id, receipt.owner, receipt.due) == ("receipt#2", IAN, case.now + DAY)
    assert case.notices()[-1] == (f"team:{HARBOUR}", "packet-link")
    assert case.refused(case.step("confirm-receipt"), IVY).code == "not_yours"
    case.take("confirm-receipt", IAN, {"receipt.lead": HAL})
    assert case.state.holder == HAL


def test_the_other_team_cannot_accept_what_was_not_sent_to_it_and_the_states_begin_again() -> None:
    case = declined()
    assert case.refused(c.TakeStep("send"), KIT).code == "not_possible_now", "to the team that declined"
    case.take("choose-receiver", KIT, {"receiver.team": HARBOUR})
    assert not {"sent", "received"} & set(case.state.moments)
    assert case.refused(case.step("confirm-receipt", {"receipt.lead": HAL}), IAN).code == "not_possible_now"
    assert case.is_owed("another-receiver")


def test_deciding_leaves_the_state_it_was_given_as_it_was() -> None:
    case = declined()
    before, copy = case.state, case.state.copy()
    case.take("choose-receiver", KIT, {"receiver.team": HARBOUR})
    assert before == copy and before.parties["receiver"] == COMMUNITY
    assert case.state.parties["receiver"] == HARBOUR


def test_another_team_exists_and_is_chosen_only_after_a_decline() -> None:
    case = shipped().sent()
    assert case.refused(case.step("choose-receiver"), KIT).code == "not_possible_now"
    case = declined()
    command = c.TakeStep("choose-receiver", {"receiver.team": given("nowhere")})
    assert case.refused(command, KIT).code == "unknown_team"


def test_nobody_after_a_decline_climbs_on_the_senders_side() -> None:
    case = declined().wait(3 * DAY)
    assert [r.told for r in case.rungs("another-receiver")][:3] == [KIT, UNA, REX]


@pytest.mark.requirement("REC-04")
def test_a_question_has_a_clock_of_its_own_and_stops_none() -> None:
    case = shipped().sent()
    case.take("ask", IVY)
    assert case.is_owed("receipt")
    # One working day in London from Monday 10:00 is Tuesday 17:00.
    assert case.owed("answer-question").due == START + 32 * HOUR
    case.take("ask", IVY)
    first, second = "answer-question#1", "answer-question#2"
    case.take("answer", KIT, about=second)
    assert (case.state.promises[first].status, case.state.promises[second].status) == ("open", "met")
    assert case.refused(case.step("answer", about=second), KIT).code == "nothing_to_answer"


@pytest.mark.requirement("REC-03", "ESC-01")
def test_no_answer_climbs_in_order_and_the_last_rung_repeats_for_thirty_days() -> None:
    case = shipped().sent()
    sent = case.now
    case.wait(30 * DAY)
    rungs = case.rungs("receipt")
    assert [r.told for r in rungs[:4]] == [IVY, UNA, SOL, REX]
    assert [(r.noticed - sent) for r in rungs[:4]] == [DAY, DAY + 2 * HOUR, DAY + 4 * HOUR, DAY + 8 * HOUR]
    assert {r.told for r in rungs[3:]} == {REX}
    assert {b.noticed - a.noticed for a, b in pairwise(rungs[3:])} == {4 * HOUR}
    assert [r.rung for r in rungs] == list(range(len(rungs)))
    assert len(rungs) == 4 + (29 * 24 - 8) // 4
    assert [b.due for b in case.seen(e.ObligationBreached) if b.id == "receipt#1"] == [sent + DAY]
    assert rungs[0].notice == "second-attempt" and (f"team:{COMMUNITY}", "second-attempt") in case.notices()
    assert rungs[2].by == "phone"
    assert case.state.holder == KIT, "unanswered, it is still the sender's"


def test_an_answer_silences_the_ladder() -> None:
    case = shipped().sent().wait(2 * DAY)
    fired = len(case.rungs("receipt"))
    case.take("confirm-receipt", IVY)
    case.wait(2 * DAY)
    assert len(case.rungs("receipt")) == fired
    assert case.latest("receipt").status == "met-late"


def test_a_lead_who_is_away_is_stood_in_for_from_the_first_second() -> None:
    case = shipped(directory=away(network(), LEA, START, START + 9 * DAY, LEO)).accepted()
    assert case.state.holder == LEO
    assert "away" in case.seen(e.HolderMoved)[-1].why


@pytest.mark.parametrize("step, actor", [("confirm-receipt", IVY), ("send", KIT)])
def test_what_cannot_be_done_again_is_not_dated_before_it_was_owed(step: str, actor: str) -> None:
    """Otherwise the handoff would be accepted, or sent, and nothing could ever stop the clock that asks for it."""
    case = (shipped().filled() if step == "send" else shipped().sent()).after(HOUR)
    refusal = case.refused(case.step(step), actor, case.now - 4 * HOUR)
    assert refusal.code == "before_it_began"
    case.take(step, actor, occurred=case.now - HOUR)
    assert not case.is_owed({"send": "packet", "confirm-receipt": "receipt"}[step])


def test_a_written_acceptance_of_the_future_is_refused() -> None:
    case = shipped().sent().after(5 * DAY)
    assert case.refused(case.step("confirm-receipt"), IVY, case.now + HOUR).code == "in_the_future"
    assert case.refused(case.step("confirm-receipt"), IVY, case.now - 4 * DAY).code == "late_reason_missing"
    case.do(case.step("confirm-receipt", late_reason=REASON), IVY, case.now - 4 * DAY)
    assert case.seen(e.StepTaken)[-1].late


def test_a_handoff_goes_to_another_team() -> None:
    """To the sender's own team it would be accepted by those who sent it."""
    parties = {"sender": WARD, "receiver": WARD}
    opening = c.OpenCase("case-1", shipped().pathway.id, "person-1", parties, KIT)
    assert shipped().refused(opening, KIT).code == "same_team"
    case = shipped().sent()
    case.take("decline", IVY)
    assert case.refused(case.step("choose-receiver", {"receiver.team": WARD}), KIT).code == "same_team"
    case.take("choose-receiver", KIT, {"receiver.team": HARBOUR})
