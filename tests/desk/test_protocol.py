"""Requirements of the discharge pathway that no hazard drives, each through the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.core.access import Viewer
from holdfast.core.answers import RawAnswer
from holdfast.directory.snapshot import current_version, load
from holdfast.pathways.editions import latest_edition
from holdfast.worklists.viewing import may_see_case
from tests.installation import (
    DECISION_MAKER,
    HIGH,
    LEAD,
    PATHWAY,
    RECEIVER,
    SENDER,
    Installation,
    contact,
    given,
    packet,
)


@pytest.mark.requirement("GAT-06")
@pytest.mark.parametrize(
    ("field", "gate"),
    [
        ("transition.trigger", "trigger-stated"),
        ("risk.triggers", "packet-complete"),
        ("touchpoint.by", "touchpoint-guaranteed"),
        ("fallback.action", "fallback-stated"),
    ],
)
def test_a_transition_without_one_of_its_four_parts_is_refused(house: Installation, field: str, gate: str) -> None:
    case = house.open()
    case.does("FillPacket", SENDER, {id: answer for id, answer in packet().items() if id != field})
    case.name_everybody()
    refusal = case.refused("TakeStep", SENDER, step="send")
    assert gate in {item.what for item in refusal.missing}
    case.does("FillPacket", SENDER, {field: packet()[field]})
    case.step("send", SENDER)


@pytest.mark.requirement("REC-06")
def test_the_sender_learns_of_receipt_acceptance_first_attempt_and_outcome_without_asking(house: Installation) -> None:
    case = house.sent()
    case.step("note-received", RECEIVER)
    case.accept()
    house.wait(hours=3)
    case.contact(reached="nobody")
    house.wait(hours=3)
    case.contact()
    told = [e["notice"] for e in case.events("NoticeIssued") if e["to"] == f"staff:{SENDER}"]
    assert told == ["received", "accepted", "first-attempt-failed", "first-contact"]
    declined = {
        "declined.who": given("person"),
        "declined.at": given(house.now.isoformat()),
        "declined.offered": given("Weekly visits, a video call, a peer worker."),
        "declined.reason": given("not-wanted"),
        "closing.next-steps": given("Knows how to come back."),
        "closing.why-other": given("The person decided otherwise."),
    }
    case.step("give-card", LEAD, {"card.how": given("paper"), "card.understood": given("yes")})
    case.does("CloseCase", LEAD, declined, endpoint="declined")
    assert case.events("NoticeIssued")[-1]["notice"] == "closure"
    assert case.events("NoticeIssued")[-1]["to"] == f"staff:{SENDER}"


@pytest.mark.requirement("REC-01")
def test_a_message_that_does_not_arrive_is_owed_by_the_sender_at_once(house: Installation) -> None:
    case = house.sent()
    key = case.events("NoticeIssued")[0]["key"]
    case.hears("NoteFailed", key=key, channel="email", code="5.1.1", at=house.now.isoformat())
    problem = case.state.find_owed("delivery-problem")
    assert problem is not None
    assert problem.owner == SENDER and problem.due - house.now <= timedelta(hours=4)


@pytest.mark.requirement("CON-09")
def test_wrong_details_open_a_correction_at_the_sender_with_a_clock(house: Installation) -> None:
    case = house.accepted()
    house.wait(hours=3)
    case.step("record-contact", LEAD, contact("wrong-details"))
    owed = case.state.find_owed("correct-details")
    assert owed is not None and owed.owner == SENDER and owed.due - house.now == timedelta(hours=24)
    assert "attempt-failed" not in case.state.moments, "a wrong number is not an attempt that counts"
    case.does("Meet", SENDER, {"details.phone": given("555-0177")}, promise=owed.id)
    assert case.promise("correct-details").status == "met"


@pytest.mark.requirement("CON-09", "PKT-09")
def test_details_that_were_carried_forward_count_only_once_they_are_confirmed(house: Installation) -> None:
    case = house.open()
    carried = RawAnswer("given", "555-0100", unconfirmed=True, source="hospital record")
    case.does("FillPacket", SENDER, {**packet(), "contact.phone": carried})
    case.name_everybody()
    assert "contact.phone" in {item.what for item in case.refused("TakeStep", SENDER, step="send").missing}
    case.does("FillPacket", SENDER, {"contact.phone": given("555-0100")})
    case.step("send", SENDER)


@pytest.mark.requirement("TRK-09")
def test_medication_that_could_not_be_obtained_is_recorded_with_its_cause_and_reopens_the_task(
    house: Installation,
) -> None:
    case = house.accepted(**HIGH)
    for number in (1, 2):
        house.wait(hours=6)
        case.step("record-medication-problem", LEAD, {"medication.problem": given("coverage")})
        owed = case.promise("medication-supply")
        assert owed.id == f"medication-supply#{number}" and owed.owner == DECISION_MAKER
        assert owed.due - house.now == timedelta(hours=4)
        case.does("Meet", DECISION_MAKER, {"supply.how": given("Bridging supply from the ward.")}, promise=owed.id)
    assert case.state.step_answers["medication.problem"].value == "coverage"


@pytest.mark.requirement("ESC-04")
def test_whatever_breaks_its_time_reaches_somebody_above_within_48_hours(house: Installation) -> None:
    """Every promise of the pathway, opened by a real case where it can be, is left alone: a supervisor or the last resort hears of it."""
    above = {"sue", "sam", "nia", "max"}
    assert above <= set(load(current_version()).staff)
    case = house.accepted()
    case.step("raise-signal", LEAD, {"signal.what": given("Gave away the dog.")})
    case.step("record-medication-problem", LEAD, {"medication.problem": given("supply")})
    watched = {promise.id: promise.due for promise in case.state.owed()}
    assert len(watched) > 12
    house.tick(case, until=house.now + timedelta(days=33))
    for id, due in watched.items():
        promise = case.state.promises[id]
        if promise.breached is None:
            continue
        fired = [e for e in case.events("RungFired") if e["id"] == id and e["told"] in above]
        assert fired, f"{id}: nobody above the owner was told"
        first = min(e["noticed"] for e in fired)
        assert first <= (due + timedelta(hours=48)).isoformat(), f"{id}: told only at {first}, due {due}"


def test_every_wording_of_a_refusal_says_what_to_do(house: Installation) -> None:
    case = house.open()
    refusal = case.refused("TakeStep", SENDER, step="send")
    assert refusal.instead == ("override",) and all(item.supplied_by for item in refusal.missing)
    assert latest_edition(PATHWAY).title


def test_a_team_that_declined_sees_no_further(house: Installation) -> None:
    case = house.sent()
    look, directory = Viewer(RECEIVER), load(current_version())
    assert may_see_case(look, directory, case.id)
    case.step("decline", RECEIVER, {"decline.reason": given("capacity"), "decline.detail": given("Full until May.")})
    case.step("choose-receiver", SENDER, {"receiver.team": given("south")})
    assert not may_see_case(look, directory, case.id)
    assert may_see_case(Viewer(LEAD), directory, case.id), "a member of the team that is asked now"
