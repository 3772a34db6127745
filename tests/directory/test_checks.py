"""A directory that could leave somebody without an answer is refused, and the sentence says what to change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.core.parties import Absence, Duty, Organisation, Staff, Team
from holdfast.directory.checks import check, check_changes
from holdfast.directory.items import Route, item_to_plain
from tests.directory.entries import OFFICE, entries, items, person

START = datetime(2026, 4, 6, 4, tzinfo=UTC)
KNOWN = {value.id: value for value in entries() if isinstance(value, Organisation | Team | Staff)}


def bent(id: str, **change):
    return replace(KNOWN[id], **change)


def roster(*duties: Duty, **more) -> Team:
    return bent("north", duties=duties, **more)


def test_a_directory_that_stands_has_no_faults():
    assert check(items()) == []
    assert check([]) == []


FAULTS = [
    (bent("harbour", last_resort="nobody"), "last-resort person of Harbour Mental Health must be active staff"),
    (bent("ingrid", active=False), "can be replaced, not removed"),
    (bent("ingrid", account=False), "needs an account"),
    (bent("ingrid", night=""), "a route by day and by night"),
    (Organisation("tide", "Tide", "ingrid"), "must belong to it: Ingrid does not"),
    (bent("ward", organisation="nowhere"), "belongs to 'nowhere'"),
    (roster(Duty("lead", "nobody")), "'nobody' on the roster is not active staff"),
    (roster(Duty("lead", "niall")), "Niall is on the roster and does not hold that role there"),
    (bent("niall", active=False), "'niall' on the roster is not active staff"),
    (bent("niall", account=False), "has no account to answer with"),
    (bent("alma", organisation="nowhere"), "Alma belongs to 'nowhere'"),
    (bent("alma", roles=frozenset({("nowhere", "lead")})), "is lead in 'nowhere'"),
    (bent("alma", roles=frozenset({("ward", "governance")})), "a role in an organisation, which Larch Ward is not"),
    (bent("alma", roles=frozenset({("harbour", "lead")})), "a role in a team, which Harbour Mental Health is not"),
    (Team("harbour", "Harbour", "harbour", OFFICE, address="h@example.org"), "names a team and an organisation"),
    (Absence("nobody", START, START + timedelta(days=1)), "of nobody in the directory"),
    (Absence("niall", START, START + timedelta(days=1), "nobody"), "'nobody', is not active staff"),
    (Absence("niall", START, START + timedelta(days=1), "maren"), "is not duty-clinician in Community North"),
    (Route("x", "p", "ward", "nowhere", "maren"), "names the team 'nowhere'"),
    (Route("x", "p", "ward", "north", "nobody"), "'nobody' is not"),
    (Route("x", "p", "ward", "north", "niall"), "has no role in Larch Ward"),
]


@pytest.mark.requirement("OWN-09")
@pytest.mark.parametrize(("entry", "says"), FAULTS, ids=[says for _, says in FAULTS])
def test_each_fault_is_named(entry, says):
    assert any(says in fault for fault in check(items(entry)))


def test_a_body_that_cannot_be_read_is_a_fault_among_others():
    faults = check([*items(bent("harbour", last_resort="nobody")), ("route", "x", {"source": "x"})])
    assert len(faults) == 2


def test_a_team_outside_may_have_people_without_accounts_on_its_roster():
    silent = person("mira", ("north", "lead"), account=False)
    assert check(items(silent, roster(Duty("lead", "mira"), external=True))) == []


@pytest.mark.requirement("OWN-04")
def test_an_absence_may_be_without_cover_and_one_that_is_over_is_not_judged():
    assert check(items(Absence("niall", START, START + timedelta(days=1)))) == []
    wrong = items(Absence("niall", START, START + timedelta(days=1), "maren"))
    assert check(wrong, START)
    assert check(wrong, START + timedelta(days=1)) == []


def test_a_change_is_judged_by_what_it_makes_of_the_whole():
    newcomer = person("freya", ("ward", "supervisor"))
    replacing = [item_to_plain(newcomer), item_to_plain(bent("harbour", last_resort="freya"))]
    assert check_changes(items(), [*replacing, item_to_plain(bent("ingrid", active=False))]) == []
    assert check_changes(items(), [item_to_plain(bent("ingrid", active=False))])


@pytest.mark.requirement("OWN-06")
@pytest.mark.parametrize(("kind", "ref"), [("organisation", "harbour"), ("team", "north"), ("staff", "alma")])
def test_what_a_case_may_name_stays(kind, ref):
    assert any("cannot be taken out" in fault for fault in check_changes(items(), [(kind, ref, None)]))


def test_routes_and_absences_may_go_once():
    assert check_changes(items(), [("route", "*", None)]) == []
    assert check_changes(items(), [("route", "*", None), ("route", "*", None)]) == [
        "There is no route '*' to take out."
    ]
