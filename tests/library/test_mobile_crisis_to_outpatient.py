"""Mobile crisis to the outpatient team, through both doors: the providers speak, and what was understood is said back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import CALM, KEPT, NOBODY, SPOKEN, TOLD
from tests.library.driver import Run

FILE = "mobile-crisis-to-outpatient"
SPOKE = {"provider.how": "spoke", "provider.enrolled": "open", "provider.priority": "given"}
HIGH = {"risk.suicidal-ideation": "active", "risk.means": "at-hand"}


def opened(house: Installation, **packet: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill({**CALM, "crisis.ended-at": house.now.isoformat(), "touchpoint.by": run.soon(hours=40), **packet})
    run.name_everybody()
    return run


def accepted(house: Installation, **packet: Any) -> Run:
    run = opened(house, **packet)
    run.step("record-provider-contact", SPOKE)
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("GAT-02", "MOD-03", "GAT-08", "AUD-02", "CLS-03", "TRK-07")
def test_from_the_end_of_the_crisis_to_ongoing_care(house: Installation) -> None:
    run = accepted(house, **HIGH, **{"services.to-begin": ["therapy"]})
    assert run.state.tier == "high" and run.state.holder == run.who("receiver.holder")
    assert run.shut("close-crisis-episode") == {"person-told"}
    run.step("give-card", TOLD)
    run.step("close-crisis-episode")
    house.wait(hours=2)
    run.step("record-contact", SPOKEN)
    assert run.status("seen-within-48-hours") == "met"
    run.step("book-appointment", {"appointment.at": run.soon(hours=20)})
    run.wait(hours=21)
    run.step("record-attendance", KEPT)
    assert run.owes("therapy-begun"), "a booking is not a first kept contact"
    run.meet("therapy-begun")
    run.meet("reconciliation")
    run.step("accept-ongoing-care")
    run.close("engaged")
    assert run.notices("closure") == [run.who("sender.holder")]
    for validation in ("spoke-directly", "accepted-and-understood", "seen-in-time"):
        assert run.verdict(validation)["word"] == "passed", validation
    run.step("read-closure", by=run.who("sender.holder"))
    assert run.status("closure-read") == "met"


@pytest.mark.requirement("GAT-10", "PKT-05", "GAT-01")
def test_the_summary_is_refused_without_each_of_its_parts(house: Installation) -> None:
    run = opened(house)
    for part in (
        "risk.suicidal-ideation",
        "crisis.trigger",
        "outpatient.contact",
        "outpatient.appointment-at",
        "safety-plan.summary",
        "outpatient.missed-barrier",
    ):
        run.fill_only({part: BLANK})
        refusal = run.step("send", status=409)
        assert part in run.missing(refusal) and all(item["supplied_by"] for item in refusal["missing"])
        run.fill()
    assert run.status("packet") == "open"
    run.step("send")


@pytest.mark.requirement("GAT-10", "GAT-06", "OWN-05")
def test_the_summary_is_refused_without_each_name_and_each_of_the_four_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill(CALM)
    assert run.shut("send") == {"follow-up-owner-named", "decision-maker-reachable", "continuity-named"}
    run.name_everybody("first-appointment-missed")
    assert run.shut("send") == {"continuity-named"}
    run.name_everybody()
    for part in ("transition.trigger", "touchpoint.by", "fallback.action"):
        run.fill_only({part: BLANK})
        assert run.shut("send") == {"packet-complete", "four-parts"}
        run.fill()
    run.step("send")


@pytest.mark.requirement("PER-03")
def test_a_plan_that_rests_on_a_phone_the_person_does_not_have_is_refused(house: Installation) -> None:
    run = opened(house, **{"access.needs": ["phone", "interpreter"], "contact.channel": "text"})
    assert run.shut("send") == {"channel-usable"}
    run.fill({"contact.channel": "visit"})
    run.step("send")
    assert run.owed("access-arranged")["owner"] == run.who("sender.holder")


@pytest.mark.requirement("INF-02")
def test_sharing_without_consent_needs_a_reason_and_a_second_person(house: Installation) -> None:
    run = opened(house, **{"consent.sharing": "refused"})
    assert run.shut("send") == {"consent-recorded"}
    run.step("share-without-consent", {"sharing.detail": LEFT_OUT}, status=422)
    run.step("share-without-consent", {"sharing.reason": "risk-to-life"})
    run.step("send")
    review = run.owed("sharing-review")
    assert review["owner"] == run.who("sender.supervisor") and "2nd working day" in review["rule"]


@pytest.mark.hazard("HZ-19")
@pytest.mark.requirement("GAT-02", "MOD-03")
def test_leaving_the_person_to_call_does_not_let_the_crisis_episode_close(house: Installation) -> None:
    run = opened(house)
    run.step("record-provider-contact", {"provider.how": "left-to-person"})
    assert run.owed("try-their-supervisor")["owner"] == run.who("sender.supervisor")
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    run.step("give-card", TOLD)
    refusal = run.step("close-crisis-episode", status=409)
    assert run.missing(refusal) == {"providers-spoke", "enrolment-confirmed", "priority-answered"}
    for named in ("provider.ours", "provider.theirs", "provider.at"):
        run.step("record-provider-contact", {**SPOKE, named: LEFT_OUT}, status=422)
    run.step("record-provider-contact", SPOKE)
    run.step("close-crisis-episode")
    assert run.status("provider-talk") == "met" and run.status("try-their-supervisor") == "met"


@pytest.mark.hazard("HZ-95")
@pytest.mark.requirement("GAT-10")
def test_a_person_no_longer_open_there_is_referred_anew_by_the_same_deadline(house: Installation) -> None:
    run = opened(house)
    before = run.owed("seen-within-48-hours")["due"]
    run.step("record-provider-contact", {**SPOKE, "provider.enrolled": "closed"})
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    run.step("give-card", TOLD)
    assert run.shut("close-crisis-episode") == {"enrolment-confirmed"}
    assert run.owed("seen-within-48-hours")["due"] == before, "the clock keeps its start"
    assert run.verdict("referred-anew")["word"] == "awaited"
    run.step("refer-anew")
    run.step("close-crisis-episode")
    assert run.verdict("referred-anew")["word"] == "passed"


@pytest.mark.hazard("HZ-91")
@pytest.mark.requirement("BEY-01", "REC-08")
def test_an_acceptance_that_does_not_say_a_risk_back_or_take_a_duty_on_is_refused(house: Installation) -> None:
    run = opened(house, **HIGH, **{"medication.interrupted": "yes"})
    run.step("send")
    risks = ("restate.ideation", "restate.means", "restate.medication", "restate.safety-plan")
    duties = (
        "accept.appointment-at",
        "accept.first-actions",
        "accept.will-watch",
        "accept.if-not-coming",
        "accept.lead",
    )
    for unsaid in (*risks, *duties):
        refusal = run.step("accept", {unsaid: LEFT_OUT}, by=run.who("receiver.intake"), status=422)
        assert run.missing(refusal) == {unsaid}
    assert run.state.holder == run.who("sender.holder") and not run.marked("accepted")
    run.past("receipt")
    assert run.told("receipt"), "the ladder runs meanwhile"
    run.step("accept", by=run.who("receiver.intake"))
    assert run.state.holder == run.who("receiver.holder")


@pytest.mark.requirement("ESC-01", "REC-03", "OWN-02")
def test_an_acceptance_that_never_comes_climbs_to_the_last_resort(house: Installation) -> None:
    run = opened(house, **HIGH)
    run.step("send")
    run.wait(hours=12)
    up = [run.who(role) for role in ("receiver.intake", "sender.supervisor", "receiver.supervisor", "last-resort")]
    assert run.told("receipt")[:4] == up
    assert run.state.holder == run.who("sender.holder"), "until somebody accepts it is the sender's"
    verdict = run.verdict("accepted-and-understood")
    assert verdict["word"] == "failed" and verdict["rests_on"][0]["status"] == "breached"


@pytest.mark.requirement("AUD-02", "CON-04")
def test_a_person_nobody_saw_in_48_hours_fails_the_audit_with_its_evidence(house: Installation) -> None:
    run = accepted(house)
    for _ in range(3):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    assert run.owed("decide-after-three")["owner"] == run.who("receiver.supervisor")
    assert run.state.holder == run.who("sender.holder"), "three failed attempts: back to the sender"
    run.step("decide-after-attempts", {"decision.action": "welfare-check", "welfare.criteria": ["silence"]})
    run.wait(hours=48)
    run.step("record-contact", SPOKEN)
    verdict = run.verdict("seen-in-time")
    assert verdict["word"] == "failed" and verdict["rests_on"][0]["status"] == "met-late"
    assert run.verdict("spoke-directly")["word"] == "passed"


@pytest.mark.requirement("GAT-09")
def test_a_missed_touchpoint_starts_the_fallback_by_itself(house: Installation) -> None:
    run = accepted(house)
    run.wait(hours=41)
    assert run.owed("fallback")["owner"] == run.who("first-appointment-missed")
    run.step("take-fallback")
    assert run.status("fallback") == "met"


@pytest.mark.hazard("HZ-46")
@pytest.mark.requirement("SAF-01", "ESC-08", "EWS-05")
def test_what_is_raised_on_the_way_is_answered_before_the_end(house: Installation) -> None:
    run = accepted(house, **{"safeguarding.concern": "adult"})
    run.step("give-card", TOLD)
    assert run.shut("close-crisis-episode") == {"safeguarding-settled"}
    run.step("record-contact", {**SPOKEN, "check.abuse": "yes"})
    assert run.owed("clinical-response")["rule"].startswith("by the end of the same day")
    run.step("ask-senior-review")
    review = run.owed("senior-review")
    assert review["owner"] == run.who("decision-maker") and review["due"]
    run.step("respond")
    run.meet("senior-review")
    run.meet("safeguarding")
    run.step("close-crisis-episode")


@pytest.mark.requirement("INF-04")
def test_somebody_else_is_called_only_with_permission_on_record(house: Installation) -> None:
    run = opened(house, **{"contact.alternate-permission": "no"})
    run.step("send")
    assert run.missing(run.step("contact-alternate", status=409)) == {"alternate-permitted"}
    run.fill({"contact.alternate-permission": "yes"})
    run.step("contact-alternate")
