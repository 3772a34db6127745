"""Somebody leaves: nothing is closed that still holds something, everything moves in one go, and nobody is left without an owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from holdfast.core.parties import Absence, Staff
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.leaving import close_person, what_they_hold
from holdfast.desk.publishing import put_directory
from holdfast.desk.rebuild import compare
from holdfast.directory.items import item_to_plain
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from holdfast.worklists.models import CaseRow, Holding, Promised
from tests.desk.test_racing import at_once
from tests.doors.api_client import Caller
from tests.installation import (
    DECISION_MAKER,
    LEAD,
    OUTSIDER,
    RECEIVER_SUPERVISOR,
    SENDER,
    Installation,
    keyring,
)

ADMIN, NEW = "ada", "lena"


def staffed(house: Installation) -> Installation:
    routes = {"email": "x@example.org", "day": "555-0100", "night": "555-0101"}
    lead = load(current_version()).staff[LEAD]
    roles = frozenset({*lead.roles, ("north", "decision-maker"), ("north", "clinician")})
    house.change_directory(
        Staff(ADMIN, "Ada", "community", frozenset({("community", "administrator")}), **routes),
        Staff(NEW, "Lena", "community", roles, **routes),
    )
    return house


@pytest.fixture
def busy(house: Installation) -> Installation:
    return staffed(house)


def active(staff: str) -> bool:
    return load(current_version()).staff[staff].active


def orphans(staff: str) -> int:
    """Cases and promises that still name somebody, in the rows that an auditor looks at."""
    held = CaseRow.objects.filter(holder=staff).exclude(status="ended").count()
    holding = Holding.objects.filter(holder=staff, until=None).count()
    return held + holding + Promised.objects.filter(owner=staff, status__in=["open", "breached"]).count()


@pytest.mark.requirement("BEY-09", "OWN-04")
@pytest.mark.hazard("HZ-11")
def test_fifty_cases_move_in_one_step_and_none_is_left_behind(busy: Installation) -> None:
    cases = [busy.accepted() for _ in range(50)]
    refusal = close_person(busy.desk, LEAD, "", ADMIN, "test").refusal
    assert refusal is not None and refusal.code == "still_responsible"
    assert "50 open cases" in refusal.says and "open promises" in refusal.says
    assert active(LEAD) and orphans(LEAD) > 50
    outcome = close_person(busy.desk, LEAD, NEW, ADMIN, "test")
    assert outcome.accepted, outcome.refusal
    assert orphans(LEAD) == 0 and not active(LEAD)
    assert {case.state.holder for case in cases} == {NEW}
    moved = cases[0].events("HolderMoved")[-1]
    assert (moved["frm"], moved["to"]) == (LEAD, NEW)
    assert what_they_hold(LEAD, load(current_version())).nothing
    assert compare(busy.desk.vault) == []


@pytest.mark.requirement("BEY-09")
def test_more_than_fit_into_one_transaction_move_in_several_and_the_account_ends_last(
    busy: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third transaction fails: what moved stays moved, the account stands, and a repeat goes on where it stopped."""
    from holdfast.desk import leaving

    cases = [busy.accepted() for _ in range(5)]
    heads, rounds = leaving.read_heads, []

    def third_time(streams: object) -> object:
        rounds.append(streams)
        if len(rounds) == 3:
            raise RuntimeError("the machine stops")
        return heads(streams)  # type: ignore[arg-type]

    monkeypatch.setattr(leaving, "read_heads", third_time)
    with pytest.raises(RuntimeError):
        close_person(busy.desk, LEAD, NEW, ADMIN, "test", at_once=2)
    assert sorted(case.state.holder for case in cases) == [LEAD, *[NEW] * 4]
    assert active(LEAD)
    assert close_person(busy.desk, LEAD, NEW, ADMIN, "test", at_once=2).accepted
    assert {case.state.holder for case in cases} == {NEW}
    assert orphans(LEAD) == 0 and not active(LEAD)
    assert [len(part) for part in rounds] == [2, 2, 1, 1]  # type: ignore[arg-type]
    assert compare(busy.desk.vault) == []


