"""A deed on one case opens another in the same transaction; what happens there is heard of here; a clock never waits for either."""

from __future__ import annotations

import pytest
from django.db import transaction

from holdfast.desk import persons
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.rebuild import compare
from holdfast.desk.sitting import MOST_ASKS
from holdfast.workers.duty import ask
from holdfast.worklists.models import CaseRow, Exceptional
from tests.desk.relay import RELAY, arrive, begun, publish, rows_of, sent_on, stage
from tests.faults.wholeness import faults_of
from tests.installation import (
    GOVERNANCE,
    LEAD,
    RECEIVER_LAST_RESORT,
    SECOND_GOVERNANCE,
    SENDER,
    Case,
    Installation,
    given,
)


@pytest.fixture
def inns(house: Installation) -> Installation:
    publish(house, "toy-search")
    return house


@pytest.mark.requirement("OWN-02")
def test_a_step_opens_another_case_for_the_same_person_in_the_same_transaction(inns: Installation):
    case = stage(inns)
    onward = sent_on(case)
    row = CaseRow.objects.get(case=onward.id)
    assert (row.subject, row.pathway, row.status, row.holder) == (case.person, "toy-relay", "open", SENDER)
    assert onward.state.parties == {"sender": "ward", "receiver": "south"}
    assert onward.state.origin == case.id and case.state.begun == {onward.id: "toy-relay"}
    assert onward.state.opened == case.state.moments["sent-on"].last
    assert compare(inns.desk.vault) == []


def test_what_happens_there_is_heard_of_here_and_meets_what_waits_for_it(inns: Installation):
    case = stage(inns)
    onward = sent_on(case)
    assert case.promise("onward-answer").owed
    inns.wait(hours=1)
    arrive(onward, RECEIVER_LAST_RESORT)
    assert case.promise("onward-answer").status == "met"
    assert case.state.moments["onward-arrived"].last == onward.state.moments["arrived"].last
    onward.does("CloseCase", LEAD, endpoint="home")
    assert "onward-ended" in case.state.moments
    assert compare(inns.desk.vault) == []


def test_the_outcome_names_the_version_that_the_case_has_after_what_came_back(inns: Installation):
    """A case that hears of itself at once has moved on by more than one entry."""
    inns.wait(minutes=1)
    publish_with_echo(inns)
    case = stage(inns)
    outcome = case.step("send-on", SENDER, {"next.inn": given("south")})
    assert "onward-opened" in case.state.moments
    assert outcome.number == 3
    assert case.ask("TakeStep", SENDER, step="raise-alarm", version=outcome.number).accepted


def publish_with_echo(house: Installation) -> None:
    text = RELAY.replace("hears: { arrived:", "hears: { opened: onward-opened, arrived:")
    house.publish(text)


def test_a_refusal_there_refuses_the_deed_here_and_nothing_of_it_is_kept(inns: Installation):
    case = stage(inns)
    before = rows_of(case.person), len(case.events("StepTaken"))
    refusal = case.refused("TakeStep", SENDER, {"next.inn": given("ward")}, step="send-on")
    assert refusal.code == "same_team"
    assert (rows_of(case.person), len(case.events("StepTaken"))) == before
    assert not case.state.begun


def test_a_pathway_that_is_not_published_refuses_the_deed(house: Installation):
    publish(house)
    case = stage(house)
    answers = {"lost.last-inn": given("south")}
    assert case.refused("CloseCase", SENDER, answers, endpoint="lost").code == "unknown_edition"
    assert case.state.status == "open"


def test_a_clock_goes_whether_or_not_the_other_case_can_be_opened(house: Installation):
    """Nothing a case asks of another may keep its own ladder from climbing; that it was in vain is for governance to see."""
    publish(house)  # and no search
    case = stage(house)
    sent_on(case)
    case.step("arrive", "ina", {"arrive.lead": given(LEAD)})
    house.now = case.promise("onward-answer").due
    assert case.fire().accepted
    assert case.promise("onward-answer").status == "breached" and case.told("onward-answer")
    assert [e["code"] for e in case.events("AskDropped")] == ["unknown_edition"]
    assert list(case.state.begun.values()) == ["toy-relay"]
    assert Exceptional.objects.filter(case=case.id, kind="not-asked", what="toy-search").count() == 1
    assert compare(house.desk.vault) == []


