"""What a person told once begins the next packet, unconfirmed, with its age and where it is from; and what is not carried."""

from __future__ import annotations

import json

import pytest

from holdfast.core.answers import RawAnswer
from holdfast.desk import persons
from holdfast.desk.rebuild import compare
from holdfast.people.models import Sealed
from tests.desk.relay import RELAY, publish, sent_on, stage
from tests.faults.wholeness import faults_of
from tests.installation import GOVERNANCE, RECEIVER, SECOND_GOVERNANCE, SENDER, Case, Installation, given

TOLD = {
    "traveller.diet": given("no-meat"),
    "traveller.story": given("Walks at night when the bells ring."),
    "traveller.bags": RawAnswer("none-known"),
    "stage.leaves": given("2026-03-02T20:00+00:00"),
}


@pytest.fixture
def inns(house: Installation) -> Installation:
    publish(house, "toy-search")
    return house


def told(case: Case, field: str):
    """The answer as it stands, and its text where it is sealed and can be read."""
    answer = case.state.packet.get(field)
    if answer is None or not answer.sealed:
        return answer, None
    opened = case.at.desk.vault.read(case.person, case.id, [answer.sealed])
    return answer, json.loads(opened[answer.sealed].plain) if opened else None


@pytest.mark.requirement("PKT-09")
def test_what_is_known_begins_the_next_packet_and_does_not_count_yet(inns: Installation):
    first = stage(inns, **TOLD)
    inns.wait(days=3)
    again = stage(inns, first.person)
    diet, _ = told(again, "traveller.diet")
    assert (diet.value, diet.unconfirmed, diet.counts) == ("no-meat", True, False)
    assert diet.true_at == first.state.packet["traveller.diet"].true_at
    assert diet.by == SENDER and diet.source == "the packet of toy-relay"
    story, words = told(again, "traveller.story")
    assert words == "Walks at night when the bells ring." and story.unconfirmed
    assert story.sealed != first.state.packet["traveller.story"].sealed
    assert told(again, "traveller.bags")[0].how == "none-known"
    assert compare(inns.desk.vault) == [] and faults_of(again.id) == []


@pytest.mark.requirement("PKT-09")
def test_it_counts_once_it_is_confirmed(inns: Installation):
    first = stage(inns, **TOLD)
    again = stage(inns, first.person)
    again.does("FillPacket", SENDER, {"traveller.diet": given("no-meat")})
    assert told(again, "traveller.diet")[0].counts


def test_what_the_opener_says_goes_before_what_was_known(inns: Installation):
    first = stage(inns, **TOLD)
    again = stage(inns, first.person, **{"traveller.diet": given("all")})
    assert told(again, "traveller.diet")[0].value == "all" and told(again, "traveller.diet")[0].counts
    assert told(again, "traveller.story")[0].unconfirmed


def test_a_later_packet_goes_before_an_earlier_one(inns: Installation):
    first = stage(inns, **TOLD)
    inns.wait(days=1)
    stage(inns, first.person, **{"traveller.diet": given("all")})
    inns.wait(days=1)
    third = stage(inns, first.person)
    assert told(third, "traveller.diet")[0].value == "all"
    assert told(third, "traveller.story")[1] == "Walks at night when the bells ring."


def test_what_the_clocks_of_this_move_hang_on_is_asked_afresh(inns: Installation):
    first = stage(inns, **TOLD)
    assert "stage.leaves" in first.state.packet
    assert "stage.leaves" not in stage(inns, first.person).state.packet


def test_a_case_begun_from_another_carries_its_packet(inns: Installation):
    onward = sent_on(stage(inns, **TOLD))
    assert told(onward, "traveller.story")[1] == "Walks at night when the bells ring."
    assert told(onward, "traveller.diet")[0].unconfirmed


@pytest.mark.requirement("PKT-09")
def test_nothing_is_carried_to_teams_that_never_knew_it(inns: Installation):
    """Otherwise opening a case would be a way to read what other teams were told."""
    first = stage(inns, **TOLD)
    elsewhere = Case(inns, "case:" + "e" * 32, first.person)
    parties = {"sender": "other", "receiver": "south"}
    values = {"pathway": "toy-relay", "subject": first.person, "parties": parties}
    elsewhere.does("OpenCase", "otto", case=elsewhere.id, holder="otto", **values)
    assert elsewhere.state.packet == {}


def test_a_guarded_answer_is_carried_only_where_it_is_guarded_as_well(house: Installation):
    publish(house)
    first = stage(house, **{"traveller.debts": given("Forty coins.")})
    assert told(stage(house, first.person), "traveller.debts")[1] == "Forty coins."
    house.wait(minutes=1)
    open_text = RELAY.replace("labels: [money], ", "")
    house.publish(open_text)
    assert told(stage(house, first.person), "traveller.debts")[0] is None


def test_erasing_takes_what_was_carried_as_well(inns: Installation):
    first = stage(inns, **TOLD)
    again = stage(inns, first.person)
    for case in (first, again):
        case.does("CloseCase", SENDER, endpoint="home")
    assert persons.erase(inns.desk, first.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    assert not Sealed.objects.filter(person=first.person).exists()
    assert told(again, "traveller.story")[1] is None
    assert compare(inns.desk.vault) == []


def test_a_receiver_who_opens_for_somebody_they_took_in_is_told_too(inns: Installation):
    first = stage(inns, **TOLD)
    values = {"pathway": "toy-relay", "subject": first.person, "parties": {"sender": "ward", "receiver": "north"}}
    second = Case(inns, "case:" + "d" * 32, first.person)
    second.does("OpenCase", RECEIVER, case=second.id, holder=SENDER, **values)
    assert told(second, "traveller.diet")[0].unconfirmed
