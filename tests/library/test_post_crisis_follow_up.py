"""Follow-up after the emergency department or a crisis stay, through both doors: nobody is discharged into silence."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.pathways.library import shipped
from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import CALM, NOBODY, SPOKEN, TOLD, WRONG_NUMBER
from tests.library.driver import Run

FILE = "post-crisis-follow-up"


def opened(house: Installation, **packet: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill({**CALM, "crisis.ended-at": house.now.isoformat(), "touchpoint.by": run.soon(hours=60), **packet})
    run.name_everybody()
    return run


def accepted(house: Installation, **packet: Any) -> Run:
    run = opened(house, **packet)
    run.step("confirm-details")
    run.step("book-touchpoint", {"touchpoint.at": run.soon(hours=20)})
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("PKT-02", "GAT-08", "AUD-02", "TRK-05", "CLS-01", "CLS-02")
def test_from_the_notice_to_ongoing_care(house: Installation) -> None:
    run = accepted(house)
    assert run.state.holder == run.who("receiver.holder")
    clinician = run.state.duties["receiver.clinician"]
    assert run.notices("news") == [clinician, run.state.holder]
    run.step("give-card", TOLD)
    house.wait(hours=2)
    run.step("record-contact", SPOKEN)
    assert run.shut("engaged") == {"summary-read", "medication-compared", "ongoing-care"}
    run.step("read-as-clinician", by=clinician)
    assert "summary-read" in run.shut("engaged"), "the clinician alone is not both"
    run.step("read-as-coordinator")
    run.meet("reconciliation")
    run.step("book-appointment", {"appointment.at": run.soon(hours=2)})
    run.step("accept-ongoing-care")
    run.close("engaged")
    for validation in ("owned-from-the-crisis", "summary-reached-both", "seen-in-the-window", "medication-compared"):
        assert run.verdict(validation)["word"] == "passed", validation
    run.step("read-closure", by=run.who("sender.holder"))


@pytest.mark.requirement("CON-09", "GAT-06", "OWN-05", "GAT-01")
def test_the_summary_is_refused_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill(CALM)
    names = {"decision-maker-reachable", "continuity-named"}
    assert run.shut("send") == {"details-confirmed", "touchpoint-booked"} | names
    run.name_everybody()
    run.step("confirm-details")
    assert run.shut("send") == {"touchpoint-booked"}
    run.step("book-touchpoint")
    for part in (
        "risk.suicidal-ideation",
        "medication.current",
        "safety-plan.summary",
        "crisis.next-step",
        "crisis.stressors",
        "safeguarding.concern",
    ):
        run.fill_only({part: BLANK})
        assert part in run.missing(run.step("send", status=409))
        run.fill()
    for part in ("transition.trigger", "touchpoint.by", "fallback.action"):
        run.fill_only({part: BLANK})
        assert "four-parts" in run.shut("send")
        run.fill()
    run.fill({"consent.sharing": "refused"})
    assert run.shut("send") == {"consent-recorded"}
    run.fill({"consent.sharing": "given", "contact.channel": "letter", "access.needs": ["housing"]})
    assert run.shut("send") == {"channel-usable"}
    run.fill({"contact.channel": "visit"})
    run.step("send")
    for said in ("accept.clinician", "accept.coordinator", "accept.first-contact-at", "accept.escalation-signs"):
        run.step("accept", {said: LEFT_OUT}, by=run.who("receiver.intake"), status=422)


@pytest.mark.hazard("HZ-05")
@pytest.mark.requirement("PKT-11", "CON-02")
def test_the_summary_has_a_clock_of_its_own_from_the_crisis_and_a_late_one_climbs(house: Installation) -> None:
    run = Run.open(house, FILE)
    before = run.owed("summary")["due"]
    run.fill_only({"crisis.ended-at": run.soon(hours=-10), **CALM})
    summary = run.owed("summary")
    assert summary["due"] < before and "crisis.ended-at" in summary["rule"]
    run.wait(hours=30)
    assert run.told("summary")[:2] == [run.who("sender.holder"), run.who("sender.supervisor")]
    assert run.told("summary")[-1] == run.who("last-resort")
    assert run.verdict("owned-from-the-crisis")["word"] == "failed"


@pytest.mark.hazard("HZ-20", "HZ-59")
@pytest.mark.requirement("GAT-09", "AUD-02")
def test_a_missed_window_starts_the_fallback_by_itself_and_shows_in_the_audit(house: Installation) -> None:
    run = accepted(house)
    run.past("follow-up-in-window")
    fallback = run.owed("fallback")
    assert fallback["owner"] == run.who("first-appointment-missed")
    assert run.notices("fallback") == [fallback["owner"]]
    verdict = run.verdict("seen-in-the-window")
    assert verdict["word"] == "failed" and {rest["status"] for rest in verdict["rests_on"]} >= {"breached"}
    run.step("take-fallback", {"fallback.done": "outreach"})
    assert run.verdict("seen-in-the-window")["word"] == "passed"


@pytest.mark.requirement("CON-04", "CON-09", "OWN-03")
def test_attempts_that_fail_lead_to_a_decision_and_wrong_details_to_a_correction(house: Installation) -> None:
    run = accepted(house)
    run.step("record-contact", WRONG_NUMBER)
    assert run.owed("correct-details")["owner"] == run.who("sender.holder")
    for owed in ("retry-contact", "try-alternate", "decide-after-three"):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
        assert run.owes(owed)
    assert run.state.holder == run.who("sender.holder")
    refusal = run.close("declined", status=409)
    assert "attempts-signed-off" in run.missing(refusal)
    run.step("decide-after-attempts", {"welfare.criteria": ["plan"], "decision.action": "welfare-check"})
    assert run.status("decide-after-three") == "met"


@pytest.mark.requirement("ESC-01", "REC-03")
def test_a_summary_nobody_accepts_climbs_to_the_last_resort(house: Installation) -> None:
    run = opened(house, **{"risk.suicidal-ideation": "plan"})
    run.step("confirm-details")
    run.step("book-touchpoint")
    run.step("send")
    run.wait(hours=12)
    up = [run.who(role) for role in ("receiver.intake", "sender.supervisor", "receiver.supervisor", "last-resort")]
    assert run.told("receipt")[:4] == up and run.state.holder == run.who("sender.holder")


@pytest.mark.requirement("PER-04")
def test_seven_days_without_a_word_call_somebody(house: Installation) -> None:
    run = opened(house)
    run.past("word-to-person")
    assert run.told("word-to-person") == [run.state.holder]


@pytest.mark.requirement("TRK-08")
def test_waiting_for_eligibility_is_owned_and_stops_no_clock(house: Installation) -> None:
    run = accepted(house)
    before = {promise.id: promise.due for promise in run.state.owed()}
    run.step("note-eligibility-wait")
    assert run.owed("eligibility")["owner"] == run.state.holder
    assert {id: due for id, due in ((p.id, p.due) for p in run.state.owed()) if id in before} == before
    run.meet("eligibility", {"eligibility.outcome": "bridged"})


@pytest.mark.requirement("GOV-13")
def test_another_crisis_is_looked_at_with_the_handoff_before_it(house: Installation) -> None:
    run = accepted(house)
    run.step("note-crisis-again", {"again.where": "ed"})
    assert run.owes("clinical-response") and run.owed("crisis-looked-at")["owner"] == run.who("receiver.supervisor")
    run.meet("crisis-looked-at", {"again.handoff": "weak"})


@pytest.mark.requirement("GOV-13")
@pytest.mark.parametrize(
    "line", sorted({"crisis-line-to-mobile-crisis", "crisis-line-to-next-day-follow-up"} & {*shipped()})
)
def test_a_crisis_elsewhere_reaches_those_who_follow_up(house: Installation, line: str) -> None:
    run = accepted(house)
    Run.open(house, line, person=run.state.subject)
    assert run.marked("crisis-again") and run.owed("crisis-looked-at")
