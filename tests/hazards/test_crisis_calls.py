"""Hazards around the crisis itself: a call that ends in nothing, a dispatch that ends in nothing, each call seen alone, a weak handover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, open_gate, shipped_or_skip
from tests.hazards.journeys import accepted, asked, asked_to_close, at, opened
from tests.installation import OUTSIDER, Installation
from tests.library.answering import BLANK
from tests.library.contacts import SPOKEN, TOLD
from tests.library.driver import Run
from tests.library.setting import publish

MOBILE = "crisis-line-to-mobile-crisis"
NEXT_DAY = "crisis-line-to-next-day-follow-up"
FOLLOW_UP = "post-crisis-follow-up"
STABILIZATION = "stabilization-discharge"
LINES = [file for file in (MOBILE, NEXT_DAY) if file in shipped()]
ENDS = {"handoff.endpoint": ["response"]}
PLAN = {"handoff.endpoint": ["safety-plan"]}
ACTIVE = {"risk.suicidal-ideation": "active"}


def a_call_says_what_must_be_done(network: Installation) -> None:
    """HZ-49: a crisis referral without its endpoint does not leave, whatever else is there, and what it asks for is checked at the end."""
    for line in LINES:
        for risk in ({"risk.suicidal-ideation": "none"}, ACTIVE):
            run = opened(network, line, {**PLAN, **risk})
            run.fill_only({"handoff.endpoint": BLANK})
            refusal = asked(run, "send", override="They wait for us.")
            assert refusal is not None, f"HZ-49: {line}: sent without saying what must be done"
            assert "endpoint-asked" in run.missing(refusal), f"HZ-49: it asks for {run.missing(refusal)}"
            assert not run.marked("sent"), "HZ-49: sent all the same"
            run.fill(PLAN)
            run.step("send")
            assert "handoff.endpoint" in run.pathway.find_step("accept").shows, "HZ-49: accepted without seeing it"
            run.step("accept", by=run.who("receiver.intake"))
            due = at(run.owed("first-contact")["due"])
            assert due <= network.now + timedelta(hours=24), f"HZ-49: the first contact may wait until {due}"


@pytest.mark.hazard("HZ-49")
@pytest.mark.requirement("PKT-03")
def test_hz_49_a_call_says_what_must_be_done(network: Installation) -> None:
    shipped_or_skip(*LINES or [MOBILE])
    a_call_says_what_must_be_done(network)


@pytest.mark.control_off("HZ-49")
def test_hz_49_without_its_control(network: Installation) -> None:
    shipped_or_skip(*LINES or [MOBILE])
    fails_without("HZ-49", a_call_says_what_must_be_done, network, open_gate)


def a_dispatch_ends_in_a_handoff(network: Installation) -> None:
    """HZ-51: fast is not done: the dispatch closes only into an onward handoff, and the first contact there runs from the crisis's end."""
    run = accepted(network, MOBILE, {**ENDS, **ACTIVE})
    network.wait(minutes=20)
    run.step("record-contact", SPOKEN)
    run.step("give-card", TOLD)
    ended = network.now
    run.step("end-response", {"response.ended-at": ended.isoformat()})
    refusal = asked_to_close(run, "engaged")
    assert refusal is not None, "HZ-51: the dispatch is closed, and nobody goes on"
    assert run.missing(refusal) == {"handed-on"} and refusal["instead"] == [], f"HZ-51: {run.missing(refusal)}"
    assert run.owed("onward")["owner"] == run.state.holder, "HZ-51: nobody owes the handoff"
    run.past("onward")
    assert run.told("onward")[:1] == [run.state.holder], "HZ-51: no handoff, and nobody hears"
    if FOLLOW_UP in shipped():
        publish(network, FOLLOW_UP)
        run.step("hand-on", {"next.protocol": "follow-up", "next.team": "gamma"})
        due = at(run.owed("onward-contact")["due"])
        assert due == ended + timedelta(hours=24), f"HZ-51: the first contact there is due {due}"
        run.close("engaged")
        assert run.owes("onward-contact"), "HZ-51: the clock to the first contact ends with the dispatch"
        run.past("onward-contact")
        assert run.told("onward-contact"), "HZ-51: drift after the dispatch is not heard of"


@pytest.mark.hazard("HZ-51")
@pytest.mark.requirement("GAT-08", "CON-02")
def test_hz_51_a_dispatch_ends_in_a_handoff(network: Installation) -> None:
    a_dispatch_ends_in_a_handoff(network)


@pytest.mark.control_off("HZ-51")
def test_hz_51_without_its_control(network: Installation) -> None:
    fails_without("HZ-51", a_dispatch_ends_in_a_handoff, network, open_gate)


