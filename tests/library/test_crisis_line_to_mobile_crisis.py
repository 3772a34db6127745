"""From the crisis line to mobile crisis, through both doors: the line says what it needs done and hears how it ended."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.pathways.library import shipped
from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import CALM, NOBODY, SPOKEN, TOLD, VOICEMAIL
from tests.library.driver import Run
from tests.library.setting import publish

FILE = "crisis-line-to-mobile-crisis"
ALL = {"handoff.endpoint": ["response", "follow-up", "safety-plan"]}
ELSEWHERE = {"next.protocol": "elsewhere"}
#: Where it may go on, as far as those files are shipped.
ONWARD = [
    (how, file)
    for how, file in (("outpatient", "mobile-crisis-to-outpatient"), ("follow-up", "post-crisis-follow-up"))
    if file in shipped()
]
PLAN = {"screen.thoughts": "yes", "screen.plan-intent": "yes", "risk.suicidal-ideation": "plan"}


def opened(house: Installation, **packet: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill({**CALM, **ALL, "call.at": house.now.isoformat(), "touchpoint.by": run.soon(hours=2), **packet})
    run.name_everybody()
    return run


def accepted(house: Installation, **packet: Any) -> Run:
    run = opened(house, **packet)
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.hazard("HZ-51")
@pytest.mark.requirement("PKT-03", "PKT-10", "GAT-08", "AUD-02", "CLS-01", "CLS-03", "ESC-05")
def test_from_the_call_to_an_onward_handoff_and_the_line_reads_how_it_ended(house: Installation) -> None:
    run = accepted(house, **PLAN)
    assert run.state.tier == "high"
    assert "1 h" in run.owed("first-contact")["rule"] and "call.at" in run.owed("first-contact")["rule"]
    house.wait(minutes=40)
    run.step("record-contact", SPOKEN)
    assert run.notices("first-contact") == [run.who("sender.holder")]
    run.step("give-card", TOLD)
    assert run.shut("engaged") == {"response-done", "endpoint-reached", "handed-on"}
    run.step("end-response")
    assert run.owed("onward")["owner"] == run.who("receiver.holder")
    assert run.missing(run.close("engaged", status=409)) == {"endpoint-reached", "handed-on"}
    run.step("review-safety-plan")
    run.step("book-follow-up", {"follow-up.at": run.soon(hours=30)})
    assert run.shut("engaged") == {"handed-on"}, "a dispatch does not end in nothing"
    run.step("hand-on", ELSEWHERE)
    run.close("engaged")
    assert run.notices("closure") == [run.who("sender.holder")]
    assert run.owes("closure-read") and run.verdict("line-knows")["word"] == "failed", "not before they have read it"
    run.step("read-closure", by=run.who("sender.holder"))
    for validation in ("attempts-by-acuity", "ended-in-a-handoff", "line-knows"):
        assert run.verdict(validation)["word"] == "passed", validation


@pytest.mark.hazard("HZ-49")
@pytest.mark.requirement("PKT-03", "GAT-01", "GAT-06", "OWN-05")
def test_a_request_without_its_endpoint_or_a_risk_element_is_refused(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill({**CALM, **ALL})
    assert run.shut("send") == {"decision-maker-reachable", "continuity-named"}
    run.name_everybody()
    run.fill_only({"handoff.endpoint": BLANK})
    refusal = run.step("send", status=409)
    assert "endpoint-asked" in run.missing(refusal) and refusal["instead"] == [], "nobody passes this one"
    run.fill(ALL)
    for part in (
        "risk.suicidal-ideation",
        "risk.means",
        "risk.protective",
        "place.constraints",
        "place.where",
        "needs.language",
        "needs.coverage",
        "needs.functional",
        "screen.behaviour",
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
    run.step("share-without-consent", {"sharing.reason": "risk-to-life"})
    run.step("send")


@pytest.mark.requirement("PKT-03")
def test_the_screener_asks_on_when_there_are_thoughts_and_sets_the_tier(house: Installation) -> None:
    run = opened(house, **{"screen.thoughts": "no", "risk.suicidal-ideation": "none"})
    assert run.state.tier == "standard" and "screen.method" not in run.state.packet
    run.fill_only({"screen.thoughts": "yes"})
    assert {"screen.method", "screen.intent", "screen.plan-intent"} <= set(run.unanswered())
    run.fill({"screen.method": "yes"})
    assert run.state.tier == "high"


@pytest.mark.hazard("HZ-27", "HZ-64")
@pytest.mark.requirement("CON-04", "CON-01", "OWN-03", "AUD-02")
def test_three_failed_attempts_climb_step_by_step_to_a_signed_decision(house: Installation) -> None:
    run = accepted(house, **PLAN, **{"contact.alternate-permission": "yes"})
    run.step("record-contact", VOICEMAIL)
    assert not run.marked("attempt-failed"), "a voicemail is no attempt that counts"
    run.step("record-contact", NOBODY)
    assert run.owed("retry-contact")["owner"] == run.who("receiver.holder")
    house.wait(minutes=12)
    run.step("record-contact", NOBODY)
    assert run.owes("try-alternate")
    run.step("contact-alternate")
    assert run.status("try-alternate") == "met"
    house.wait(minutes=12)
    run.step("record-contact", NOBODY)
    assert run.state.holder == run.who("sender.holder"), "back with the line until somebody decides"
    assert "attempts-signed-off" in run.missing(run.close("declined", status=409))
    run.step("decide-after-attempts", {"decision.reason": LEFT_OUT}, status=422)
    assert run.verdict("failed-attempts-decided")["word"] in ("awaited", "failed")
    run.step("decide-after-attempts", {"welfare.criteria": ["plan", "silence"], "decision.action": "welfare-check"})
    assert run.verdict("failed-attempts-decided")["word"] == "passed"
    house.wait(minutes=20)
    run.step("record-contact", NOBODY)


@pytest.mark.requirement("ESC-01", "REC-03", "AUD-02")
def test_a_request_nobody_takes_climbs_within_the_hour(house: Installation) -> None:
    run = opened(house, **PLAN)
    run.step("send")
    run.wait(minutes=60)
    up = [run.who(role) for role in ("receiver.intake", "sender.supervisor", "receiver.supervisor")]
    assert run.told("receipt")[:3] == up
    run.wait(minutes=60)
    assert run.told("receipt")[-1] == run.who("last-resort") and run.state.holder == run.who("sender.holder")
    run.step("accept", by=run.who("receiver.intake"))
    run.wait(minutes=1)
    assert run.owed("first-contact")["status"] == "breached", "counted from the call, not from the acceptance"
    assert run.verdict("attempts-by-acuity")["word"] == "failed"
    assert run.owed("fallback")["owner"] == run.who("first-appointment-missed")


@pytest.mark.requirement("CLS-03", "ESC-01")
def test_a_closure_message_nobody_reads_stays_owed_after_the_end(house: Installation) -> None:
    run = accepted(house)
    run.close("escalated")
    assert run.state.status == "closed"
    run.past("closure-read")
    run.wait(hours=24)
    assert run.told("closure-read")[:2] == [run.who("sender.holder"), run.who("sender.supervisor")]
    assert run.verdict("line-knows")["word"] == "failed"


@pytest.mark.requirement("GAT-08", "PKT-09", "OWN-01", "CON-02")
@pytest.mark.parametrize(("how", "file"), ONWARD)
def test_the_onward_case_opens_at_once_with_what_is_known_and_tells_this_one(
    house: Installation, how: str, file: str
) -> None:
    publish(house, file)
    run = accepted(house, **PLAN)
    run.step("record-contact", SPOKEN)
    run.step("end-response")
    holder = run.state.holder
    run.step("hand-on", {"next.protocol": how, "next.team": LEFT_OUT}, status=422)
    run.step("hand-on", {"next.protocol": how, "next.team": "gamma"})
    (begun,) = run.state.begun
    onward = Run(house, begun.removeprefix("case:"))
    assert onward.pathway.id == file and onward.state.holder == holder
    assert onward.state.parties == {"sender": "beta", "receiver": "gamma"}
    known = onward.state.packet["risk.suicidal-ideation"]
    assert known.unconfirmed and known.value == "plan", "carried forward, to be confirmed"
    assert "risk.suicidal-ideation" in onward.unanswered()
    onward.fill()
    onward.name_everybody()
    for step in ("confirm-details", "book-touchpoint"):
        if onward.pathway.find_step(step):
            onward.step(step)
    onward.step("send")
    onward.step("accept", by=onward.who("receiver.intake"))
    assert run.marked("onward-accepted") and run.owes("onward-contact")
    assert run.verdict("drift-watched")["word"] == "awaited"
    onward.step("record-contact", SPOKEN)
    assert run.status("onward-contact") == "met" and run.verdict("drift-watched")["word"] == "passed"


@pytest.mark.requirement("CON-03", "MOD-06")
def test_a_second_call_within_ninety_days_is_more_acute(house: Installation) -> None:
    first = opened(house, **{"risk.suicidal-ideation": "none"})
    assert first.state.tier == "standard"
    house.wait(days=20)
    second = Run.open(house, FILE, person=first.state.subject, even_so=True)
    assert second.state.tier == "high"
