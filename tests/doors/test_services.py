"""Services and cover that ends, as those see them who hand over and those who look after a team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.core.parties import Absence
from holdfast.core.services import Contact, Service
from holdfast.deliveries.models import Delivery
from holdfast.workers.watch import tell_of_covers
from tests.doors.api_client import Caller, use
from tests.doors.case_stage import Stage, plain
from tests.installation import (
    DECISION_MAKER,
    LEAD,
    NIGHT_CLINICIAN,
    OUTSIDER,
    RECEIVER_SUPERVISOR,
    SENDER,
    Installation,
)


@pytest.mark.requirement("BEY-08")
def test_the_api_says_what_is_free_who_said_so_and_when_and_that_it_is_old(db: Any, monkeypatch: Any) -> None:
    house = use(Installation().set_up(), monkeypatch)
    tove = Contact("tove", "Tove Arlund", "north", "Nurse", phone="555-0100")
    asked = Service("step-up", "Step-up", "north", "Adults.", "Crisis line", "", "", "2 places", "tove", house.now)
    house.change_directory(tove, asked)
    [shown] = Caller.of(SENDER).get("services")
    assert (shown["criteria"], shown["after_hours"], shown["channel"]) == ("Adults.", "Crisis line", "email")
    assert (shown["capacity"], shown["said_by"], shown["capacity_is_old"]) == ("2 places", "Tove Arlund", False)
    house.wait(days=8)
    assert Caller.of(SENDER).get("services")[0]["capacity_is_old"] is True
    [contact] = Caller.of(SENDER).get("contacts")
    assert (contact["name"], contact["team"]["id"]) == ("Tove Arlund", "north")


@pytest.mark.requirement("OWN-04")
def test_a_cover_that_ends_is_told_to_the_supervisor_a_day_ahead_and_once(stage: Stage) -> None:
    house = stage.house
    house.change_directory(Absence(DECISION_MAKER, house.now, house.now + timedelta(days=3)))
    house.change_directory(Absence(NIGHT_CLINICIAN, house.now, house.now + timedelta(days=3), ""))
    assert tell_of_covers(house.now) == 0
    cover = _cover(stage)
    house.change_directory(Absence(LEAD, house.now, house.now + timedelta(days=3), cover))
    assert tell_of_covers(house.now) == 0, "three days ahead is too early"
    house.wait(days=2)
    assert [tell_of_covers(house.now), tell_of_covers(house.now)] == [1, 0]
    told = Delivery.objects.filter(key__contains=".cover.").values_list("recipient", flat=True)
    assert list(told) == [f"staff:{RECEIVER_SUPERVISOR}"]
    page = plain(stage.client(RECEIVER_SUPERVISOR).get("/gaps/").content.decode())
    assert "Cora2 covers Lee until" in page and "Lee is expected back" in page
    assert "covers Lee" not in plain(stage.client(OUTSIDER).get("/gaps/").content.decode())


@pytest.mark.requirement("OWN-04")
def test_a_cover_who_goes_away_first_ends_the_cover_then(stage: Stage) -> None:
    house = stage.house
    cover = _cover(stage)
    goes = house.now + timedelta(hours=20)
    house.change_directory(
        Absence(LEAD, house.now, house.now + timedelta(days=9), cover), Absence(cover, goes, goes + timedelta(days=1))
    )
    assert tell_of_covers(house.now) == 1
    page = plain(stage.client(RECEIVER_SUPERVISOR).get("/gaps/north").content.decode())
    assert "Lee is still away then" in page


def _cover(stage: Stage) -> str:
    from dataclasses import replace

    from holdfast.directory.snapshot import current_version, load

    lead = load(current_version()).staff[LEAD]
    stage.house.change_directory(replace(lead, id="cora2", name="Cora2"))
    return "cora2"
