"""What a case came from, what it led to, and what is still owed elsewhere: on its page and through the API."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.core.parties import Staff
from tests.desk.relay import publish, sent_on
from tests.desk.relay import stage as relay
from tests.desk.test_items import CHANGE
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, plain
from tests.installation import RECEIVER, SENDER, Case


@pytest.fixture
def first(stage: Stage) -> Case:
    publish(stage.house)
    return relay(stage.house)


def shown(case: Case, staff: str) -> Any:
    return Caller.of(staff).get(f"cases/{case.id.removeprefix('case:')}")


@pytest.mark.requirement("OWN-02")
def test_a_case_links_to_what_it_came_from_and_what_it_led_to(stage: Stage, first: Case) -> None:
    onward = sent_on(first)
    page = stage.get(first, SENDER)
    assert stage.url(onward) in page and "Led to A traveller between two inns" in plain(page)
    assert stage.url(first) in stage.get(onward, SENDER)
    there = shown(onward, SENDER)["came_from"]
    assert (there["visible"], there["case"]) == (True, first.id.removeprefix("case:"))
    [here] = shown(first, SENDER)["led_to"]
    assert (here["case"], here["status"], here["pathway"]) == (onward.id.removeprefix("case:"), "open", "toy-relay")


@pytest.mark.requirement("OWN-02")
def test_whoever_may_not_see_the_other_case_is_told_only_that_there_is_one(stage: Stage, first: Case) -> None:
    only_south = Staff("olga", "Olga", "community", frozenset({("south", "lead")}))
    stage.house.change_directory(only_south)
    onward = sent_on(first)
    for case, other, staff, says in (
        (first, onward, RECEIVER, "Led to another case of this person"),
        (onward, first, "olga", "Came from another case of this person"),
    ):
        page = stage.get(case, staff)
        assert says in plain(page) and stage.url(other) not in page
        api = shown(case, staff)
        [one] = [api["came_from"]] if api["came_from"] else api["led_to"]
        assert one == {"visible": False, "case": "", "pathway": "", "title": "", "status": "", "opened": None}


@pytest.mark.requirement("PKT-13")
def test_each_thing_still_owed_elsewhere_has_a_form_that_names_it(stage: Stage, first: Case) -> None:
    stage.house.publish(CHANGE)
    first.step("raise-alarm", SENDER)
    moved = relay(stage.house, first.person, "toy-change")
    items = {moved.state.items[p.about].owed: p for p in moved.state.owed() if p.about in moved.state.items}
    assert len(items) == 2
    page = plain(stage.get(moved, RECEIVER))
    api = {deed["about"]: deed for deed in shown(moved, RECEIVER)["deeds"] if deed["target"] == "settle-item"}
    for owed, promise in items.items():
        assert f"A word on what is still owed - {owed}" in page
        assert api[promise.id]["item"]["owed"] == owed
        form = plain(stage.get(moved, RECEIVER, f"deeds/TakeStep/settle-item?about={promise.id.replace('#', '%23')}"))
        assert f"It is about: {owed}." in form
        others = set(items) - {owed}
        assert not any(f"It is about: {other}." in form for other in others)
    alarm = next(p for p in items.values() if "alarm" in p.about)
    stage.does(moved, RECEIVER, f"deeds/TakeStep/settle-item?about={alarm.id.replace('#', '%23')}", item__fate="closed")
    assert first.state.promises["alarm-answer#1"].status == "closed"
