"""The directory's pages: read by those of an organisation, changed by its administrator alone, through the same checks as a file."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.core.parties import Staff
from holdfast.core.services import Service
from holdfast.directory.snapshot import current_version, load
from tests.doors.case_stage import Stage, form_on, plain
from tests.installation import LEAD, OUTSIDER, RECEIVER, RECEIVER_SUPERVISOR

ADMIN = "ada"


@pytest.fixture
def kept(stage: Stage) -> Stage:
    routes = {"email": "x@example.org", "day": "555-0100", "night": "555-0101"}
    stage.house.change_directory(
        Staff(ADMIN, "Ada", "community", frozenset({("community", "administrator")}), **routes)
    )
    return stage


def does(stage: Stage, path: str, status: int = 302, **typed: Any) -> str:
    """Open the form, fill it in as an administrator, and send it."""
    client = stage.client(ADMIN)
    page = client.get(f"/directory/{path}")
    assert page.status_code == 200, path
    sent = {**form_on(page.content.decode()), **{k.replace("__", ":"): v for k, v in typed.items()}}
    answer = client.post(f"/directory/{path}", sent)
    text = answer.content.decode()
    assert answer.status_code == status, plain(text)[:1500]
    return plain(text)


@pytest.mark.requirement("BEY-08")
def test_a_service_is_added_with_who_said_what_is_free_and_everybody_finds_it(kept: Stage) -> None:
    said = does(kept, "community/service/new", 422, name="Step-up at home", team="north", capacity="2 places")
    assert "criteria" in said
    typed = {"criteria": "Adults at home.", "after_hours": "The crisis line", "capacity": "2 places"}
    does(kept, "community/service/new", name="Step-up at home", team="north", said_by=LEAD, **typed)
    page = plain(kept.client(OUTSIDER).get("/directory/services").content.decode())
    assert "Step-up at home" in page and "2 places, says Lee, Mon 2 Mar 2026" in page and "Old:" not in page
    kept.house.wait(days=8)
    assert "Old: ask before you count on it." in plain(
        kept.client(OUTSIDER).get("/directory/services").content.decode()
    )
    does(kept, "community/service/step-up-at-home", team="north", said_by=LEAD, again="1")
    assert not load(current_version()).services["step-up-at-home"].capacity_is_old(kept.house.now)
    assert kept.client(ADMIN).post("/directory/community/service/step-up-at-home", {"remove": "1"}).status_code == 302
    assert load(current_version()).services == {}


@pytest.mark.requirement("OWN-04")
def test_an_absence_with_a_cover_who_may_do_what_they_do_and_no_other(kept: Stage) -> None:
    times = {"start__date": "2026-03-09", "start__time": "09:00", "end__date": "2026-03-16", "end__time": "09:00"}
    says = does(kept, "community/absence/new", 422, staff=LEAD, cover=RECEIVER, **times)
    assert "Ina covers Lee and is not lead" in says
    does(kept, "community/absence/new", staff=LEAD, **times)
    [absence] = load(current_version()).absences
    page = plain(kept.client(RECEIVER).get("/directory/community/").content.decode())
    assert "Lee Mon 9 Mar 2026" in page and "Nobody: the supervisor is asked" in page
    answer = kept.client(ADMIN).post(
        f"/directory/community/absence/{absence.staff}@{absence.start.isoformat()}", {"remove": "1"}
    )
    assert answer.status_code == 302 and load(current_version()).absences == ()


@pytest.mark.requirement("BEY-03")
def test_a_person_is_added_given_a_role_and_put_on_a_shift(kept: Stage) -> None:
    does(kept, "community/staff/new", name="Dov Night", email="dov@example.org", day="555-0102", night="555-0103")
    does(kept, "community/staff/dov-night/roles", place="north", role="duty-clinician")
    shift = {"start__date": "2026-03-09", "start__time": "18:00", "until__date": "2026-03-10", "until__time": "08:00"}
    does(kept, "community/team/north/roster", role="duty-clinician", staff="dov-night", **shift)
    north = load(current_version()).teams["north"]
    assert [(duty.staff, duty.dated) for duty in north.duties] == [("nora", False), ("dov-night", True)]
    page = kept.client(ADMIN).get("/directory/community/team/north/roster").content.decode()
    assert "from Mon 9 Mar 2026, 18:00" in plain(page)
    gone = {"out": "1", "line": "{'role': 'something else'}"}
    assert kept.client(ADMIN).post("/directory/community/team/north/roster", gone).status_code == 422
    assert len(load(current_version()).teams["north"].duties) == 2


def test_a_teams_hours_and_the_last_resort_are_changed_and_checked(kept: Stage) -> None:
    says = does(kept, "community/team/north", 422, **{"hours-5": "ten to four"})
    assert "is not a time of day" in says
    does(kept, "community/team/north", channel="email", external="1", **{"hours-5": "10:00-12:00, 13:00-16:00"})
    north = load(current_version()).teams["north"]
    assert [(i.opens, i.closes) for i in north.calendar.hours if i.weekday == 5] == [(600, 720), (780, 960)]
    assert len(north.calendar.hours) == 7 and north.external
    says = does(kept, "community/organisation/community", 422, last_resort="")
    assert "last-resort" in says


@pytest.mark.requirement("BEY-08")
@pytest.mark.parametrize("path", ["staff/lee", "team/north", "team/north/roster", "staff/lee/roles", "absence/new"])
def test_nobody_else_changes_anything_and_strangers_read_nothing(kept: Stage, path: str) -> None:
    version = current_version()
    for who in (RECEIVER_SUPERVISOR, OUTSIDER):
        assert kept.client(who).get(f"/directory/community/{path}").status_code == 403
        assert kept.client(who).post(f"/directory/community/{path}", {"name": "x"}).status_code == 403
    assert kept.client(ADMIN).get(f"/directory/elsewhere/{path}").status_code in (403, 404)
    assert kept.client(OUTSIDER).get("/directory/community/").status_code == 404
    assert "Change" not in plain(kept.client(RECEIVER).get("/directory/community/").content.decode())
    assert current_version() == version


def test_an_entry_of_another_organisation_is_not_found_under_ones_own(kept: Stage) -> None:
    for path in ("staff/cora", "team/ward", "organisation/hospital", "planet/x", "organisation/new", "staff/nobody"):
        assert kept.client(ADMIN).get(f"/directory/community/{path}").status_code == 404
    other = Service("s", "S", "ward", "x", "x")
    kept.house.change_directory(other)
    assert kept.client(ADMIN).post("/directory/community/service/s", {"remove": "1"}).status_code == 404
