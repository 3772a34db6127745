"""Hazards of ownership: everybody responsible, nobody responsible, and not being able to show who was."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client

from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from holdfast.worklists import casefile
from holdfast.worklists.models import CaseRow, Holding
from holdfast.worklists.writing import _move_holding as real_move
from tests.hazards.control import fails_without, nothing
from tests.installation import (
    LEAD,
    OUTSIDER,
    RECEIVER_SUPERVISOR,
    SENDER,
    SENDER_SUPERVISOR,
    Installation,
)


def only_one_active_person_holds_it(house: Installation) -> None:
    """HZ-09: a team, two people, a stranger and a closed account are each refused as holder."""
    case = house.sent()
    gone = load(current_version()).staff[LEAD]
    house.change_directory(replace(gone, active=False, roles=frozenset()))
    for to in ("north", f"{SENDER},{SENDER_SUPERVISOR}", OUTSIDER, LEAD, ""):
        outcome = case.ask("MoveHolder", SENDER, None, {"reason": "end of shift"}, to=to)
        assert not outcome.accepted, f"HZ-09: {to!r} can hold a case"
    assert case.state.holder == SENDER, "HZ-09: the holder changed"


@pytest.mark.hazard("HZ-09")
@pytest.mark.requirement("OWN-01", "OWN-09")
def test_hz_09_only_one_active_person_holds_it(house: Installation) -> None:
    only_one_active_person_holds_it(house)


@pytest.mark.control_off("HZ-09")
def test_hz_09_without_its_control(house: Installation) -> None:
    fails_without("HZ-09", only_one_active_person_holds_it, house, nothing)


def holding_leaves_no_gap(house: Installation) -> None:
    """HZ-10: through acceptance, failed attempts and a handover, the intervals of holding cover day 0 to the endpoint."""
    case = house.sent()
    house.wait(hours=3)
    case.accept()
    for _ in range(3):
        house.wait(hours=5)
        case.contact(reached="nobody")
    house.wait(days=1)
    case.does("MoveHolder", SENDER_SUPERVISOR, None, {"reason": "leave"}, to=SENDER_SUPERVISOR)
    rows = list(Holding.objects.filter(case=case.id).order_by("turn"))
    assert [row.holder for row in rows] == [SENDER, LEAD, SENDER, SENDER_SUPERVISOR], "HZ-10: a turn is not on record"
    assert rows[0].since == case.state.opened, "HZ-10: nobody held it at the beginning"
    for before, after in itertools.pairwise(rows):
        assert before.until == after.since, f"HZ-10: nobody held it between {before.until} and {after.since}"
    assert rows[-1].until is None, "HZ-10: nobody holds it now"


@pytest.mark.hazard("HZ-10")
@pytest.mark.requirement("OWN-01", "OWN-03")
def test_hz_10_holding_leaves_no_gap(house: Installation) -> None:
    holding_leaves_no_gap(house)


def _forget_turns(case: str, holder: str, why: str, entry: int, at: datetime) -> None:
    if entry == 1:
        real_move(case, holder, why, entry, at)


@pytest.mark.control_off("HZ-10")
def test_hz_10_without_its_control(house: Installation) -> None:
    fails_without("HZ-10", holding_leaves_no_gap, house, _forget_turns)


def the_sender_sees_no_success_before_it_is_there(house: Installation) -> None:
    """HZ-13: what the sender's list and case page show before the acceptance holds no state that has no evidence."""
    case = house.sent()
    account = Account.objects.create_account(SENDER, SENDER, "a long enough password")
    client = Client()
    client.force_login(account)
    row = CaseRow.objects.get(case=case.id)
    assert row.stage == "transmitted", f"HZ-13: the list says {row.stage}"
    house.wait(hours=1)
    case.accept()
    assert CaseRow.objects.get(case=case.id).stage == "assigned", "HZ-13: the list does not follow the evidence"


def _sent_is_done(state: State, pathway: Pathway) -> str:
    return list(pathway.states)[-2] if "sent" in state.moments else "drafted"


@pytest.mark.hazard("HZ-13")
@pytest.mark.requirement("REC-10")
def test_hz_13_the_sender_sees_no_success_before_it_is_there(house: Installation) -> None:
    the_sender_sees_no_success_before_it_is_there(house)


@pytest.mark.control_off("HZ-13")
def test_hz_13_without_its_control(house: Installation) -> None:
    fails_without("HZ-13", the_sender_sees_no_success_before_it_is_there, house, _sent_is_done)


def the_holder_of_any_instant_is_known(house: Installation) -> None:
    """HZ-14: two hundred random questions "who, at that instant" get the answer that the simulation knows."""
    truth: dict[str, list[tuple[datetime, str]]] = {}
    for _ in range(5):
        case = house.sent()
        turns = [(case.state.opened, SENDER)]
        for to in (SENDER_SUPERVISOR, RECEIVER_SUPERVISOR, SENDER):
            house.wait(minutes=house.chance.randint(1, 900))
            case.does("MoveHolder", SENDER_SUPERVISOR, None, {"reason": "shift"}, to=to)
            turns.append((house.now, to))
        truth[case.id] = turns
    house.wait(hours=5)
    for _ in range(200):
        case_id = house.chance.choice(list(truth))
        turns = truth[case_id]
        at = turns[0][0] + (house.now - turns[0][0]) * house.chance.random()
        wanted = [holder for since, holder in turns if since <= at][-1]
        held = casefile.who_held(case_id, at)
        assert held is not None and held.holder == wanted, f"HZ-14: at {at} it was {wanted}, the record says {held}"


def _whoever_holds_it_now(case: str, true_at: datetime, known_at: datetime | None = None) -> Holding | None:
    return Holding.objects.filter(case=case, until=None).first()


@pytest.mark.hazard("HZ-14")
@pytest.mark.requirement("OWN-06", "BEY-02")
def test_hz_14_the_holder_of_any_instant_is_known(house: Installation) -> None:
    the_holder_of_any_instant_is_known(house)


@pytest.mark.control_off("HZ-14")
def test_hz_14_without_its_control(house: Installation) -> None:
    fails_without("HZ-14", the_holder_of_any_instant_is_known, house, _whoever_holds_it_now)


def responsibility_reverts(house: Installation) -> None:
    """HZ-17: accepted, then three failed contacts; the original team holds it again, and both are told."""
    case = house.accepted()
    assert case.state.holder == LEAD
    for _ in range(3):
        house.wait(hours=5)
        case.contact(reached="nobody")
    assert case.state.holder == SENDER, f"HZ-17: {case.state.holder} still holds it"
    told = {event["to"] for event in case.events("NoticeIssued") if event["notice"] == "reverted"}
    assert told == {f"staff:{SENDER}", f"staff:{LEAD}"}, f"HZ-17: told {told}"
    assert case.promise("decide-after-three").owner == RECEIVER_SUPERVISOR, "HZ-17: nobody has to decide"


@pytest.mark.hazard("HZ-17")
@pytest.mark.requirement("OWN-03", "CON-04")
def test_hz_17_responsibility_reverts(house: Installation) -> None:
    responsibility_reverts(house)


@pytest.mark.control_off("HZ-17")
def test_hz_17_without_its_control(house: Installation) -> None:
    fails_without("HZ-17", responsibility_reverts, house, nothing)