@pytest.mark.requirement("BEY-09", "OWN-07")
def test_named_roles_rosters_and_last_resort_move_too(busy: Installation) -> None:
    case = busy.accepted()
    refusal = close_person(busy.desk, DECISION_MAKER, LEAD, ADMIN, "test").refusal
    assert refusal is not None and refusal.code == "without_authority" and "decision-maker" in refusal.says
    assert what_they_hold(DECISION_MAKER, load(current_version())).named == 3
    assert close_person(busy.desk, DECISION_MAKER, NEW, ADMIN, "test").accepted
    assert set(case.state.named.values()) == {NEW}


@pytest.mark.requirement("BEY-09")
def test_only_an_administrator_closes_and_never_in_passing(busy: Installation) -> None:
    busy.accepted()
    for who in (RECEIVER_SUPERVISOR, OUTSIDER, LEAD):
        refusal = close_person(busy.desk, LEAD, NEW, who, "test").refusal
        assert refusal is not None and refusal.code == "without_authority"
    person = load(current_version()).staff[LEAD]
    for gone in (replace(person, active=False), replace(person, account=False)):
        outcome = put_directory(busy.desk, [item_to_plain(gone)], ADMIN, "test")
        assert outcome.refusal is not None and outcome.refusal.code == "still_responsible"
    assert active(LEAD)


@pytest.mark.requirement("BEY-09")
def test_closing_ends_sessions_and_tokens(busy: Installation) -> None:
    from django.test import Client

    account = Account.objects.create_account(LEAD, LEAD, "x" * 12)
    client, caller = Client(), Caller.of(LEAD)
    client.force_login(account)
    assert client.get("/").status_code == 200
    caller.get("me")
    assert close_person(busy.desk, LEAD, NEW, ADMIN, "test").accepted
    assert client.get("/").status_code in (302, 403)
    caller.get("me", 403)


@pytest.mark.requirement("BEY-09")
def test_an_account_that_is_taken_away_ends_sessions_and_tokens(busy: Installation) -> None:
    caller = Caller.of(NEW)
    caller.get("me")
    person = load(current_version()).staff[NEW]
    assert put_directory(busy.desk, [item_to_plain(replace(person, account=False))], ADMIN, "test").accepted
    caller.get("me", 403)


@pytest.mark.requirement("OWN-04")
def test_what_an_absent_person_owes_is_in_their_covers_list_for_that_time(busy: Installation) -> None:
    from holdfast.core.access import Viewer
    from holdfast.worklists.viewing import my_work

    case = busy.accepted()
    busy.change_directory(Absence(LEAD, busy.now, busy.now + timedelta(days=2), NEW))
    directory = load(current_version())
    assert case.id in {row.case for row in my_work(Viewer(NEW), directory, busy.now)}
    assert case.id not in {row.case for row in my_work(Viewer(NEW), directory, busy.now + timedelta(days=3))}


@pytest.mark.requirement("BEY-09")
@pytest.mark.hazard("HZ-11")
def test_nobody_is_given_a_case_in_the_second_in_which_they_leave(clean_database: object) -> None:
    house = staffed(Installation().set_up())
    cases = [house.accepted(), *(house.sent() for _ in range(6))]

    def accept(case: str) -> Outcome:
        from tests.installation import RECEIVER, given

        answers = {
            "receipt.reviewed": given("reviewed"),
            "receipt.lead": given(LEAD),
            "receipt.first-contact-at": given("2026-03-03T10:00+00:00"),
            "receipt.first-actions": given("Call."),
            "receipt.escalation-signs": given("Silence."),
        }
        ask = Ask("TakeStep", {"step": "confirm-receipt"}, answers)
        desk = Desk(keyring(), clock=lambda: house.now)
        return desk.handle(Envelope(case, ask, RECEIVER, "test", f"accept-{case}"))

    def close() -> Outcome:
        return close_person(Desk(keyring(), clock=lambda: house.now), LEAD, NEW, ADMIN, "test")

    ended = at_once([*(lambda case=case.id: accept(case) for case in cases[1:]), close])
    connections.close_all()
    assert not [e for e in ended if isinstance(e, Exception)], ended
    assert isinstance(ended[-1], Outcome) and ended[-1].accepted, ended[-1]
    assert orphans(LEAD) == 0
    assert {case.state.holder for case in cases} <= {NEW, SENDER}
