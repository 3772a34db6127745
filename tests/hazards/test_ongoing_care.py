"""Hazards of ongoing care: an old risk assessment, a concern only referred, a plan that stays as it was, a question nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, nothing, open_gate
from tests.hazards.episodes import CARE, coordinated, ready
from tests.hazards.journeys import asked, at
from tests.installation import Installation
from tests.library.answering import BLANK
from tests.library.driver import Run
from tests.library.setting import TEAMS, last_resort

#: Protocols of several kinds in which a worker may come upon a concern or a doubt.
SEVERAL = tuple(p for p in (CARE, "step-down", "post-crisis-follow-up", "team-transfer") if p in shipped())
#: Whoever ladders end at.
LAST = [last_resort(team) for team in TEAMS]
#: Suicidal thoughts, the tier they give, and how often risk is assessed anew at that tier.
CADENCE = [("active", "high", 14), ("passive", "raised", 28), ("none", "standard", 28)]


def risk_is_assessed_by_date_and_after_an_incident(network: Installation) -> None:
    """HZ-45: the next assessment always has its date; an incident brings one in two working days; overdue is seen and climbs."""
    for ideation, tier, days in CADENCE:
        run = coordinated(network, **{"risk.suicidal-ideation": ideation})
        assert run.shown()["tier"] == tier
        run.wait(days=3)
        run.step("assess-risk")
        due = run.case.promise("risk-assessment").due
        assert due == network.now + timedelta(days=days), f"HZ-45: at tier {tier} the next one is due {due}"
        run.step("record-crisis" if tier != "raised" else "emergency")
        assert run.owes("risk-after-incident"), "HZ-45: an incident leaves the old assessment standing"
        incident = run.case.promise("risk-after-incident").due
        assert incident <= network.now + timedelta(days=5), f"HZ-45: after an incident it is due {incident}"
        run.past("risk-after-incident")
        board = run.of(run.who("team.supervisor")).get(f"teams/{run.state.parties['team']}/work", limit=100)["work"]
        late = [line for line in board if run.id in str(line) and "risk assessment after the incident" in str(line)]
        assert late and late[0]["status"] == "breached", f"HZ-45: the team's board does not show it: {late}"
        run.wait(hours=50)
        climbed = run.told("risk-after-incident")
        assert climbed[:2] == [run.who("team.holder"), run.who("team.supervisor")], f"HZ-45: it climbed to {climbed}"
        assert climbed[-1] == run.who("last-resort"), f"HZ-45: it climbed to {climbed}"
        run.step("assess-risk")
        assert run.status("risk-after-incident") == "met-late", "HZ-45: late counts as in time"


@pytest.mark.hazard("HZ-45")
@pytest.mark.requirement("CAD-01", "CAD-07")
def test_hz_45_risk_is_assessed_by_date_and_after_an_incident(network: Installation) -> None:
    risk_is_assessed_by_date_and_after_an_incident(network)


@pytest.mark.control_off("HZ-45")
def test_hz_45_without_its_control(network: Installation) -> None:
    fails_without("HZ-45", risk_is_assessed_by_date_and_after_an_incident, network, nothing)


def a_concern_is_followed_to_its_outcome(network: Installation) -> None:
    """HZ-46: whoever raises a concern, no end is open before its outcome; a referral alone settles nothing, and it climbs."""
    for pathway in SEVERAL:
        run = ready(network, pathway)
        ends = [endpoint.id for endpoint in run.pathway.endpoints]
        run.step("raise-safeguarding")
        for end in ends:
            assert "safeguarding-settled" in run.shut(end), f"HZ-46: {pathway} can end as {end} over an open concern"
        kind = "safeguarding"  # from the concern to its outcome in one, or in two
        if run.pathway.find_step("refer-safeguarding") is not None:
            assert run.owed("safeguarding-referral")["owner"] == run.state.holder, "HZ-46: nobody refers it"
            run.step("refer-safeguarding")
            kind = "safeguarding-outcome"
        assert run.owes(kind), "HZ-46: referred, and nobody owes the outcome"
        for end in ends:
            assert "safeguarding-settled" in run.shut(end), f"HZ-46: {pathway}: a referral counts as an outcome"
        owed = run.owed(kind)
        assert owed["owner"] == run.state.holder, "HZ-46: nobody follows it up"
        run.until(at(owed["due"]) + timedelta(hours=50))
        climbed = run.told(kind)
        assert climbed[0] == owed["owner"], f"HZ-46: it climbed to {climbed}"
        assert climbed[-1] in LAST, f"HZ-46: without an outcome it is left alone: {climbed}"
        if kind == "safeguarding":
            run.meet(kind)
        else:
            run.step("settle-safeguarding")
        for end in ends:
            assert "safeguarding-settled" not in run.shut(end)


@pytest.mark.hazard("HZ-46")
@pytest.mark.requirement("SAF-01")
def test_hz_46_a_concern_is_followed_to_its_outcome(network: Installation) -> None:
    a_concern_is_followed_to_its_outcome(network)


@pytest.mark.control_off("HZ-46")
def test_hz_46_without_its_control(network: Installation) -> None:
    fails_without("HZ-46", a_concern_is_followed_to_its_outcome, network, open_gate)


def a_crisis_changes_the_plan_or_says_why_not(network: Installation) -> None:
    """HZ-47: a plan has all its parts; after each crisis it is changed, before and after side by side, or a reason stands there."""
    run = ready(network, CARE)
    run.step("confirm-roles")
    plan = ("plan.contacts", "plan.coping", "plan.early-signs", "plan.network", "plan.crisis")
    kept = {part: run.state.packet[part] for part in plan}
    for part in plan:
        assert kept[part].counts
        run.fill_only({part: BLANK})
        refused = asked(run, "begin")
        assert refused and part in run.missing(refused), f"HZ-47: it begins without {part}"
        run.fill()
    run.step("begin")
    for crisis in ("changed", "unchanged"):
        run.step("record-crisis")
        assert run.owes("plan-update"), "HZ-47: a crisis leaves the old plan standing"
        owed = run.owed("plan-update")
        assert at(owed["due"]) == network.now + timedelta(hours=72), f"HZ-47: the plan may wait until {owed['due']}"
        assert "crisis-learned-from" in run.shut("engaged"), "HZ-47: it ends with nothing learned"
        needs = {"changed": {"plan.before", "plan.after"}, "unchanged": {"plan.why-not"}}[crisis]
        bare = run.of(run.state.holder).do(
            run.id, "TakeStep/update-plan", 0, about=owed["id"], answers={"plan.changed": crisis}
        )
        assert run.missing(bare) == needs, f"HZ-47: {crisis}, and nobody says how or why"
        run.past("plan-update")
        run.wait(hours=50)
        climbed = run.told("plan-update")
        assert climbed[-1] == run.who("last-resort"), f"HZ-47: it climbed only to {climbed}"
        run.step("update-plan", {"plan.changed": crisis})
        assert not run.owes("plan-update")
    kept_answers = [event["answers"] for event in run.case.events("StepTaken") if event["step"] == "update-plan"]
    assert {"plan.before", "plan.after"} <= set(kept_answers[0]), "HZ-47: before and after are not on record"
    assert "plan.why-not" in kept_answers[1], "HZ-47: the reason is not on record"


@pytest.mark.hazard("HZ-47")
@pytest.mark.requirement("CAD-07", "CAD-09")
def test_hz_47_a_crisis_changes_the_plan_or_says_why_not(network: Installation) -> None:
    a_crisis_changes_the_plan_or_says_why_not(network)


@pytest.mark.control_off("HZ-47")
def test_hz_47_without_its_control(network: Installation) -> None:
    fails_without("HZ-47", a_crisis_changes_the_plan_or_says_why_not, network, nothing)


def _asks(run: Run, about: str) -> None:
    worker, spec = run.who(f"{next(iter(run.state.parties))}.any"), run.pathway.find_step("ask-senior-review")
    assert spec is not None
    run.step("ask-senior-review", {spec.records[0].id: about}, by=worker)
    assert run.owes("senior-review"), f"HZ-100: a question about {about} goes to nobody"


def a_senior_answers_by_name_and_date(network: Installation) -> None:
    """HZ-100: any worker's doubt has a named senior and a due time, outside a crisis as well; unanswered, the next rung fires."""
    for pathway in SEVERAL:
        run = ready(network, pathway)
        tier = run.shown()["tier"]
        assert tier not in ("high", "raised"), "this is no crisis"
        _asks(run, "medication")
        owed, senior = run.owed("senior-review"), run.who("decision-maker")
        assert owed["owner"] == senior, f"HZ-100: {pathway}: {owed['owner']} is to answer"
        assert at(owed["due"]) <= network.now + timedelta(days=5), f"HZ-100: {pathway}: due only {owed['due']}"
        run.past("senior-review")
        assert len(run.told("senior-review")) == 1, "HZ-100: unanswered at its due time, and no rung fires"
        run.wait(hours=15)
        climbed = run.told("senior-review")
        assert climbed[1].endswith("-supervisor"), f"HZ-100: {pathway}: it climbed to {climbed}"
        assert climbed[-1] in LAST, f"HZ-100: {pathway}: it climbed to {climbed}"
        _asks(run, "diagnosis")
        for _answer in range(2):
            assert run.owes("senior-review"), "HZ-100: one answer ends both questions"
            if run.pathway.find_step("answer-senior-review") is None:
                run.meet("senior-review", by=senior)
            else:
                run.step("answer-senior-review", by=senior)
        assert not run.owes("senior-review")
        ends = [p["status"] for p in run.shown()["promises"] if p["kind"] == "senior-review"]
        assert sorted(ends) == ["met", "met-late"], f"HZ-100: question and answer are not on record: {ends}"


@pytest.mark.hazard("HZ-100")
@pytest.mark.requirement("ESC-08")
def test_hz_100_a_senior_answers_by_name_and_date(network: Installation) -> None:
    a_senior_answers_by_name_and_date(network)


@pytest.mark.control_off("HZ-100")
def test_hz_100_without_its_control(network: Installation) -> None:
    fails_without("HZ-100", a_senior_answers_by_name_and_date, network, nothing)
