"""Somebody leaves, on the web and through the API: looked at first, refused without a cover, moved in one step."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.core.parties import Staff
from holdfast.directory.snapshot import current_version, load
from tests.doors.api_client import Caller, use
from tests.doors.case_stage import Stage, plain
from tests.installation import LEAD, OUTSIDER, RECEIVER_SUPERVISOR, SENDER, Installation

ADMIN, NEW = "ada", "lena"
PAGE = f"/directory/people/{LEAD}/leave"


def staffed(house: Installation) -> Installation:
    routes = {"email": "x@example.org", "day": "555-0100", "night": "555-0101"}
    roles = load(current_version()).staff[LEAD].roles
    house.change_directory(
        Staff(ADMIN, "Ada", "community", frozenset({("community", "administrator")}), **routes),
        Staff(NEW, "Lena", "community", roles, **routes),
    )
    return house


@pytest.mark.requirement("BEY-09", "OWN-04")
@pytest.mark.hazard("HZ-11")
def test_on_the_web_what_they_hold_is_shown_and_all_of_it_moves_in_one_step(stage: Stage) -> None:
    house = staffed(stage.house)
    cases = [house.accepted() for _ in range(3)]
    admin = stage.client(ADMIN)
    page = plain(admin.get("/directory/").content.decode() or admin.get("/directory/community/").content.decode())
    assert "Lee" in page and "Lead, Community North" in page
    page = plain(admin.get(PAGE).content.decode())
    assert "3 open cases" in page and "open promises" in page and "Lena" in page
    refused = admin.post(PAGE, {"to": ""})
    assert refused.status_code == 422 and "Name who takes it over" in refused.content.decode()
    assert {case.state.holder for case in cases} == {LEAD}
    assert admin.post(PAGE, {"to": NEW}).status_code == 302
    assert {case.state.holder for case in cases} == {NEW}
    assert not load(current_version()).staff[LEAD].active


@pytest.mark.requirement("BEY-09")
@pytest.mark.parametrize("who", [RECEIVER_SUPERVISOR, OUTSIDER, SENDER])
def test_nobody_but_an_administrator_of_theirs_sees_it_or_does_it(stage: Stage, who: str) -> None:
    staffed(stage.house)
    assert stage.client(who).get(PAGE).status_code == 403
    assert stage.client(who).post(PAGE, {"to": NEW}).status_code == 403
    assert load(current_version()).staff[LEAD].active


@pytest.mark.requirement("BEY-09")
def test_through_the_api_the_same_once_for_a_key(db: Any, monkeypatch: Any) -> None:
    house = staffed(use(Installation().set_up(), monkeypatch))
    case = house.accepted()
    admin = Caller.of(ADMIN)
    held = admin.get(f"staff/{LEAD}/holds")
    assert (held["cases"], held["active"]) == (1, True) and held["promises"] > 0
    assert NEW in [one["id"] for one in held["can_take_over"]]
    refusal = admin.post(f"staff/{LEAD}/close", {}, 409)
    assert refusal["code"] == "still_responsible" and "1 open case" in refusal["detail"]
    for key in ("leaves-1", "leaves-1"):
        left = admin.post(f"staff/{LEAD}/close", {"to": NEW}, key=key)
        assert (left["active"], left["cases"], left["promises"]) == (False, 0, 0)
    assert case.state.holder == NEW
    Caller.of(SENDER).get(f"staff/{NEW}/holds", 403)
    Caller.of(SENDER).post(f"staff/{NEW}/close", {"to": ADMIN}, 403)
