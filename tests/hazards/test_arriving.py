"""Hazards on the way to the first visit: barriers, coverage, medication in hand, and a person who was not asked or told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.core.pathway import Obligation
from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, nothing, open_gate
from tests.hazards.journeys import accepted, asked, asked_to_close, asked_to_meet, at, opened
from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import SPOKEN, TOLD
from tests.library.driver import Run

STAY = "stabilization-discharge"
DISCHARGE = "discharge-to-community"
POST_CRISIS = "post-crisis-follow-up"
ALL_THREE = {"handoff.method": "live-call", "handoff.present": ["person", "sender", "receiver"]}
HIGH = {"risk.suicidal-ideation": "active"}
#: Handoffs in which one of the three who must speak live was not there, or that were not live.
WITHOUT_SOMEBODY = [
    ("live-call", ["sender", "receiver"]),
    ("live-call", ["person", "receiver"]),
    ("live-call", ["person", "sender", "coordinator", "family"]),
    ("peer", ["person", "sender", "receiver"]),
    ("same-day", ["person", "sender", "receiver"]),
    ("shared-note", ["sender"]),
    ("confirmation", ["person", "sender", "receiver"]),
]


def barriers_are_settled_before_the_visit(network: Installation) -> None:
    """HZ-30: barriers are asked for, each has an owner and a clock long before the visit, and an open one climbs."""
    run = opened(network, STAY, {"access.needs": BLANK})
    refusal = asked(run, "send")
    assert refusal is not None and "access.needs" in run.missing(refusal), "HZ-30: nobody asked for barriers"
    run.fill({"access.needs": ["transport", "interpreter"]})
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    assert run.owes("access-arranged"), "HZ-30: a barrier is known, and nobody owes an answer to it"
    visit = at(run.state.packet["appointment.first-at"].value)
    owed = run.owed("access-arranged")
    assert at(owed["due"]) <= visit - timedelta(hours=48), f"HZ-30: due {owed['due']}, the visit is at {visit}"
    run.step("give-card", TOLD)
    run.step("record-handoff", {**ALL_THREE, "handoff.transport": "open"})
    assert "transport-set" in run.shut("discharge"), (
        "HZ-30: nobody knows how the person gets there, and the door is open"
    )
    run.until(visit - timedelta(hours=43))
    climbed = run.told("access-arranged")
    assert run.who("receiver.supervisor") in climbed, f"HZ-30: two days before the visit only {climbed} know"
    reminder = run.owed("reminder")
    assert at(reminder["due"]) == visit - timedelta(hours=24), "HZ-30: the reminder is not tied to the visit"
    unsaid = asked_to_meet(run, "access-arranged", {"access.arranged": LEFT_OUT})
    assert unsaid is not None and run.missing(unsaid) == {"access.arranged"}, "HZ-30: settled, and nobody says how"
    done = "Transport: the clinic's car at nine. Interpreter: R. Quill is booked."
    run.meet("access-arranged", {"access.arranged": done})
    record = run.of(run.state.holder).get(f"cases/{run.id}/timeline")
    assert done in str(record), "HZ-30: what was done about each barrier is not on record"
    run.step("record-handoff", {**ALL_THREE, "handoff.transport": "booked"})
    assert run.shut("discharge") == set()


@pytest.mark.hazard("HZ-30")
@pytest.mark.requirement("TRK-06", "PER-03")
def test_hz_30_barriers_are_settled_before_the_visit(network: Installation) -> None:
    barriers_are_settled_before_the_visit(network)


@pytest.mark.control_off("HZ-30")
def test_hz_30_without_its_control(network: Installation) -> None:
    fails_without("HZ-30", barriers_are_settled_before_the_visit, network, nothing)


def a_refusal_of_coverage_reopens_the_task(network: Installation) -> None:
    """HZ-31: a refusal after the task was done opens it again, tells who must act, and no other clock waits for eligibility."""
    run = accepted(network, DISCHARGE)
    run.meet("coverage", {"coverage.result": "confirmed"})
    assert not run.owes("coverage")
    network.wait(days=1)
    worker = run.who("receiver.holder")
    run.step("record-medication-problem", {"medication.problem": "coverage"}, by=worker)
    assert run.owes("coverage"), "HZ-31: coverage was refused, and nobody owes it"
    again = run.owed("coverage")
    assert again["owner"] == run.state.holder and at(again["due"]) <= network.now + timedelta(days=7)
    told = run.notices("news")
    responsible = {run.state.named["medication-continuity"], run.state.named["decision-maker"], run.state.holder}
    assert responsible <= set(told), f"HZ-31: of the refusal only {told} were told"
    supply = run.owed("medication-supply")
    assert at(supply["due"]) <= network.now + timedelta(hours=24), "HZ-31: the person waits without medication"
    run.until(at(again["due"]) + timedelta(hours=25))
    assert run.who("receiver.supervisor") in run.told("coverage"), "HZ-31: a refusal left lying calls nobody"
    if POST_CRISIS not in shipped():
        return
    waiting = accepted(network, POST_CRISIS)
    before = {p["kind"]: p["due"] for p in waiting.shown()["promises"]}
    waiting.step("note-eligibility-wait", by=waiting.who("receiver.holder"))
    assert waiting.owes("eligibility"), "HZ-31: stuck in eligibility is nobody's"
    after = {p["kind"]: p["due"] for p in waiting.shown()["promises"]}
    assert before.items() <= after.items(), "HZ-31: a clock waits for eligibility"
    waiting.past("eligibility")
    waiting.wait(hours=25)
    assert waiting.who("receiver.supervisor") in waiting.told("eligibility"), "HZ-31: the wait calls nobody"


def _only_once(obligation: Obligation) -> Obligation:
    return replace(obligation, opens=obligation.opens[:1])


@pytest.mark.hazard("HZ-31")
@pytest.mark.requirement("TRK-08", "TRK-09")
def test_hz_31_a_refusal_of_coverage_reopens_the_task(network: Installation) -> None:
    a_refusal_of_coverage_reopens_the_task(network)


@pytest.mark.control_off("HZ-31")
def test_hz_31_without_its_control(network: Installation) -> None:
    fails_without("HZ-31", a_refusal_of_coverage_reopens_the_task, network, _only_once)


def the_person_knows_before_the_end(network: Installation) -> None:
    """HZ-32: no end but an escalation until the person can say who calls, when, and what to do; given is not understood."""
    for pathway in (p for p in (DISCHARGE, POST_CRISIS, "crisis-line-to-mobile-crisis") if p in shipped()):
        run = accepted(network, pathway)
        assert run.owes("person-told"), f"HZ-32: {pathway}: nobody owes it to the person to tell them"
        run.step("record-contact", SPOKEN, by=run.who("receiver.holder"))
        for endpoint in ("engaged", "declined", "redirected"):
            assert "person-told" in run.shut(endpoint), f"HZ-32: {pathway}: {endpoint}, and the person knows nothing"
        refusal = asked_to_close(run, "declined")
        assert refusal is not None, f"HZ-32: {pathway} ended, and the person knows nothing"
        run.step("give-card", {"card.how": "paper", "card.understood": "no"})
        assert asked_to_close(run, "declined") is not None, "HZ-32: a card that was not understood is enough"
        assert run.owes("person-told"), "HZ-32: a card that was not understood ends the telling"
        run.step("give-card", TOLD)
        assert run.status("person-told") == "met" and "person-told" not in run.shut("engaged")
        (_, given) = [e for e in run.case.events("StepTaken") if e["step"] == "give-card"]
        assert {"card.how", "card.understood"} <= set(given["answers"]), "HZ-32: how it was given is not on record"
        run.close("declined")


@pytest.mark.hazard("HZ-32")
@pytest.mark.requirement("PER-01")
def test_hz_32_the_person_knows_before_the_end(network: Installation) -> None:
    the_person_knows_before_the_end(network)


@pytest.mark.control_off("HZ-32")
def test_hz_32_without_its_control(network: Installation) -> None:
    fails_without("HZ-32", the_person_knows_before_the_end, network, open_gate)


def handed_over(network: Installation, packet: dict[str, str], **handoff: Any) -> Run:
    run = accepted(network, STAY, packet)
    run.step("give-card", TOLD)
    run.step("record-handoff", {**ALL_THREE, **handoff})
    return run


def the_person_speaks_too(network: Installation) -> None:
    """HZ-35: at high risk nobody leaves before the person and both clinicians spoke live, or a supervisor signed the reason."""
    run = handed_over(network, HIGH)
    assert run.shut("discharge") == set()
    run = accepted(network, STAY, HIGH)
    run.step("give-card", TOLD)
    for method, present in WITHOUT_SOMEBODY:
        run.step("record-handoff", {"handoff.method": method, "handoff.present": present})
        assert "strength-matches" in run.shut("discharge"), f"HZ-35: at high risk {method} with {present} is enough"
    worker = run.who("sender.holder")
    refusal = asked(run, "discharge", by=worker, override="They know each other well.")
    assert refusal is not None, "HZ-35: one reason of one's own is enough"
    run.of(worker).do(run.id, "AskOverride/discharge", reason="The clinician was called away.")
    run.meet("override-sign-off", {"sign-off.decision": "agreed"}, by=run.who("sender.supervisor"))
    run.step("discharge")
    (passed,) = run.case.events("GateOverridden")
    assert passed["gates"] == ["strength-matches"], "HZ-35: the weaker handoff is not an exception on record"


@pytest.mark.hazard("HZ-35")
@pytest.mark.requirement("MOD-01", "MOD-02", "GAT-07")
def test_hz_35_the_person_speaks_too(network: Installation) -> None:
    the_person_speaks_too(network)


@pytest.mark.control_off("HZ-35")
def test_hz_35_without_its_control(network: Installation) -> None:
    fails_without("HZ-35", the_person_speaks_too, network, open_gate)


def medication_never_runs_out_unseen(network: Installation) -> None:
    """HZ-38: nobody leaves without medication in hand or arranged; the end of the supply has a clock until somebody prescribes."""
    for unsettled in ({"handoff.medication": "open"}, {"handoff.supply-until": BLANK}):
        run = accepted(network, STAY)
        run.step("give-card", TOLD)
        refusal = asked(run, "record-handoff", {**ALL_THREE, **unsettled})
        shut = run.missing(refusal) if refusal else run.shut("discharge")
        assert shut & {"medication-in-hand", "handoff.supply-until"}, f"HZ-38: the door is open with {unsettled}"
    ends = network.now + timedelta(days=14)
    for days in (2, 14, 40):
        run = handed_over(network, {}, **{"handoff.supply-until": run.soon(days=days)})
        ends = network.now + timedelta(days=days)
        run.step("discharge")
        assert run.owes("next-prescription"), (
            f"HZ-38: medication for {days} days, and nobody owes the next prescription"
        )
        owed = run.owed("next-prescription")
        assert at(owed["due"]) == ends - timedelta(days=5), f"HZ-38: the supply ends {ends}, due {owed['due']}"
        assert owed["owner"] == run.state.named["medication-continuity"]
        if days != 14:
            continue
        run.until(ends - timedelta(days=5) + timedelta(minutes=1))
        assert run.told("next-prescription") == [owed["owner"]], "HZ-38: five days before the end nothing fires"
        run.until(ends - timedelta(days=3))
        assert len(run.told("next-prescription")) >= 3, "HZ-38: it does not climb until the supply ends"
        run.meet("next-prescription")
        assert run.status("next-prescription") == "met-late"


@pytest.mark.hazard("HZ-38")
@pytest.mark.requirement("GAT-11")
def test_hz_38_medication_never_runs_out_unseen(network: Installation) -> None:
    medication_never_runs_out_unseen(network)


@pytest.mark.control_off("HZ-38")
def test_hz_38_without_its_control(network: Installation) -> None:
    fails_without("HZ-38", medication_never_runs_out_unseen, network, nothing)