def a_crisis_is_seen_with_those_before_it(network: Installation) -> None:
    """HZ-52: the second call is more acute, the third is somebody's to look into; who follows up hears; a stranger has no past."""
    first = opened(network, MOBILE, ENDS)
    person = first.state.subject
    assert first.state.tier == "standard" and not first.owes("repeated-crisis")
    follow_up = accepted(network, FOLLOW_UP, person=person) if FOLLOW_UP in shipped() else None
    runs = []
    for _ in range(2):
        network.wait(days=14)
        runs.append(Run.open(network, MOBILE, person=person, even_so=True))
        assert runs[-1].state.tier == "high", "HZ-52: another call within 30 days is as the first"
    second, third = runs
    assert not second.owes("repeated-crisis")
    assert third.owes("repeated-crisis"), "HZ-52: three calls in 30 days, and nobody looks at them together"
    look = third.owed("repeated-crisis")
    assert look["owner"] == third.who("sender.supervisor"), f"HZ-52: {look['owner']} looks into it"
    third.past("repeated-crisis")
    assert third.told("repeated-crisis")[:1] == [look["owner"]], "HZ-52: the look does not climb"
    if follow_up is not None:
        assert follow_up.marked("crisis-again"), "HZ-52: who follows up does not hear of the crisis"
        assert follow_up.owed("crisis-looked-at")["owner"] == follow_up.who("receiver.supervisor")
        follow_up.meet("crisis-looked-at", {"again.handoff": "weak"})
    stranger = Run.open(network, MOBILE)
    assert stranger.state.tier == "standard", "HZ-52: a stranger is given somebody's past"
    assert not stranger.owes("repeated-crisis") and not any(a.unconfirmed for a in stranger.state.packet.values()), (
        "HZ-52: a stranger is given somebody's past"
    )
    stranger.of(OUTSIDER).get(f"cases/{first.id}", 404)


def _no_past(surroundings: Any, opening: Any) -> dict[str, int]:
    return {}


@pytest.mark.hazard("HZ-52")
@pytest.mark.requirement("GOV-13")
def test_hz_52_a_crisis_is_seen_with_those_before_it(network: Installation) -> None:
    shipped_or_skip(MOBILE)
    a_crisis_is_seen_with_those_before_it(network)


@pytest.mark.control_off("HZ-52")
def test_hz_52_without_its_control(network: Installation) -> None:
    shipped_or_skip(MOBILE)
    fails_without("HZ-52", a_crisis_is_seen_with_those_before_it, network, _no_past)


WITH_ALL = ["person", "sender", "receiver", "coordinator"]
#: Each risk, whether attendance is in doubt, and the ways of handing over that are strong enough for it.
WARM = {"peer", "same-day", "shared-note"}
WAYS = {"live-call", *WARM, "confirmation"}
STRENGTH = [
    ({"risk.suicidal-ideation": "none"}, "no", WAYS),
    ({"risk.suicidal-ideation": "none"}, "yes", {"live-call", *WARM}),
    ({"risk.suicidal-ideation": "passive"}, "no", {"live-call", *WARM}),
    ({"risk.suicidal-ideation": "passive"}, "yes", {"live-call"}),
    (ACTIVE, "no", {"live-call"}),
    (ACTIVE, "yes", {"live-call"}),
]


def the_handoff_is_as_strong_as_the_risk(network: Installation) -> None:
    """HZ-53: every risk against every way of handing over: one that is too weak keeps the door shut, and only a signed reason passes it."""
    for risk, doubt, enough in STRENGTH:
        run = accepted(network, STABILIZATION, {**risk, "attendance.doubt": doubt})
        run.step("give-card", TOLD)
        for way in sorted(WAYS, key=lambda one: one in enough):
            run.step("record-handoff", {"handoff.method": way, "handoff.present": WITH_ALL})
            shut = run.shut("discharge")
            if way in enough:
                assert shut == set()
                break
            assert shut == {"strength-matches"}, f"HZ-53: {risk}, doubt {doubt}: {way} is enough; shut: {shut}"
            refusal = asked(run, "discharge", override="They know each other well.")
            assert refusal is not None, f"HZ-53: {way} passed with nobody's signature"
    weak = accepted(network, STABILIZATION, ACTIVE)
    weak.step("give-card", TOLD)
    weak.step("record-handoff", {"handoff.method": "shared-note", "handoff.present": WITH_ALL})
    weak.of(weak.who("sender.holder")).do(weak.id, "AskOverride/discharge", reason="The clinician was called away.")
    weak.meet("override-sign-off", {"sign-off.decision": "agreed"}, by=weak.who("sender.supervisor"))
    weak.step("discharge")
    assert weak.verdict("shared-step")["word"] == "failed", "HZ-53: signed off counts as done"


@pytest.mark.hazard("HZ-53")
@pytest.mark.requirement("MOD-01", "MOD-02")
def test_hz_53_the_handoff_is_as_strong_as_the_risk(network: Installation) -> None:
    the_handoff_is_as_strong_as_the_risk(network)


@pytest.mark.control_off("HZ-53")
def test_hz_53_without_its_control(network: Installation) -> None:
    fails_without("HZ-53", the_handoff_is_as_strong_as_the_risk, network, open_gate)
