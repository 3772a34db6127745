"""A gap in a roster is found days before it comes, and one who cannot be reached counts as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from holdfast.core.calendars import Calendar, WeeklyInterval
from holdfast.core.gaps import NO_MAIL, NO_NIGHT, NOBODY, find_gaps
from holdfast.core.parties import CLOSED, OPEN, Absence, Duty, Organisation, Staff, Team
from holdfast.directory.snapshot import make_directory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = tuple(WeeklyInterval(day, 9 * 60, 17 * 60) for day in range(5))
HOURS = Calendar("UTC", WEEK, frozenset(), (), date(2026, 1, 1), date(2027, 12, 31))


def person(id: str, **changes: str) -> Staff:
    whole = Staff(id, id.title(), "o", frozenset({("t", "watch")}), True, f"{id}@example.org", "555-1", "555-2")
    return replace(whole, **changes)  # type: ignore[arg-type]


def directory(*people: Staff, duties: tuple[Duty, ...] = (), absences: tuple[Absence, ...] = ()):
    team = Team("t", "Team", "o", HOURS, duties, address="t@example.org")
    return make_directory([Organisation("o", "O", "eve"), team, *people, *absences], 1)


@pytest.mark.requirement("BEY-03")
@pytest.mark.hazard("HZ-16")
def test_an_absence_without_cover_in_a_week_is_a_gap_now() -> None:
    away = Absence("ana", NOW + 7 * DAY, NOW + 8 * DAY)
    [gap] = find_gaps(directory(person("ana"), absences=(away,)), "t", "watch", NOW)
    assert (gap.why, gap.start, gap.end) == (NOBODY, NOW + 7 * DAY, NOW + 8 * DAY)


@pytest.mark.requirement("BEY-03")
def test_a_cover_or_a_second_person_closes_it() -> None:
    away = Absence("ana", NOW + 7 * DAY, NOW + 8 * DAY)
    two = directory(person("ana"), person("ben"), absences=(away,))
    assert find_gaps(two, "t", "watch", NOW) == []
    cover = replace(person("cem"), roles=frozenset({("t", "watch")}))
    covered = directory(person("ana"), cover, absences=(replace(away, cover="cem"),))
    assert find_gaps(covered, "t", "watch", NOW) == []


@pytest.mark.requirement("BEY-03", "ESC-03")
@pytest.mark.hazard("HZ-16")
def test_by_night_somebody_without_a_night_route_is_no_answer() -> None:
    duties = (Duty("watch", "ana", OPEN), Duty("watch", "ben", CLOSED))
    gaps = find_gaps(directory(person("ana"), person("ben", night=""), duties=duties), "t", "watch", NOW)
    assert {gap.why for gap in gaps} == {NO_NIGHT} and {gap.staff for gap in gaps} == {"ben"}
    assert all(HOURS.open_at(gap.start) is False for gap in gaps)
    assert len(gaps) == 10  # in each week four nights, and the weekend as one
    assert find_gaps(directory(person("ana"), person("ben"), duties=duties), "t", "watch", NOW) == []


@pytest.mark.requirement("BEY-03")
def test_no_address_for_mail_is_a_gap_for_all_of_the_time() -> None:
    [gap] = find_gaps(directory(person("ana", email="")), "t", "watch", NOW)
    assert (gap.why, gap.start, gap.end) == (NO_MAIL, NOW, NOW + 14 * DAY)
    assert find_gaps(directory(), "t", "watch", NOW)[0].why == NOBODY
