"""One plan holder for each person while any case is open: named by the first, moved only by command."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest

from holdfast.core.refusals import Refusal
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.leads import find_lead, move_lead, stream_of
from holdfast.desk.rebuild import compare
from holdfast.directory.snapshot import current_version, load
from holdfast.ledger.models import Head
from holdfast.worklists.casefile import entries_of
from tests.desk.test_racing import at_once
from tests.installation import (
    LEAD,
    OUTSIDER,
    PATHWAY,
    RECEIVER,
    RECEIVER_LAST_RESORT,
    SENDER,
    SENDER_SUPERVISOR,
    Installation,
    keyring,
)

pytestmark = pytest.mark.requirement("OWN-01")


@pytest.fixture
def house(clean_database: object) -> Installation:
    """The south has two who may hold a case from its first instant."""
    house = Installation().set_up()
    known = load(current_version()).staff
    house.change_directory(
        *(replace(known[id], roles=known[id].roles | {("south", "coordinator")}) for id in (RECEIVER_LAST_RESORT, LEAD))
    )
    return house


def lead_of(person: str) -> str:
    lead = find_lead(person)
    return lead.staff if lead else ""


def another(house: Installation, person: str, holder: str, desk: Desk | None = None) -> Outcome:
    """A second case of the same person, sent by the south team and held by ``holder``."""
    case = "case:" + uuid.uuid4().hex
    parties = {"sender": "south", "receiver": "north"}
    values = {"case": case, "pathway": PATHWAY, "subject": person, "parties": parties, "holder": holder}
    return (desk or house.desk).handle(Envelope(case, Ask("OpenCase", values), holder, "test"))


def move(house: Installation, person: str, to: str, actor: str, reason: str = "She knows him best.") -> Refusal | None:
    return move_lead(house.desk.vault, house.desk.recorded_at, person, to, reason, actor, "test").refusal


def moves(person: str) -> list[tuple[str, str]]:
    events = [event for entry in entries_of(stream_of(person)) for event in entry["events"]]
    return [(e["frm"], e["to"]) for e in events if e["event"] == "LeadMoved"]


def test_the_first_case_names_the_lead_and_a_second_case_does_not(house: Installation) -> None:
    case = house.open()
    assert lead_of(case.person) == SENDER
    assert another(house, case.person, RECEIVER_LAST_RESORT).accepted
    assert lead_of(case.person) == SENDER and moves(case.person) == [("", SENDER)]


def test_responsibility_for_a_case_moves_and_the_lead_stays_until_it_is_moved_by_name(house: Installation) -> None:
    case = house.accepted()
    assert case.state.holder == LEAD and lead_of(case.person) == SENDER
    house.wait(hours=1)
    assert move(house, case.person, LEAD, SENDER_SUPERVISOR) is None
    lead = find_lead(case.person)
    assert lead is not None and (lead.staff, lead.since) == (LEAD, house.now)
    assert case.state.holder == LEAD
    assert compare(house.desk.vault) == []


@pytest.mark.parametrize(
    ("to", "actor", "reason", "code"),
    [
        (LEAD, OUTSIDER, "Because.", "not_yours"),
        (LEAD, RECEIVER, "Because.", "not_yours"),
        (OUTSIDER, SENDER, "Because.", "without_authority"),
        ("north", SENDER, "Because.", "not_a_person"),
        (LEAD, SENDER, " ", "reason_missing"),
        (SENDER, SENDER, "Because.", "nothing_changed"),
    ],
)
def test_who_may_not_move_it_and_to_whom_not(house: Installation, to: str, actor: str, reason: str, code: str) -> None:
    case = house.open()
    refusal = move(house, case.person, to, actor, reason)
    assert refusal is not None and refusal.code == code
    assert lead_of(case.person) == SENDER


def test_nobody_leads_when_no_case_is_open_and_the_next_case_names_somebody(house: Installation) -> None:
    case = house.accepted()
    case.close()
    assert find_lead(case.person) is None
    assert another(house, case.person, RECEIVER_LAST_RESORT).accepted
    assert lead_of(case.person) == RECEIVER_LAST_RESORT
    assert moves(case.person) == [("", SENDER), (SENDER, RECEIVER_LAST_RESORT)]


def test_the_reason_is_sealed(house: Installation) -> None:
    case = house.open()
    assert move(house, case.person, LEAD, SENDER, "He asked for somebody else.") is None
    assert "somebody else" not in json.dumps(entries_of(stream_of(case.person)))
    opened = house.desk.vault.read(case.person, stream_of(case.person)).values()
    assert "He asked for somebody else." in [json.loads(value.plain) for value in opened]


def test_cases_from_before_leads_were_recorded_have_the_holder_of_the_oldest(house: Installation) -> None:
    case = house.open()
    Head.objects.filter(stream=stream_of(case.person)).update(state=json.dumps({"fields": {}}))
    assert lead_of(case.person) == SENDER


def test_two_cases_opened_at_once_leave_one_lead_named_once(house: Installation) -> None:
    person = house.person()

    def one(holder: str) -> Outcome:
        return another(house, person, holder, Desk(keyring(), clock=lambda: house.now))

    ended = at_once([lambda holder=holder: one(holder) for holder in (RECEIVER_LAST_RESORT, LEAD) * 3])  # type: ignore[misc]
    assert [getattr(outcome, "accepted", outcome) for outcome in ended] == [True] * 6
    assert len(moves(person)) == 1
    assert lead_of(person) == moves(person)[0][1]
    assert compare(house.desk.vault) == []
