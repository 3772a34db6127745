"""Hazards of risk signals and escalation: nothing over a threshold without its ladder, and no ladder without its end."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.core.answers import RawAnswer
from holdfast.core.ladders import Resolved, Rung
from holdfast.core.moments import meet
from holdfast.core.state import Promise
from holdfast.core.work import Work
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.publishing import publish_edition
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from holdfast.worklists.casefile import entries_of
from tests.hazards.control import fails_without, not_opening
from tests.installation import (
    DECISION_MAKER,
    GOVERNANCE,
    HIGH,
    LEAD,
    NIGHT_CLINICIAN,
    OUTSIDER,
    PATHWAY,
    RECEIVER_LAST_RESORT,
    RECEIVER_SUPERVISOR,
    SECOND_GOVERNANCE,
    Case,
    Installation,
    given,
)

#: A Friday on which the community team closes at 17:00.
FRIDAY = datetime(2026, 3, 6, 16, 55, tzinfo=UTC)
#: Checks generated for HZ-41; a campaign does 10,000.
EXAMPLES = int(os.environ.get("HOLDFAST_EXAMPLES", "200"))
RESPONSE = {"response.action": given("urgent-appointment"), "response.detail": given("Seen tonight by Dan.")}
MARKS = ("none", "some", "marked")
IDEATION = ("none", "passive", "active", "plan", "intent")


def calls(case: Case, kind: str) -> list[tuple[str, datetime]]:
    """Whom the ladders of this kind called, and when."""
    return [
        (e["told"], datetime.fromisoformat(e["noticed"]))
        for e in case.events("RungFired")
        if e["id"].startswith(kind + "#")
    ]


def friday_evening_reaches_the_one_on_duty(house: Installation) -> None:
    """HZ-39: a signal at 16:55 on a Friday: the supervisor at once, at 17:25 the one on duty, then the last resort; times by tier."""
    house.now = FRIDAY - timedelta(hours=3)
    cases = {"standard": house.accepted(), "high": house.accepted(**HIGH)}
    house.now = FRIDAY
    for tier, case in cases.items():
        case.contact(ideation="plan")
        signal = case.promise("clinical-response")
        due = timedelta(hours=1) if tier == "high" else timedelta(hours=7, minutes=5)
        assert signal.due - FRIDAY == due, f"HZ-39: at tier {tier} the response is due {signal.due}"
        told = {e["to"] for e in case.events("NoticeIssued") if e["notice"] == "signal"}
        assert told == {f"staff:{RECEIVER_SUPERVISOR}", f"staff:{DECISION_MAKER}"}, (
            f"HZ-39: only {told} are told at once"
        )
    house.tick(*cases.values(), until=FRIDAY + timedelta(minutes=61))
    expected = [
        (RECEIVER_SUPERVISOR, FRIDAY),
        (NIGHT_CLINICIAN, FRIDAY + timedelta(minutes=30)),
        (RECEIVER_LAST_RESORT, FRIDAY + timedelta(minutes=60)),
    ]
    for tier, case in cases.items():
        called = calls(case, "clinical-response")
        assert called == expected, f"HZ-39: out of hours, at tier {tier}, {called} were called"


def _by_day_only(work: Work, promise: Promise, rung: Rung) -> Resolved:
    return work.resolve(rung.tell)


@pytest.mark.hazard("HZ-39")
@pytest.mark.requirement("EWS-02", "ESC-03")
def test_hz_39_friday_evening_reaches_the_one_on_duty(house: Installation) -> None:
    friday_evening_reaches_the_one_on_duty(house)


@pytest.mark.control_off("HZ-39")
def test_hz_39_without_its_control(house: Installation) -> None:
    fails_without("HZ-39", friday_evening_reaches_the_one_on_duty, house, _by_day_only)


def the_same_signs_give_the_same_answer_on_every_shift(house: Installation) -> None:
    """HZ-40: three shifts, one outcome; an edition published later decides only the cases that begin after it."""
    shifts = ((9, LEAD), (20, RECEIVER_SUPERVISOR), (27, NIGHT_CLINICIAN))
    cases = [house.accepted() for _ in shifts]
    for case, (hour, actor) in zip(cases, shifts, strict=True):
        house.now = datetime(2026, 3, 3, tzinfo=UTC) + timedelta(hours=hour)
        case.contact(actor=actor, sleep="marked")
        assert case.state.find_owed("clinical-response") is None, f"HZ-40: one sign is a signal to {actor}"
        case.contact(actor=actor, ideation="active")
        assert case.state.find_owed("clinical-response") is not None, f"HZ-40: no signal on the shift of {actor}"
        case.step("respond", DECISION_MAKER, RESPONSE)
    first = cases[0].state.edition
    house.wait(hours=1)
    text = shipped()[PATHWAY].replace(
        "answer.check.ideation, is: [active, plan, intent]", "answer.check.ideation, is: intent"
    )
    assert publish_edition(house.desk, text, GOVERNANCE, "test", SECOND_GOVERNANCE).accepted
    old, new = cases[0], house.accepted()
    assert new.state.edition != first
    for case in (old, new):
        case.contact(ideation="active")
    assert old.state.find_owed("clinical-response") is not None, "HZ-40: a new edition rewrote a case under way"
    assert new.state.find_owed("clinical-response") is None, "HZ-40: a new case is not on the new edition"
    editions = {entry["edition"] for entry in entries_of(old.id)}
    assert editions == {first}, f"HZ-40: the entries of one case name the editions {editions}"


def _latest(envelope: Envelope, head: object, command: object) -> Any:
    return latest_edition(PATHWAY)


@pytest.mark.hazard("HZ-40")
@pytest.mark.requirement("EWS-06")
def test_hz_40_the_same_signs_give_the_same_answer_on_every_shift(house: Installation) -> None:
    the_same_signs_give_the_same_answer_on_every_shift(house)


@pytest.mark.control_off("HZ-40")
def test_hz_40_without_its_control(house: Installation) -> None:
    fails_without("HZ-40", the_same_signs_give_the_same_answer_on_every_shift, house, _latest)


def is_over(signs: dict[str, str]) -> bool:
    """The threshold of the shipped pathway, written down a second time."""
    if signs["ideation"] in ("active", "plan", "intent") or "marked" in (signs["own_signs"], signs["paranoia"]):
        return True
    lesser = ("sleep", "agitation", "substance", "medication", "conflict")
    return sum(signs[name] == "marked" for name in lesser) + (signs["ideation"] == "passive") >= 2


def some_signs(chance: random.Random) -> dict[str, str]:
    names = ("sleep", "agitation", "substance", "medication", "paranoia", "conflict", "own_signs")
    # Mostly quiet, so that both sides of the threshold and its very edge are seen often.
    signs = {name: chance.choices(MARKS, [12, 2, 2])[0] for name in names}
    return signs | {"ideation": chance.choices(IDEATION, [8, 5, 1, 1, 1])[0]}


def no_signal_is_saved_without_its_escalation(house: Installation) -> None:
    """HZ-41: of the checks generated none is over the threshold without an escalation in the same entry, and none below it with one."""
    chance = random.Random(41)
    seen = {True: 0, False: 0}
    while sum(seen.values()) < EXAMPLES:
        case = house.accepted()
        for _ in range(20):
            house.wait(minutes=5)
            signs = some_signs(chance)
            over = is_over(signs)
            seen[over] += 1
            number = case.contact(**signs).number
            events = next(entry for entry in reversed(entries_of(case.id)) if entry["number"] == number)["events"]
            opened = [e for e in events if e["event"] == "ObligationOpened" and e["kind"] == "clinical-response"]
            assert len(opened) == over, f"HZ-41: {len(opened)} escalations opened for {signs}"
            called = [e["told"] for e in events if e["event"] == "RungFired" and opened and e["id"] == opened[0]["id"]]
            assert called == [RECEIVER_SUPERVISOR] * over, f"HZ-41: {called} were called for {signs}"
            assert all(e["started_by"] == "risk-signal" for e in opened), "HZ-41: the escalation names no signal"
            if over:
                case.step("respond", DECISION_MAKER, RESPONSE)
    assert min(seen.values()) > EXAMPLES // 10, seen


@pytest.mark.hazard("HZ-41")
@pytest.mark.requirement("EWS-01", "EWS-02", "ESC-07")
def test_hz_41_no_signal_is_saved_without_its_escalation(house: Installation) -> None:
    no_signal_is_saved_without_its_escalation(house)


@pytest.mark.control_off("HZ-41")
def test_hz_41_without_its_control(house: Installation) -> None:
    fails_without("HZ-41", no_signal_is_saved_without_its_escalation, house, not_opening("clinical-response"))


def a_message_is_not_a_response(house: Installation) -> None:
    """HZ-42: delivered and acknowledged, but unanswered: the ladder goes on until somebody with authority answers."""
    case = house.accepted(**HIGH)
    case.contact(ideation="intent")
    for key in [e["key"] for e in case.events("NoticeIssued")]:
        ask = Ask("NoteSent", {"key": key, "channel": "email", "at": house.now.isoformat()})
        assert house.desk.handle(Envelope(case.id, ask, "system", "worker")).accepted
    assert case.promise("clinical-response").owed, "HZ-42: a delivered message closed the escalation"
    due = case.promise("clinical-response").due
    case.does("Acknowledge", RECEIVER_SUPERVISOR, promise=case.promise("clinical-response").id)
    assert case.promise("clinical-response").due == due, "HZ-42: an acknowledgement moved what is due"
    house.tick(case, until=house.now + timedelta(hours=4))
    assert case.promise("clinical-response").owed, "HZ-42: the escalation ended without a response"
    assert len(case.told("clinical-response")) >= 6, f"HZ-42: only {case.told('clinical-response')} were called"
    half = {"response.action": given("watch"), "response.detail": RawAnswer("blank")}
    assert case.refused("TakeStep", DECISION_MAKER, half, step="respond").code == "incomplete", "HZ-42: empty response"
    for actor in (LEAD, OUTSIDER):
        assert case.refused("TakeStep", actor, RESPONSE, step="respond").code == "not_yours", f"HZ-42: {actor} responds"
    case.step("respond", DECISION_MAKER, RESPONSE)
    assert not case.promise("clinical-response").owed, "HZ-42: the response did not close it"
    (answered,) = [e for e in case.events("StepTaken") if e["step"] == "respond"]
    assert {a["by"] for a in answered["answers"].values()} == {DECISION_MAKER}, "HZ-42: the response has no author"


def _delivered_is_answered(work: Work, command: Any) -> None:
    promise = work.state.promises.get(work.state.notices.get(command.key, ""))
    if promise is not None and promise.owed:
        meet(work, promise, work.now)


@pytest.mark.hazard("HZ-42")
@pytest.mark.requirement("EWS-03", "ESC-02")
def test_hz_42_a_message_is_not_a_response(house: Installation) -> None:
    a_message_is_not_a_response(house)


@pytest.mark.control_off("HZ-42")
def test_hz_42_without_its_control(house: Installation) -> None:
    fails_without("HZ-42", a_message_is_not_a_response, house, _delivered_is_answered)


def acuity_is_never_lost_on_the_way(house: Installation) -> None:
    """HZ-44: the tier crosses with the case; raised, every clock comes forward; lowered only by a clinician with a reason."""
    crossed = house.accepted(**HIGH)
    assert crossed.state.tier == "high", "HZ-44: the tier was lost when the case crossed"
    case = house.accepted()
    house.wait(hours=1)
    before = {p.id: p.due for p in case.state.owed()}
    case.does("RaiseTier", LEAD, texts={"reason": "She said goodbye twice."}, tier="high")
    after = {p.id: p.due for p in case.state.owed() if p.id in before}
    later = [id for id, due in after.items() if due > before[id]]
    assert not later, f"HZ-44: raising the tier put off {later}"
    sooner = {id.partition("#")[0] for id, due in after.items() if due < before[id]}
    tiered = {"first-contact", "reconciliation", "prescriber", "primary-care", "coverage", "person-told"}
    assert tiered <= sooner, f"HZ-44: only {sooner} came forward"
    for actor in (LEAD, RECEIVER_SUPERVISOR, RECEIVER_LAST_RESORT):
        code = case.refused("LowerTier", actor, None, {"reason": "Quieter now."}, tier="standard").code
        assert code == "without_authority", f"HZ-44: {actor} lowered the tier ({code})"
    none = case.refused("LowerTier", DECISION_MAKER, None, {"reason": " "}, tier="standard").code
    assert none == "reason_missing", "HZ-44: lowered without a reason"
    case.does("FillPacket", LEAD, {"risk.suicidal-ideation": given("none")})
    assert case.state.tier == "high", "HZ-44: a softer packet lowered the tier"
    case.does("LowerTier", DECISION_MAKER, texts={"reason": "Seen at home, plan agreed."}, tier="standard")
    last = case.events("TierSet")[-1]
    assert (last["by"], last["was"]) == (DECISION_MAKER, "high"), "HZ-44: the tier's history has no author"
    assert last["reason"], "HZ-44: the tier's history has no reason"


def _left_as_it_was(*arguments: Any, **more: Any) -> None:
    """A tier that changes nothing else."""


@pytest.mark.hazard("HZ-44")
@pytest.mark.requirement("MOD-06")
def test_hz_44_acuity_is_never_lost_on_the_way(house: Installation) -> None:
    acuity_is_never_lost_on_the_way(house)


@pytest.mark.control_off("HZ-44")
def test_hz_44_without_its_control(house: Installation) -> None:
    fails_without("HZ-44", acuity_is_never_lost_on_the_way, house, _left_as_it_was, "holdfast.core.tiers:retime")
