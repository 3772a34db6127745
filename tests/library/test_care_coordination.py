"""Ongoing care held by one team: roles, cadence, crises learned from, changes of worker, the end signed; through both doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.doors.web import viewer
from holdfast.pathways.library import shipped
from tests.doors.case_stage import Stage, plain
from tests.installation import Installation
from tests.library.answering import LEFT_OUT
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts

FILE = "care-coordination"
SPOKEN = {"contact.method": "visit", "contact.with": "person", "check.done": "done"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}
NAMES = {
    "decision-maker-reachable": ("decision-maker",),
    "roles-filled": ("operational-oversight", "medication-continuity", "first-appointment-missed"),
}


def begun(house: Installation, **more: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill(answers(run, **{"housing.stable": "yes", **more}))
    run.name_everybody()
    run.step("confirm-roles")
    run.step("begin")
    return run


def crisis(run: Run) -> None:
    run.step("record-crisis")


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("CAD-01", "CAD-03", "CAD-06", "GAT-08", "AUD-02")
def test_from_the_roles_to_an_end_signed_with_the_person(house: Installation) -> None:
    run = begun(house)
    assert run.shown()["tier"] == "standard"
    for kind in ("regular-contact", "review", "risk-assessment", "agencies"):
        assert run.case.promise(kind).due == house.now + timedelta(days=28), kind
    run.step("record-contact", SPOKEN)
    run.step("give-card", {"card.understood": "yes"})
    run.wait(days=20)
    for step in ("record-contact", "review", "assess-risk", "meet-agencies", "record-partner-contact"):
        run.step(step, SPOKEN if step == "record-contact" else {})
    for kind in ("regular-contact", "review", "risk-assessment", "agencies"):
        assert run.owes(kind) and run.case.promise(kind).due == house.now + timedelta(days=28), f"no next {kind}"
    assert run.missing(run.close("engaged", status=409)) == {"end-agreed"}
    run.step("agree-end", {"end.agreed": "yes"})
    run.close("engaged")
    assert run.verdict("roles-in-time")["word"] == "passed" and run.verdict("contact-kept-up")["word"] == "passed"


@pytest.mark.requirement("GAT-01", "GAT-06", "OWN-07", "PER-03")
def test_it_does_not_begin_without_each_of_its_parts(house: Installation) -> None:
    check_parts(Run.open(house, FILE), "begin", NAMES)


@pytest.mark.requirement("OWN-07", "ESC-01")
def test_an_empty_role_is_an_exception_that_climbs(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.past("roles")
    verdict = run.verdict("roles-in-time")
    assert verdict["word"] == "failed" and verdict["facts"]
    run.wait(hours=80)
    assert run.told("roles")[:2] == [run.who("team.holder"), run.who("team.supervisor")]
    assert run.told("roles")[-1] == run.who("last-resort")


@pytest.mark.requirement("CAD-01")
@pytest.mark.parametrize(("ideation", "tier", "days"), [("active", "high", 7), ("passive", "raised", 14)])
def test_contacts_come_round_by_tier(house: Installation, ideation: str, tier: str, days: int) -> None:
    run = begun(house, **{"risk.suicidal-ideation": ideation})
    assert run.shown()["tier"] == tier
    assert run.case.promise("regular-contact").due == house.now + timedelta(days=days)


@pytest.mark.requirement("CAD-02", "ESC-07")
@pytest.mark.hazard("HZ-23")
def test_a_missed_contact_is_tried_the_same_day_twice_more_and_decided_on(house: Installation) -> None:
    run = begun(house)
    run.step("record-contact", NOBODY)
    assert run.owes("same-day-try") and run.case.promise("two-more-tries").due == house.now + timedelta(hours=24)
    for _time in range(2):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    assert run.status("two-more-tries") == "met"
    assert run.owed("decide-after-attempts")["owner"] == run.who("team.supervisor")
    run.step("decide-after-attempts", {"decision.grounds": ["alone"], "decision.action": "welfare-check"})
    assert not run.owes("decide-after-attempts")


@pytest.mark.requirement("CAD-07")
@pytest.mark.hazard("HZ-45", "HZ-47")
def test_a_crisis_is_learned_from_in_forty_eight_hours(house: Installation) -> None:
    run = begun(house)
    crisis(run)
    assert run.case.promise("debrief").due == house.now + timedelta(hours=48)
    assert run.case.promise("risk-after-incident").due == house.now + timedelta(days=2, hours=8), "working days"
    assert run.owes("agencies-sooner")
    run.wait(hours=10)
    run.step("ask-for-debrief")
    assert run.owes("debrief"), "asking is not an answer"
    assert "crisis-learned-from" in run.shut("engaged")
    run.step("record-debrief")
    bare = {"plan.changed": "unchanged"}
    about = run.owed("plan-update")["id"]
    refused = run.of(run.who("team.holder")).do(run.id, "TakeStep/update-plan", 422, about=about, answers=bare)
    assert run.missing(refused) == {"plan.why-not"}
    run.step("update-plan", {"plan.changed": "changed"})
    run.step("assess-risk")
    assert run.status("risk-after-incident") == "met" and "crisis-learned-from" not in run.shut("engaged")
    assert run.verdict("crisis-debriefed")["word"] == "passed" and run.verdict("plan-learned")["word"] == "passed"


@pytest.mark.requirement("ESC-01", "AUD-02")
def test_a_crisis_without_a_summary_fails_the_validation_and_climbs(house: Installation) -> None:
    run = begun(house)
    crisis(run)
    run.past("debrief")
    verdict = run.verdict("crisis-debriefed")
    assert verdict["word"] == "failed" and verdict["facts"]
    run.wait(hours=60)
    assert run.told("debrief")[:2] == [run.who("team.holder"), run.who("team.supervisor")]
    assert run.told("debrief")[-1] == run.who("last-resort")
    assert run.verdict("risk-current")["word"] != "failed"


@pytest.mark.requirement("PKT-12", "OWN-04")
def test_a_change_of_worker_has_its_checklist_and_the_person_is_told(house: Installation) -> None:
    run = begun(house)
    assert run.missing(run.step("change-worker", status=409)) == {"change-listed"}
    run.step("change-checklist", {"change.together": "open"})
    assert run.missing(run.step("change-worker", status=409)) == {"change-listed"}
    run.step("change-checklist")
    supervisor = run.who("team.supervisor")
    run.step("change-worker", by=supervisor)
    assert run.owes("tell-of-change")
    run.step("tell-of-change", by=supervisor)
    assert run.status("tell-of-change") == "met"
    assert run.missing(run.step("change-worker", by=supervisor, status=409)) == {"change-listed"}, "each change anew"


@pytest.mark.requirement("SAF-01", "INF-02", "ESC-08")
def test_it_does_not_close_over_a_safeguarding_concern_and_senior_review_is_answered(house: Installation) -> None:
    run = begun(house)
    run.step("ask-senior-review", {"review.about": "medication"})
    assert run.owed("senior-review")["owner"] == run.who("decision-maker")
    run.step("answer-senior-review")
    assert run.status("senior-review") == "met"
    run.step("raise-safeguarding")
    assert "safeguarding-settled" in run.shut("escalated")
    run.step("refer-safeguarding")
    assert "safeguarding-settled" in run.shut("escalated"), "a referral is not an outcome"
    run.step("settle-safeguarding")
    assert "safeguarding-settled" not in run.shut("escalated")
    run.step("share-without-consent")
    assert run.owed("sharing-review")["owner"] == run.who("team.supervisor")
    assert run.case.promise("sharing-review").due == house.now + timedelta(days=2, hours=8)


@pytest.mark.hazard("HZ-52")
def test_a_crisis_that_another_team_opens_starts_the_forty_eight_hours_here(house: Installation) -> None:
    run = begun(house)
    heard_of = [one for one in run.pathway.hears_of if one in shipped()]
    for crisis_file in heard_of[:1]:
        Run.open(house, crisis_file, person=run.state.subject)
    assert run.owes("debrief") == bool(heard_of)


@pytest.mark.requirement("CAD-04")
def test_the_agencies_meet_every_four_weeks_and_sooner_when_risk_rises(house: Installation) -> None:
    run = begun(house)
    start, coordinator = house.now, run.who("team.holder")
    assert run.owed("agencies")["owner"] == coordinator and run.case.promise("agencies").due == start + timedelta(
        days=28
    )
    for part in ("agencies.present", "agencies.notes", "agencies.actions", "agencies.ground"):
        refusal = run.step("meet-agencies", {part: LEFT_OUT}, status=422)
        assert run.missing(refusal) == {part}
    whole = {"what": "Write to the landlord", "who": "Housing, J. Alder", "by": "Friday"}
    for column in whole:
        partly = [{**whole, column: ""}]
        assert run.step("meet-agencies", {"agencies.actions": partly}, status=422), f"an action without {column}"
    run.of(coordinator).do(run.id, "RaiseTier/high", reason="Two calls in one night.")
    sooner = run.owed("agencies-sooner")
    assert sooner["owner"] == coordinator and run.case.promise("agencies-sooner").due == house.now + timedelta(hours=72)
    house.wait(hours=5)
    said = {
        "agencies.present": ["gp", "housing"],
        "agencies.actions": [whole],
        "agencies.ground": "Consent of 2 March.",
    }
    run.step("meet-agencies", said)
    assert not run.owes("agencies-sooner")
    assert run.case.promise("agencies").due == house.now + timedelta(days=28), "the next one counts from this one"
    taken = run.of(coordinator).get(f"cases/{run.id}/timeline")[-1]
    assert taken["recorded"].startswith(f"{house.now:%Y-%m-%dT%H:%M}") and "Write to the landlord" in str(taken)


@pytest.mark.requirement("CAD-05")
def test_asking_and_the_answer_share_forty_eight_hours_from_the_presentation_and_the_plan_gets_a_dated_entry(
    house: Installation,
) -> None:
    run = begun(house)
    coordinator, presented = run.who("team.holder"), house.now
    house.wait(hours=10)
    run.step("record-crisis", by=coordinator, occurred=presented.isoformat())
    debrief = run.case.promise("debrief")
    assert debrief.due == presented + timedelta(hours=48), "from the presentation, not from when somebody wrote it down"
    assert debrief.owner == coordinator
    house.wait(hours=20)
    run.step("ask-for-debrief", {"debrief.asked": "R. Stane, crisis team"})
    assert run.case.promise("debrief").due == debrief.due and run.owes("debrief"), "asking starts no clock anew"
    house.wait(hours=10)
    run.step("record-debrief", {"debrief.summary": "Seen at two, home at five."})
    assert run.status("debrief") == "met"
    changed = {"plan.changed": "changed", "plan.before": "Rings the line.", "plan.after": "Rings the sister first."}
    run.step("update-plan", changed)
    entry = run.of(coordinator).get(f"cases/{run.id}/timeline")[-1]
    assert entry["actor"] == coordinator and entry["recorded"].startswith(f"{house.now:%Y-%m-%dT%H:%M}")
    assert "Rings the line." in str(entry) and "Rings the sister first." in str(entry)
    assert run.status("plan-update") == "met"


@pytest.mark.requirement("CAD-11")
def test_a_risk_assessment_has_its_date_a_new_one_after_an_incident_and_an_overdue_one_is_marked_wherever_it_is_shown(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    run = begun(house)
    coordinator, stage = run.who("team.holder"), Stage(house)
    assert run.case.promise("risk-assessment").due == house.now + timedelta(days=28)
    pages = ("", "packet", "packet/summary", "evidence")
    owed = "A new risk assessment after the incident"
    assert not any(f"Overdue: {owed}" in plain(stage.get(run.case, coordinator, page)) for page in pages)
    crisis(run)
    assert run.case.promise("risk-after-incident").due == house.now + timedelta(days=2, hours=8), "two working days"
    run.past("risk-after-incident")
    shown = {page: plain(stage.get(run.case, coordinator, page)) for page in pages}
    marked = {page for page in pages[1:3] if owed in shown[page].partition("Overdue: ")[2][:400]}
    assert marked == {"packet", "packet/summary"}, "where the risk stands, it stands that it is overdue"
    assert owed in shown[""] and "Overdue" in shown[""]
    for where in ("work", f"teams/{run.state.parties['team']}/work"):
        lines = run.of(coordinator).get(f"{where}?limit=100")["work"]
        assert ("risk-after-incident", "breached") in {(one["kind"], one["status"]) for one in lines}, where
    assert next(p for p in run.shown()["promises"] if p["kind"] == "risk-after-incident")["status"] == "breached"
    run.step("assess-risk")
    assert f"Overdue: {owed}" not in plain(stage.get(run.case, coordinator, "packet/summary"))
