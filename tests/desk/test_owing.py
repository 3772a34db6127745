"""What is owed, read by hand: the same promises in the same order as a plain query gives, page by page and however it is cut."""

from __future__ import annotations

import pytest
from django.db import connection

from holdfast.core.access import Viewer
from holdfast.directory.snapshot import current_version, load
from holdfast.worklists.models import Part, Promised
from holdfast.worklists.owing import MOST_PARTS, Owed, owed_in
from holdfast.worklists.viewing import OWED, team_work
from tests.installation import LEAD, Installation

TEAM = "north"


@pytest.fixture
def busy(house: Installation) -> Installation:
    for _ in range(4):
        house.accepted()
        house.wait(minutes=7)
    house.sent()
    return house


def plainly(members: list[str]) -> list[tuple[str, str]]:
    """Case and promise of everything the team owes, sorted here."""
    concerned = set(Part.objects.filter(concerned=TEAM).values_list("case", flat=True))
    rows = [
        row
        for row in Promised.objects.filter(status__in=OWED)
        if row.team == TEAM or (row.team == "" and row.owner in members and row.case in concerned)
    ]
    return [(row.case, row.promise) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


def told(owed: Owed) -> list[tuple[str, str]]:
    return [(row.case, row.promise) for row in owed]


def test_the_parts_of_a_teams_list_are_merged_in_the_order_of_being_due(busy: Installation) -> None:
    directory = load(current_version())
    members = sorted(p.id for p in directory.staff.values() if any(place == TEAM for place, _ in p.roles))
    expected = plainly(members)
    assert len(expected) > 5
    owed = team_work(Viewer(LEAD), directory, TEAM)
    assert told(owed) == expected
    assert owed.count() == len(expected)
    # More members than are read apart: one part for all of them, and the same list.
    many = [*members, *(f"nobody{n}" for n in range(MOST_PARTS))]
    assert told(owed_in(TEAM, many)) == expected


def test_a_list_is_cut_by_page_by_place_and_by_time(busy: Installation) -> None:
    owed = team_work(Viewer(LEAD), load(current_version()), TEAM)
    every = owed[:]
    assert [*owed[:3], *owed[3:6], *owed[6:]] == every
    assert owed.after(every[3].due_at, every[3].id)[:] == every[4:]
    by = every[2].due_at
    assert owed.due_by(by)[:] == [row for row in every if row.due_at <= by]
    assert 0 < owed.due_by(by).count() < len(every)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads so few rows without any index")
def test_each_part_is_read_by_its_own_index(busy: Installation) -> None:
    asked = []
    with connection.execute_wrapper(
        lambda run, sql, given, many, how: (asked.append((sql, given)), run(sql, given, many, how))[1]
    ):
        owed_in(TEAM, [LEAD])[:25]
    (sql, given) = asked[0]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, given)
        plan = "\n".join(row[-1] for row in cursor.fetchall())
    assert "INDEX promise_team (team=?)" in plan
    assert "INDEX promise_mine (owner=?)" in plan


def test_the_order_of_a_review_goes_on_where_a_page_ended(busy: Installation) -> None:
    owed = team_work(Viewer(LEAD), load(current_version()), TEAM).at_risk_first()
    every = owed[:]
    assert every == sorted(every, key=lambda row: (row.tier_rank, row.due_at, row.id))
    assert owed.after_risk(every[3].tier_rank, every[3].due_at, every[3].id)[:] == every[4:]


def test_who_is_not_of_the_team_has_an_empty_list(busy: Installation) -> None:
    owed = team_work(Viewer("nobody"), load(current_version()), TEAM)
    assert (owed.count(), owed[:25], list(owed)) == (0, [], [])
