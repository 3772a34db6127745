"""Gaps ahead: on the page, through the API, from `doctor`, and by mail to whoever mends them, once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.assurance.gaps import gaps_ahead
from holdfast.core.parties import Absence
from holdfast.deliveries.models import Delivery
from holdfast.directory.snapshot import current_version, load
from holdfast.workers.watch import tell_of_gaps
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, plain
from tests.installation import NIGHT_CLINICIAN, OUTSIDER, RECEIVER, RECEIVER_SUPERVISOR


def hole(stage: Stage) -> None:
    """An open case of the team, and its night clinician away in a week, with nobody instead."""
    stage.house.sent()
    start = stage.house.now + timedelta(days=7)
    stage.house.change_directory(Absence(NIGHT_CLINICIAN, start, start + timedelta(days=1)))


@pytest.mark.requirement("BEY-03")
@pytest.mark.hazard("HZ-16")
def test_a_hole_in_a_week_is_a_mail_to_the_supervisor_today_and_again_tomorrow(stage: Stage) -> None:
    house = stage.house
    house.sent()
    before = [one for one in gaps_ahead(load(current_version()), house.now) if one.gap.team == "north"]
    assert before == []
    hole(stage)
    found = [one for one in gaps_ahead(load(current_version()), house.now) if one.gap.team == "north"]
    assert [(one.gap.role, one.owner) for one in found] == [("duty-clinician", RECEIVER_SUPERVISOR)]
    assert found[0].gap.start == house.now + timedelta(days=7)
    for told in (1, 0):
        assert tell_of_gaps(house.now) == told
    house.wait(days=1)
    assert tell_of_gaps(house.now) == 1
    assert set(Delivery.objects.filter(stream="roster:north").values_list("recipient", flat=True)) == {
        f"staff:{RECEIVER_SUPERVISOR}"
    }


@pytest.mark.requirement("BEY-03")
def test_the_gap_is_on_the_page_and_in_the_api_for_the_team_and_nobody_else(stage: Stage) -> None:
    hole(stage)
    page = plain(stage.client(RECEIVER).get("/gaps/north").content.decode())
    assert "Somebody as duty clinician" in page and "Sam" in page
    [gap] = [gap for gap in Caller.of(RECEIVER).get("gaps") if gap["team"] == "north"]
    assert (gap["role"], gap["why"], gap["owner"]) == ("duty-clinician", "nobody", RECEIVER_SUPERVISOR)
    assert stage.client(OUTSIDER).get("/gaps/north").status_code == 404
    assert Caller.of(OUTSIDER).get("gaps") == []


@pytest.mark.requirement("BEY-03", "ESC-03")
def test_somebody_who_cannot_be_called_at_night_is_a_gap_too(stage: Stage) -> None:
    stage.house.sent()
    person = load(current_version()).staff[NIGHT_CLINICIAN]
    stage.house.change_directory(replace(person, night=""))
    page = plain(stage.client(RECEIVER).get("/gaps/").content.decode())
    assert page.count("A phone number of Nora for outside service hours") == 1, "one number mends them all"
    [gap] = [gap for gap in Caller.of(RECEIVER).get("gaps") if gap["team"] == "north"]
    assert gap["times"] > 7 and f"{gap['times']} times" in page and gap["start"] < gap["end"]
