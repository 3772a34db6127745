"""Hazards of the other side taking on: a number in a hand, an unread acceptance, a worker who is away, a closed file there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.core.conditions import NEVER
from holdfast.core.pathway import Step
from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, open_gate, shipped_or_skip
from tests.hazards.journeys import asked, asked_to_close, at, opened, sent
from tests.installation import Installation
from tests.library.answering import LEFT_OUT
from tests.library.contacts import SPOKEN, TOLD

OUTPATIENT = "mobile-crisis-to-outpatient"
CASE_MANAGEMENT = "crisis-to-case-management"
SPOKE = {"provider.how": "spoke", "provider.enrolled": "open", "provider.priority": "given"}
#: Risks above low acuity.
RISKS = ({"risk.suicidal-ideation": "passive"}, {"risk.suicidal-ideation": "active"}, {"risk.recent-attempt": "yes"})
#: Pathway to the step that records how the person was linked, its question, and what is a link.
MET = {"handoff.how": "in-room", "handoff.options": "yes", "handoff.channel": "yes"}
LINKS = {
    "primary-care-to-behavioral-health": ("meet-person", "handoff.how", MET),
    "community-referral": ("speak-with-service", "spoke.how", {"spoke.how": "walked"}),
}
LINKS = {pathway: link for pathway, link in LINKS.items() if pathway in shipped()}


def a_number_handed_over_is_no_handoff(network: Installation) -> None:
    """HZ-19: above low acuity a referral does not go out on a number given, whatever the risk; a link with somebody lets it."""
    for pathway, (step, how, link) in LINKS.items():
        for risk in RISKS:
            run = opened(network, pathway, risk)
            assert run.state.tier != "low"
            run.step(step, {**link, how: "number-given"})
            refusal = asked(run, "send")
            assert refusal is not None, f"HZ-19: {pathway}: sent with a number handed over, at {run.state.tier}"
            assert run.missing(refusal) == {"not-passive"}, f"HZ-19: refused for {run.missing(refusal)}"
            assert not run.marked("sent"), "HZ-19: sent all the same"
            run.step(step, link)
            run.step("send")


@pytest.mark.hazard("HZ-19")
@pytest.mark.requirement("MOD-03", "MOD-05")
def test_hz_19_a_number_handed_over_is_no_handoff(network: Installation) -> None:
    if not LINKS:
        shipped_or_skip("community-referral")
    a_number_handed_over_is_no_handoff(network)


@pytest.mark.control_off("HZ-19")
def test_hz_19_without_its_control(network: Installation) -> None:
    if not LINKS:
        shipped_or_skip("community-referral")
    fails_without("HZ-19", a_number_handed_over_is_no_handoff, network, open_gate)


#: What each high risk makes the receiver say back, and what they take on whatever the risk.
RESTATED = {
    "restate.ideation": {"risk.suicidal-ideation": "plan"},
    "restate.means": {"risk.means": "at-hand"},
    "restate.medication": {"medication.interrupted": "yes"},
    "restate.safety-plan": {},
}
TAKEN_ON = ("accept.appointment-at", "accept.first-actions", "accept.will-watch", "accept.lead")


def accepting_means_saying_it_back(network: Installation) -> None:
    """HZ-91: a bare yes, or one that leaves a risk or a duty unsaid, changes nothing: not the owner, not the gate, not the ladder."""
    risks = {id: value for packet in RESTATED.values() for id, value in packet.items()}
    run = sent(network, OUTPATIENT, risks)
    intake, sender = run.who("receiver.intake"), run.who("sender.holder")
    bare = dict.fromkeys((*RESTATED, *TAKEN_ON), LEFT_OUT)
    for unsaid in (bare, *({one: LEFT_OUT} for one in (*RESTATED, *TAKEN_ON))):
        refusal = asked(run, "accept", unsaid, by=intake)
        assert refusal is not None, f"HZ-91: accepted without {', '.join(unsaid)}"
        assert set(unsaid) <= run.missing(refusal), f"HZ-91: of {set(unsaid)} it asks {run.missing(refusal)}"
    assert run.state.holder == sender and not run.marked("accepted"), "HZ-91: a bare yes moved the case"
    run.step("record-provider-contact", SPOKE)
    run.step("give-card", TOLD)
    assert "accepted" in run.shut("engaged"), "HZ-91: a bare yes opened the gate"
    run.past("receipt")
    assert run.told("receipt")[:1] == [intake], "HZ-91: the ladder does not run on"
    run.step("accept", by=intake)
    assert run.state.holder == run.who("receiver.holder") != sender


def _nothing_asked(step: Step) -> Step:
    return replace(step, records=tuple(replace(field, needed=NEVER) for field in step.records))


@pytest.mark.hazard("HZ-91")
@pytest.mark.requirement("BEY-01", "REC-08")
def test_hz_91_accepting_means_saying_it_back(network: Installation) -> None:
    accepting_means_saying_it_back(network)


@pytest.mark.control_off("HZ-91")
def test_hz_91_without_its_control(network: Installation) -> None:
    fails_without("HZ-91", accepting_means_saying_it_back, network, _nothing_asked)


def a_voicemail_ends_nothing(network: Installation) -> None:
    """HZ-15: the worker is away: nothing closes before the backup route has a name, a bridge and a deadline, and somebody accepted."""
    run = sent(network, CASE_MANAGEMENT)
    run.step("give-card", TOLD)
    for result in ("voicemail", "colleague", "nobody", "away"):
        run.step("try-worker", {"try.result": result})
        refusal = asked_to_close(run, "engaged")
        assert refusal is not None, f"HZ-15: {result}, and the case is closed"
        assert {"backup-ran", "accepted"} <= run.missing(refusal), f"HZ-15: {result} counts: {run.missing(refusal)}"
    for part in ("backup.contact", "backup.at", "bridge.at", "bridge.who", "backup.owner"):
        refusal = asked(run, "take-backup-route", {part: LEFT_OUT})
        assert refusal is not None and run.missing(refusal) == {part}, f"HZ-15: a backup route without {part}"
    run.step("take-backup-route", {"bridge.at": run.soon(hours=20)})
    due = at(run.owed("acceptance")["due"])
    assert (due.hour, due.date() - network.now.date()) == (12, timedelta(days=1)), f"HZ-15: to be accepted by {due}"
    assert "accepted" in run.shut("engaged"), "HZ-15: the backup route alone ends it"
    run.past("acceptance")
    owner = run.state.named["escalation-owner"]
    assert run.told("acceptance")[:1] == [owner] == [run.who("sender.supervisor")], "HZ-15: noon passes unheard"
    assert run.owed("late-acceptance-review")["owner"] == owner, "HZ-15: nobody looks at why"
    run.step("accept", by=run.who("receiver.intake"))
    run.step("record-contact", SPOKEN)
    assert "reviewed" in run.shut("engaged"), "HZ-15: a late acceptance hides that it was late"


@pytest.mark.hazard("HZ-15")
@pytest.mark.requirement("REC-05", "GAT-04")
def test_hz_15_a_voicemail_ends_nothing(network: Installation) -> None:
    a_voicemail_ends_nothing(network)


@pytest.mark.control_off("HZ-15")
def test_hz_15_without_its_control(network: Installation) -> None:
    fails_without("HZ-15", a_voicemail_ends_nothing, network, open_gate)


def still_open_there_is_asked(network: Installation) -> None:
    """HZ-95: the clinic says the file there is closed: the crisis episode stays open, a new referral is owed, by the same clock."""
    for said in ("closed", "never"):
        run = opened(network, OUTPATIENT)
        before = run.owed("seen-within-48-hours")
        run.step("record-provider-contact", {**SPOKE, "provider.enrolled": said})
        run.step("send")
        run.step("accept", by=run.who("receiver.intake"))
        run.step("give-card", TOLD)
        refusal = asked(run, "close-crisis-episode")
        assert refusal is not None, f"HZ-95: {said} there, and the crisis episode is closed"
        assert run.missing(refusal) == {"enrolment-confirmed"}, f"HZ-95: refused for {run.missing(refusal)}"
        assert refusal["instead"] == [], "HZ-95: somebody may pass over it"
        assert run.owed("new-referral")["owner"] == run.who("sender.holder"), "HZ-95: nobody owes the new referral"
        run.wait(hours=10)
        run.step("refer-anew")
        assert run.status("new-referral") == "met"
        assert run.owed("seen-within-48-hours")["due"] == before["due"], "HZ-95: the clock started again"
        run.step("close-crisis-episode")


@pytest.mark.hazard("HZ-95")
@pytest.mark.requirement("GAT-10")
def test_hz_95_still_open_there_is_asked(network: Installation) -> None:
    still_open_there_is_asked(network)


@pytest.mark.control_off("HZ-95")
def test_hz_95_without_its_control(network: Installation) -> None:
    fails_without("HZ-95", still_open_there_is_asked, network, open_gate)
