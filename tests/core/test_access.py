"""Who sees which case and which page: every role at every place, and the people who have no business there."""

from datetime import UTC, datetime, timedelta

import pytest

from holdfast.core.access import (
    ADMINISTRATOR,
    GOVERNANCE,
    ORGANISATION_ROLES,
    PAGES,
    TEAM_ROLES,
    Viewer,
    concerned_places,
    may_do_admin,
    may_govern,
    may_see,
    navigation_for,
    refuse_admin,
    roles_of,
)
from holdfast.core.calendars import Calendar
from holdfast.core.parties import Absence, Directory, Organisation, Staff, Team

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPEN = Calendar.always_open("Europe/London")
TEAMS = {"ward": "harbour", "crisis": "harbour", "north": "tide", "south": "tide"}
ORGANISATIONS = {"harbour": ("ward", "crisis"), "tide": ("north", "south")}
CASE = ("ward", "north")  # a transition from one to the other, held by "holder"


def directory(*roles: tuple[str, str], active: bool = True, absences: tuple[Absence, ...] = ()) -> Directory:
    """Four teams of two organisations, their last resorts, a holder, and one viewer with ``roles``."""
    staff = [
        Staff("viewer", "Viewer", "harbour", frozenset(roles), active=active),
        Staff("holder", "Holder", "harbour", frozenset({("ward", "coordinator")})),
        Staff("last-harbour", "Last of Harbour", "harbour", frozenset()),
        Staff("last-tide", "Last of Tide", "tide", frozenset()),
    ]
    return Directory(
        1,
        {id: Organisation(id, id.title(), f"last-{id}") for id in ORGANISATIONS},
        {id: Team(id, id.title(), organisation, OPEN) for id, organisation in TEAMS.items()},
        {person.id: person for person in staff},
        absences,
    )


VIEWER = Viewer("viewer")


@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize("role", TEAM_ROLES)
def test_a_role_in_a_team_shows_that_team_and_no_other(team, role):
    known = directory((team, role))
    assert concerned_places(VIEWER, known) == {team, "viewer"}
    assert may_see(VIEWER, CASE, ["holder"], known) == (team in CASE)
    assert not may_do_admin(VIEWER, known)
    assert not may_govern(VIEWER, known)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("role", ORGANISATION_ROLES)
def test_a_role_in_an_organisation(organisation, role):
    known = directory((organisation, role))
    teams = set(ORGANISATIONS[organisation]) if role == GOVERNANCE else set()
    assert concerned_places(VIEWER, known) == teams | {"viewer"}
    for team in TEAMS:
        assert may_see(VIEWER, [team], [], known) == (team in teams)
    other = next(id for id in ORGANISATIONS if id != organisation)
    for ask, needs in ((may_do_admin, ADMINISTRATOR), (may_govern, GOVERNANCE)):
        assert ask(VIEWER, known) == ask(VIEWER, known, organisation) == (role == needs)
        assert not ask(VIEWER, known, other)
    assert (refuse_admin(VIEWER, known, organisation) is None) == (role == ADMINISTRATOR)
    refusal = refuse_admin(VIEWER, known, other)
    assert refusal is not None and refusal.code == "without_authority"


def test_an_administrator_sees_no_case_and_a_role_in_a_team_is_not_lost_by_it():
    assert not may_see(VIEWER, TEAMS, [], directory(("harbour", ADMINISTRATOR)))
    assert concerned_places(VIEWER, directory(("harbour", ADMINISTRATOR), ("ward", "lead"))) == {"ward", "viewer"}


def test_whoever_is_named_sees_the_case():
    known = directory()
    assert may_see(VIEWER, CASE, ["holder", "viewer"], known)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_a_last_resort_sees_every_team_of_the_organisation(organisation):
    last = Viewer(f"last-{organisation}")
    assert concerned_places(last, directory()) == {*ORGANISATIONS[organisation], last.staff}
    assert navigation_for(last, directory()) == ("my-work", "cases", "inbox")


@pytest.mark.parametrize("place", [*TEAMS, *ORGANISATIONS])
@pytest.mark.parametrize("role", [*TEAM_ROLES, *ORGANISATION_ROLES])
def test_a_closed_account_and_a_stranger_see_nothing(place, role):
    closed = directory((place, role), active=False)
    for viewer in (VIEWER, Viewer("stranger"), Viewer("")):
        assert roles_of(viewer, closed) == frozenset()
        assert concerned_places(viewer, closed) == frozenset()
        assert not may_see(viewer, TEAMS, ["viewer"], closed)
        assert not may_do_admin(viewer, closed)
        assert navigation_for(viewer, closed) == ()


@pytest.mark.requirement("OWN-04")
def test_cover_sees_what_names_the_absent_person_while_it_lasts():
    away = Absence("holder", AT, AT + timedelta(days=1), "viewer")
    known = directory(absences=(away,))
    assert may_see(VIEWER, ["crisis"], ["holder"], known, AT)
    assert not may_see(VIEWER, ["crisis"], ["holder"], known, AT - timedelta(seconds=1))
    assert not may_see(VIEWER, ["crisis"], ["holder"], known, AT + timedelta(days=1))
    assert not may_see(VIEWER, ["crisis"], ["holder"], known)


PAGES_OF = {
    "coordinator": ("my-work", "cases", "inbox"),
    "lead": ("my-work", "cases"),
    "intake": ("my-work", "cases", "inbox"),
    "supervisor": ("my-work", "cases", "inbox"),
    "clinician": ("my-work", "cases"),
    "decision-maker": ("my-work", "cases"),
    "duty-clinician": ("my-work", "cases"),
    GOVERNANCE: ("my-work", "cases", "governance"),
    ADMINISTRATOR: ("directory",),
}


@pytest.mark.parametrize("role", [*TEAM_ROLES, *ORGANISATION_ROLES])
def test_the_pages_of_each_role(role):
    place = "harbour" if role in ORGANISATION_ROLES else "ward"
    assert navigation_for(VIEWER, directory((place, role))) == PAGES_OF[role]


def test_nobody_without_a_role_is_offered_a_page_and_all_roles_are_offered_all():
    assert navigation_for(VIEWER, directory()) == ()
    everything = directory(("ward", "supervisor"), *(("harbour", role) for role in ORGANISATION_ROLES))
    assert navigation_for(VIEWER, everything) == PAGES
