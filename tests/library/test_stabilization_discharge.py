"""Discharge from crisis stabilization, through both doors: the person, the stay and whoever comes next speak before the door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import CALM, KEPT, NOBODY, SPOKEN, TOLD
from tests.library.driver import Run

FILE = "stabilization-discharge"
ALL_THREE = {"handoff.method": "live-call", "handoff.present": ["person", "sender", "receiver", "coordinator"]}
DOUBT = {"attendance.doubt": "yes"}
HIGH = {"risk.suicidal-ideation": "active"}
MEDIUM = {"risk.suicidal-ideation": "passive"}


def opened(house: Installation, **packet: Any) -> Run:
    run = Run.open(house, FILE)
    times = {
        "discharge.at": run.soon(hours=6),
        "touchpoint.by": run.soon(hours=40),
        "appointment.first-at": run.soon(hours=72),
    }
    run.fill({**CALM, **times, **packet})
    run.name_everybody()
    return run


def accepted(house: Installation, **packet: Any) -> Run:
    run = opened(house, **packet)
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    run.step("give-card", TOLD)
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("MOD-02", "GAT-03", "GAT-08", "AUD-02", "CLS-03")
def test_from_the_bed_to_ongoing_care(house: Installation) -> None:
    run = accepted(house, **HIGH, **DOUBT)
    run.step("record-handoff", ALL_THREE)
    run.step("discharge")
    outreach = run.owed("first-outreach")
    assert outreach["rule"].startswith("by the end of the same day") and outreach["owner"] == run.who("receiver.holder")
    house.wait(hours=2)
    run.step("record-contact", SPOKEN)
    run.step("book-appointment", {"appointment.at": run.soon(hours=20)})
    run.wait(hours=21)
    run.step("record-attendance", KEPT)
    run.meet("reminder")
    run.meet("medication-pick-up")
    run.meet("reconciliation")
    run.step("accept-ongoing-care")
    run.close("engaged")
    for validation in ("shared-step", "responded", "outreach-in-time"):
        assert run.verdict(validation)["word"] == "passed", validation
    assert run.notices("closure") == [run.who("sender.holder")]


@pytest.mark.requirement("GAT-03", "GAT-01")
def test_no_discharge_on_proof_that_paperwork_was_sent(house: Installation) -> None:
    run = opened(house)
    run.step("send")
    sent = run.case.events("NoticeIssued")[0]["key"]
    run.case.hears("NoteSent", key=sent, channel="email", at=house.now.isoformat())
    run.step("note-received", by=run.who("receiver.intake"))
    run.step("give-card", TOLD)
    run.step("record-handoff", ALL_THREE)
    refusal = run.step("discharge", status=409)
    assert run.missing(refusal) == {"receiver-responded"} and refusal["instead"] == []
    run.step("accept", by=run.who("receiver.intake"))
    run.step("discharge")


@pytest.mark.requirement("GAT-11", "MOD-02")
def test_the_discharge_is_refused_without_each_part_of_the_handoff(house: Installation) -> None:
    run = accepted(house)
    assert {"handoff-recorded", "appointment-confirmed", "medication-in-hand", "transport-set"} <= run.shut("discharge")
    parts = ("clinician", "at", "appointment", "medication", "transport", "risks", "duties", "reminder")
    for part in parts:
        refusal = run.step("record-handoff", {**ALL_THREE, f"handoff.{part}": LEFT_OUT}, status=422)
        assert run.missing(refusal) == {f"handoff.{part}"}
    for part, unsettled, gate in (
        ("appointment", "not-confirmed", "appointment-confirmed"),
        ("medication", "open", "medication-in-hand"),
        ("transport", "open", "transport-set"),
    ):
        run.step("record-handoff", {**ALL_THREE, f"handoff.{part}": unsettled})
        assert run.shut("discharge") == {gate}
    run.step("record-handoff", ALL_THREE)
    run.step("discharge")


@pytest.mark.requirement("GAT-06", "OWN-05", "PER-03", "INF-01")
def test_the_summary_is_refused_without_its_four_parts_its_names_consent_and_a_usable_channel(
    house: Installation,
) -> None:
    run = Run.open(house, FILE)
    run.fill(CALM)
    assert run.shut("send") == {"decision-maker-reachable", "continuity-named"}
    run.name_everybody()
    for part in ("transition.trigger", "touchpoint.by", "fallback.action"):
        run.fill_only({part: BLANK})
        assert "four-parts" in run.shut("send")
        run.fill()
    run.fill({"consent.sharing": "refused", "access.needs": ["phone"], "contact.channel": "phone"})
    assert run.shut("send") == {"consent-recorded", "channel-usable"}
    run.fill({"consent.sharing": "given", "contact.channel": "visit"})
    run.step("send")


@pytest.mark.hazard("HZ-53")
@pytest.mark.requirement("MOD-01")
@pytest.mark.parametrize(
    ("packet", "method", "enough"),
    [
        ({}, "confirmation", True),
        (DOUBT, "confirmation", False),
        (DOUBT, "peer", True),
        (MEDIUM, "confirmation", False),
        (MEDIUM, "shared-note", True),
        (MEDIUM | DOUBT, "same-day", False),
        (HIGH, "peer", False),
        (HIGH, "live-call", True),
    ],
)
def test_the_handoff_is_as_strong_as_the_risk_asks(
    house: Installation, packet: dict[str, str], method: str, enough: bool
) -> None:
    run = accepted(house, **packet)
    run.step("record-handoff", {**ALL_THREE, "handoff.method": method})
    assert run.shut("discharge") == (set() if enough else {"strength-matches"})


@pytest.mark.hazard("HZ-35")
@pytest.mark.requirement("MOD-02")
@pytest.mark.parametrize("absent", ["person", "receiver"])
def test_a_call_without_the_person_or_the_receiver_is_no_shared_step(house: Installation, absent: str) -> None:
    run = accepted(house, **HIGH)
    present = [who for who in ALL_THREE["handoff.present"] if who != absent]
    run.step("record-handoff", {**ALL_THREE, "handoff.present": present})
    assert run.shut("discharge") == {"strength-matches"} and run.verdict("shared-step")["word"] == "failed"


@pytest.mark.requirement("MOD-01", "GAT-07")
def test_a_weaker_handoff_needs_a_supervisors_signed_reason_first(house: Installation) -> None:
    run = accepted(house, **HIGH)
    run.step("record-handoff", {**ALL_THREE, "handoff.method": "peer"})
    sender = run.who("sender.holder")
    run.step("discharge", status=409, override="They know each other well.")
    run.of(sender).do(run.id, "AskOverride/discharge", reason="The clinician was called away; the peer worker stays.")
    run.meet("override-sign-off", {"sign-off.decision": "agreed"}, by=run.who("sender.supervisor"))
    run.step("discharge")
    verdict = run.verdict("shared-step")
    assert verdict["word"] == "failed", "signed off is not the same as done"
    assert run.case.events("GateOverridden")[0]["gates"] == ["strength-matches"]


@pytest.mark.requirement("ESC-01", "REC-03", "CON-04")
def test_nobody_answers_and_nobody_is_reached(house: Installation) -> None:
    run = opened(house, **HIGH)
    run.step("send")
    run.wait(hours=12)
    up = [run.who(role) for role in ("receiver.intake", "sender.supervisor", "receiver.supervisor", "last-resort")]
    assert run.told("receipt")[:4] == up
    run.step("accept", by=run.who("receiver.intake"))
    run.step("give-card", TOLD)
    run.step("record-handoff", ALL_THREE)
    run.step("discharge")
    for _ in range(3):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    assert run.owed("decide-after-three")["owner"] == run.who("receiver.supervisor")
    assert run.state.holder == run.who("sender.holder")
    assert run.verdict("outreach-in-time")["word"] in ("awaited", "failed")


@pytest.mark.requirement("TRK-09")
def test_medication_that_cannot_be_had_is_a_task_at_once(house: Installation) -> None:
    run = accepted(house)
    run.step("record-medication-problem", {"medication.problem": "coverage"})
    assert run.owed("medication-supply")["owner"] == run.who("medication-continuity")