def fired_together(*cases: Case) -> list[bool]:
    """The way of a worker: several cases in one transaction."""
    with transaction.atomic():
        fired = cases[0].at.desk.fire_all([case.id for case in cases], lambda one: ask(one, "FireClocks", why_late=""))
    return [outcome.accepted for outcome in fired]


def test_a_clock_begins_a_case_too(inns: Installation):
    case = stage(inns)
    sent_on(case)
    inns.now = case.promise("onward-answer").due
    assert fired_together(case) == [True]
    search = begun(case, 1)
    assert search.state.pathway == "toy-search" and search.state.holder == SENDER
    search.does("CloseCase", SENDER, endpoint="home")
    assert case.promise("search-report").owed
    assert compare(inns.desk.vault) == []


def test_two_cases_of_one_batch_that_concern_each_other_are_written_in_order(inns: Installation):
    case = stage(inns)
    onward = sent_on(case)
    inns.now = max(case.promise("onward-answer").due, onward.promise("arrival").due)
    assert fired_together(onward, case) == [True, True]
    assert compare(inns.desk.vault) == []


def test_a_case_that_ended_hears_nothing_more_and_that_is_on_record(inns: Installation):
    case = stage(inns)
    onward = sent_on(case)
    arrive(onward, RECEIVER_LAST_RESORT)
    case.does("CloseCase", SENDER, endpoint="home")
    inns.now = case.state.window_ends
    case.fire()
    assert case.state.status == "ended"
    onward.does("CloseCase", LEAD, endpoint="home")
    assert onward.state.status == "closed"
    assert [(e["what"], e["code"]) for e in onward.events("AskDropped")] == [("onward-ended", "ended")]
    assert "onward-ended" not in case.state.moments
    assert compare(inns.desk.vault) == []


def test_more_than_a_few_at_once_are_refused(house: Installation):
    one = RELAY[RELAY.index("    begins:\n      pathway: toy-relay") : RELAY.index("  raise-alarm:")]
    item = "      - " + one.split("\n", 1)[1].strip().replace("\n      ", "\n        ") + "\n"
    text = RELAY.replace(one, "    begins:\n" + item * (MOST_ASKS + 1))
    house.publish(text)
    case = stage(house)
    assert case.refused("TakeStep", SENDER, {"next.inn": given("south")}, step="send-on").code == "too_many_asks"
    assert rows_of(case.person) == {case.id}


def test_nobody_begins_a_case_for_somebody_who_was_erased(inns: Installation):
    case = stage(inns)
    case.does("CloseCase", SENDER, {"lost.last-inn": given("south")}, endpoint="lost")
    search = begun(case)
    assert search.state.pathway == "toy-search"
    search.does("CloseCase", SENDER, endpoint="home")
    assert persons.erase(inns.desk, case.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    inns.wait(hours=1)
    assert case.ask("ReopenCase", SENDER, texts={"reason": "again"}).refusal.code == "erased"
    assert compare(inns.desk.vault) == []


def test_no_door_gives_what_only_another_case_or_the_desk_can_say(inns: Installation):
    other = stage(inns)
    case = Case(inns, "case:" + "0" * 32, other.person)
    values = {"case": case.id, "pathway": "toy-relay", "subject": other.person, "holder": SENDER,
              "parties": {"sender": "ward", "receiver": "north"}, "origin": other.id, "hears": {"opened": "onward-arrived"},
              "history": {"toy-fire": 9}}  # fmt: skip
    case.does("OpenCase", SENDER, **values)
    assert (case.state.origin, dict(case.state.hears), dict(case.state.history)) == ("", {}, {"toy-fire": 0})
    assert "onward-arrived" not in other.state.moments
    heard = Ask("HearMoment", {"moment": "arrived", "occurred": inns.now.isoformat()})
    by_hand = inns.desk.handle(Envelope(case.id, heard, SENDER, "test", "by-hand")).refusal
    assert by_hand is not None and by_hand.code == "not_by_hand"
    assert case.refused("NoteDropped", SENDER, what="arrived", code="ended").code == "not_by_hand"


def test_cases_that_wrote_each_other_agree_with_their_record(inns: Installation):
    case = stage(inns)
    onward = sent_on(case)
    arrive(onward, RECEIVER_LAST_RESORT)
    assert faults_of(case.id) == faults_of(onward.id) == []
