"""Lists that somebody goes through on fixed days: tracker reviews with those at risk first, crises soon after a step-down, empty roles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.doors.web import viewer
from tests.doors.case_stage import Stage, plain
from tests.hazards.control import shipped_or_skip
from tests.hazards.episodes import CARE, STEP_DOWN, tapering
from tests.hazards.journeys import accepted
from tests.installation import GOVERNANCE, OUTSIDER, Installation
from tests.library.driver import Run

TRACKED, CRISIS = "discharge-to-community", "post-crisis-follow-up"


@pytest.fixture
def stage(house: Installation, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    return Stage(house)


@pytest.mark.requirement("TRK-03")
def test_the_tracker_is_reviewed_twice_a_week_and_those_at_risk_come_first(stage: Stage) -> None:
    shipped_or_skip(TRACKED)
    house = stage.house
    calm = accepted(house, TRACKED)
    house.wait(hours=1)
    grave = accepted(house, TRACKED, {"risk.suicidal-ideation": "plan"})
    lead = calm.state.holder
    assert grave.state.holder == lead and (calm.state.tier, grave.state.tier) == ("standard", "high")
    for run in (calm, grave):
        review = run.case.promise("tracker-review")
        assert review.due - review.started == timedelta(hours=84), "twice in seven days"
    work = run.of(lead).get("work?order=risk&limit=100")["work"]
    assert [line["tier"] for line in work] == sorted(line["tier"] for line in work), "high before standard"
    reviews = [line["case"] for line in work if line["kind"] == "tracker-review"]
    assert reviews == [grave.id, calm.id], "the older review is due sooner, and comes second all the same"
    soonest = [line["case"] for line in run.of(lead).get("work?limit=100")["work"] if line["kind"] == "tracker-review"]
    assert soonest == [calm.id, grave.id]
    paged, after = [], ""
    while after is not None:
        page = run.of(lead).get(f"work?order=risk&limit=3&after={after}")
        paged += [(line["case"], line["promise"]) for line in page["work"]]
        after = page["next"]
    assert paged == [(line["case"], line["promise"]) for line in work]
    shown = plain(stage.client(lead).get("/?order=risk").content.decode())
    assert shown.index("Tier High") < shown.index("Tier Standard")
    for turn in range(1, 9):
        house.tick(calm.case, until=calm.case.promise("tracker-review").due - timedelta(hours=1))
        calm.meet("tracker-review")
        assert calm.state.latest("tracker-review").number == turn + 1, "no next review"
    assert house.now - calm.state.opened <= timedelta(days=30), "eight reviews within the first month"


@pytest.mark.requirement("STP-06")
def test_a_crisis_within_ninety_days_of_a_step_down_is_linked_to_it_and_stands_in_the_weekly_check(
    stage: Stage,
) -> None:
    shipped_or_skip(STEP_DOWN, CRISIS)
    house = stage.house
    down = tapering(house)
    supervisor = down.who("receiver.supervisor")
    assert down.of(supervisor).get("weekly") == []
    for frequency in ("two-weekly", "monthly"):
        down.wait(days=6)
        down.step("look-before-step")
        down.step("take-taper-step", {"taper.frequency": frequency})
    down.step("give-card", {"card.understood": "yes"})
    down.close("engaged")
    house.wait(days=80)
    crisis = Run.open(house, CRISIS, person=down.state.subject, even_so=True)
    [line] = down.of(supervisor).get("weekly")
    assert (line["case"], line["followed_by"]["title"]) == (down.id, crisis.pathway.title)
    assert [one["case"] for one in crisis.shown(supervisor)["soon_after"]] == [down.id]
    assert [one["title"] for one in down.shown(supervisor)["soon_followed_by"]] == [crisis.pathway.title]
    shown = plain(stage.client(supervisor).get("/governance/weekly").content.decode())
    assert crisis.pathway.title in shown and down.id[:8] in shown and "new this week" in shown and "Robin" not in shown
    assert "Soon followed by" in plain(stage.get(down.case, supervisor))
    assert down.of(OUTSIDER).get("weekly") == [], "another organisation sees nothing of it"
    assert stage.client(down.who("receiver.holder")).get("/governance/weekly").status_code == 403
    house.wait(days=12)
    Run.open(house, CRISIS, person=down.state.subject, even_so=True)
    assert len(down.of(supervisor).get("weekly")) == 1, "92 days after its end is not soon"


@pytest.mark.requirement("OWN-07")
def test_an_empty_role_stands_on_the_list_that_governance_and_supervisors_look_at(stage: Stage) -> None:
    shipped_or_skip(CARE)
    run = Run.open(stage.house, CARE)
    supervisor, governance = run.who("team.supervisor"), GOVERNANCE
    assert not any(one["case"] == run.id for one in run.of(supervisor).get("exceptions")["exceptions"])
    run.past("roles")
    for staff in (supervisor, governance):
        found = [one for one in run.of(staff).get("exceptions?limit=100")["exceptions"] if one["case"] == run.id]
        assert ("breach", "roles") in {(one["kind"], one["what"].partition("#")[0]) for one in found}, staff
        page = plain(stage.client(staff).get("/governance/").content.decode())
        assert run.pathway.get_obligation("roles").owed in page and run.id[:8] in page
    run.name_everybody()
    run.fill({"housing.stable": "yes"})
    run.step("confirm-roles")
    assert run.status("roles") == "met-late", "named at last, and that it was late stays on the list"
