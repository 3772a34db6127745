"""The standing list: whoever is between services or without a known outcome, with an owner and a deadline, until an endpoint."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.desk.intake import receive
from holdfast.doors.reading import read
from tests.desk.relay import stage as relay
from tests.desk.test_items import CHANGE
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, plain
from tests.installation import GOVERNANCE, OUTSIDER, RECEIVER, SENDER, SENDER_SUPERVISOR, Case


def kinds(case: Case, staff: str = GOVERNANCE) -> set[str]:
    bare = case.id.removeprefix("case:")
    return {line["kind"] for line in Caller.of(staff).get("between") if line["case"] == bare}


def page(stage: Stage, staff: str = GOVERNANCE) -> str:
    return plain(stage.client(staff).get("/governance/between").content.decode())


@pytest.mark.requirement("OWN-08")
def test_a_handoff_that_is_not_answered_in_time_stands_there_until_it_is(stage: Stage) -> None:
    case = stage.house.sent()
    assert kinds(case) == set() and "Nobody is between services now." in page(stage)
    due = case.promise("receipt").due
    stage.house.tick(case, until=due + timedelta(minutes=1))
    assert kinds(case) == {"unanswered"}
    shown = page(stage)
    assert "The other team has not answered in time" in shown and RECEIVER.title() in shown and "overdue" in shown
    assert case.id.removeprefix("case:")[:8] in shown and "Robin" not in shown
    case.accept()
    assert "unanswered" not in kinds(case)


@pytest.mark.requirement("CLS-04")
def test_a_case_past_its_time_stays_until_an_endpoint_takes_it_off(stage: Stage) -> None:
    case = stage.house.accepted()
    ends = case.state.window_ends
    stage.house.now = ends - timedelta(hours=47)
    assert "ending" in kinds(case)
    stage.house.now = ends + timedelta(minutes=1)
    case.fire()
    [line] = [one for one in Caller.of(GOVERNANCE).get("between") if one["kind"] == "unknown-outcome"]
    assert line["owner"] == case.state.holder and line["due"].startswith(f"{ends:%Y-%m-%dT%H:%M}")
    assert "1 case is past its time with no known outcome" in page(stage)
    case.does("MoveHolder", case.state.holder, to=SENDER, texts={"reason": "Back to us."})
    assert "unknown-outcome" in kinds(case), "only an endpoint takes it off"
    case.close()
    assert kinds(case) == set()


@pytest.mark.requirement("OWN-08")
def test_the_list_is_for_those_who_oversee_the_case_and_for_nobody_else(stage: Stage) -> None:
    case = stage.house.accepted()
    stage.house.now = case.state.window_ends + timedelta(minutes=1)
    assert kinds(case, SENDER_SUPERVISOR) and not kinds(case, OUTSIDER)
    Caller.of(SENDER).get("between", 403)
    assert stage.client(SENDER).get("/governance/between").status_code == 403


@pytest.mark.requirement("OWN-08")
def test_a_case_in_which_nobody_owes_a_next_contact_and_a_notice_without_a_case_stand_there(stage: Stage) -> None:
    stage.house.publish(CHANGE)
    assert kinds(relay(stage.house, pathway="toy-change")) == {"no-next-contact"}
    [got] = receive(stage.house.desk, b"not a message", read(b"not a message"), "web", SENDER, stage.house.now)
    [line] = [one for one in Caller.of(got.owner).get("between") if one["kind"] == "no-case"]
    assert (line["message"], line["owner"]) == (got.message_id, got.owner)
    assert "A notice arrived and belongs to no case" in page(stage, got.owner)
    assert "No next contact is owed to the person" in page(stage)
