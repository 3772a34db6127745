"""Hazards of a change of intensity: too late, no room for it, too fast, no way back, unprepared, half designed, over stressors."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.core.pathway import Step
from holdfast.workers.capacity import Capacity
from tests.hazards.control import fails_without, nothing, open_gate
from tests.hazards.episodes import (
    QUIET,
    SEEN,
    STEP_DOWN,
    STEP_UP,
    TOLD,
    agreed,
    ready,
    stepping_down,
    tapering,
    to_be_told,
)
from tests.hazards.journeys import asked, asked_to_close, at
from tests.installation import Installation
from tests.library.driver import Run
from tests.library.setting import last_resort, member

#: Sessions missed, everyday life worse, risk rising, days without medication, home lost: every fourth of all these.
PATTERNS = list(itertools.product((0, 1, 2, 5), ("no", "yes"), ("no", "yes"), (0, 6, 7, 30), ("no", "yes")))[1::4]


def a_threshold_makes_somebody_decide(network: Installation) -> None:
    """HZ-54: whichever numbers are counted, those over a threshold start the clocks of decision and huddle by themselves."""
    run = ready(network, STEP_UP)
    for pattern in PATTERNS:
        missed, worse, rising, days, lost = pattern
        over = (missed >= 2 and worse == "yes") or "yes" in (rising, lost) or days >= 7
        run.step("count-signs", dict(zip(QUIET, pattern, strict=True)))
        assert run.owes("decision") == over, f"HZ-54: after {pattern} a decision is {'not ' * over}owed"
        if over:
            owed = run.case.promise("decision")
            assert owed.due <= network.now + timedelta(days=2, hours=8), f"HZ-54: decided only by {owed.due}"
            run.step("decide", {"step-up.decision": "refused"}, by=run.who("decision-maker"))
    run.step("count-signs", dict(zip(QUIET, PATTERNS[-1], strict=True)))
    run.past("decision")
    assert run.owes("supervisor-decides"), "HZ-54: a decision that nobody takes is nobody's"
    run.step("decide", {"step-up.decision": "agreed"}, by=run.who("sender.supervisor"))
    assert run.owes("huddle"), "HZ-54: agreed, and nobody calls the huddle"
    assert run.case.promise("huddle").due <= network.now + timedelta(days=3), "HZ-54: the huddle has more than its time"
    run.past("huddle")
    run.wait(hours=3)
    assert run.told("huddle") == [run.who("sender.holder"), run.who("sender.supervisor")], "HZ-54: no huddle, no word"


@pytest.mark.hazard("HZ-54")
@pytest.mark.requirement("STP-01", "STP-02")
def test_hz_54_a_threshold_makes_somebody_decide(network: Installation) -> None:
    a_threshold_makes_somebody_decide(network)


def _counted_only(step: Step) -> Step:
    """Numbers that are written down and compared with nothing."""
    return replace(step, emits=())


@pytest.mark.control_off("HZ-54")
def test_hz_54_without_its_control(network: Installation) -> None:
    fails_without("HZ-54", a_threshold_makes_somebody_decide, network, _counted_only)


def _hold_slot(run: Run, hours: int) -> None:
    """The team of the higher intensity holds a slot in so many hours."""
    team = run.state.parties["receiver"]
    when = (run.house.now + timedelta(hours=hours)).replace(minute=0, second=0)
    run.of(member(team, "intake")).post(f"teams/{team}/slots/step-up", {"at": [when.isoformat()], "places": 1})


def waiting_is_visible_and_climbs(network: Installation) -> None:
    """HZ-55: with no slot free each request waits in a line that can be seen, by risk, and climbs until it has one."""
    first = agreed(network)
    network.wait(minutes=10)
    second = agreed(network)
    network.wait(minutes=10)
    urgent = agreed(network, **{"count.crises": 1})
    for run in (first, second, urgent):
        run.step("wait-for-slot")
        network.wait(minutes=5)
        assert run.owes("slot"), "HZ-55: nobody owes a slot"
    team = first.state.parties["receiver"]
    shown = first.of(member(team, "supervisor")).get(f"teams/{team}/slots/step-up")
    assert (shown["waiting"], shown["slots"]) == (3, []), f"HZ-55: the line is not seen: {shown}"
    supervisor = first.who("receiver.supervisor")
    urgent.past("slot")
    assert urgent.told("slot") == [supervisor], "HZ-55: operations are not told"
    urgent.wait(hours=50)
    climbed = urgent.told("slot")
    assert climbed[1] == urgent.who("sender.supervisor"), f"HZ-55: it climbed to {climbed}"
    assert climbed[-1] == urgent.who("last-resort"), f"HZ-55: it climbed to {climbed}"
    for hour, run in enumerate((urgent, first, second), 30):
        _hold_slot(run, hour)
        Capacity(network.desk).step(network.now)
        assert run.marked("slot-offered"), "HZ-55: the free slot went to somebody who was not first in line"
        offered = list(run.state.proposed.values())
        run.step("book-slot", {"step-up.slot": offered[0]})
        assert not run.owes("slot")


@pytest.mark.hazard("HZ-55")
@pytest.mark.requirement("STP-03")
def test_hz_55_waiting_is_visible_and_climbs(network: Installation) -> None:
    waiting_is_visible_and_climbs(network)


@pytest.mark.control_off("HZ-55")
def test_hz_55_without_its_control(network: Installation) -> None:
    fails_without("HZ-55", waiting_is_visible_and_climbs, network, nothing)


def contact_is_not_cut_in_one_go(network: Installation) -> None:
    """HZ-56: no taper without stability and somebody who watches; a step left out needs a reason and a second look."""
    run = ready(network, STEP_DOWN)
    run.step("prepare-person", TOLD)
    for part in ("symptoms", "function", "adherence", "safety-plan"):
        run.fill_only({f"stable.{part}": "not-met"})
        assert "stable" in run.shut("send"), f"HZ-56: {part} is not stable, and contact is cut"
        run.fill_only({f"stable.{part}": "met"})
    run = stepping_down(network)
    for frequency in ("two-weekly", "monthly"):
        run.step("look-before-step")
        bare = {"taper.frequency": frequency, "taper.told": "yes"}
        refused = run.of(run.who("receiver.holder")).do(run.id, "TakeStep/take-taper-step", 0, answers=bare)
        assert run.missing(refused) == {"taper.why-faster"}, "HZ-56: a step is left out without a reason"
    run.step("take-taper-step", {"taper.frequency": "monthly"})
    assert run.owes("step-left-out"), "HZ-56: a step of the taper is left out, and nobody looks at it"
    owed = run.owed("step-left-out")
    assert owed["owner"] == run.who("receiver.supervisor"), "HZ-56: not a second person looks at it"
    assert run.who("monitor") in run.notices("news"), "HZ-56: whoever watches the taper does not hear of it"
    assert "left-out-agreed" in run.shut("engaged"), "HZ-56: it ends as a success all the same"
    run.past("step-left-out")
    run.wait(hours=49)
    assert run.told("step-left-out")[-1] == last_resort(run.state.parties["receiver"]), "HZ-56: it does not climb"
    run.meet("step-left-out")
    run = tapering(network)
    for frequency, days in (("weekly", 7), ("two-weekly", 14), ("monthly", 28)):
        if frequency != "weekly":
            run.step("look-before-step")
            run.step("take-taper-step", {"taper.frequency": frequency})
        kind = {"monthly": "four-weekly"}.get(frequency, frequency) + "-contact"
        assert run.case.promise(kind).due == network.now + timedelta(days=days), f"HZ-56: no clock for {kind}"
    run.step("record-contact", {**SEEN, "check.own-signs": "marked"})
    assert run.owes("clinical-response"), "HZ-56: an early sign is only noted"
    run.step("fast-track-back", by=run.who("monitor"))
    assert run.state.holder == run.who("sender.holder"), "HZ-56: the fast track leads nowhere"


@pytest.mark.hazard("HZ-56")
@pytest.mark.requirement("STP-04", "STP-05")
def test_hz_56_contact_is_not_cut_in_one_go(network: Installation) -> None:
    contact_is_not_cut_in_one_go(network)


@pytest.mark.control_off("HZ-56")
def test_hz_56_without_its_control(network: Installation) -> None:
    fails_without("HZ-56", contact_is_not_cut_in_one_go, network, nothing)


def _cases(run: Run) -> list[str]:
    """What the old team has to do with, by id."""
    return sorted(case["case"] for case in run.of(run.who("sender.holder")).get("cases")["cases"])


def the_way_back_is_open_and_cycles_are_counted(network: Installation) -> None:
    """HZ-57: ten days on, the old team takes the person back with the old packet; the third cycle calls a review."""
    run = tapering(network)
    person, packet, version = run.state.subject, dict(run.state.packet), run.state.packet_version
    cases = _cases(run)
    run.wait(days=6)
    run.step("record-contact", SEEN)
    run.wait(days=4)
    run.step("fast-track-back", by=run.who("receiver.holder"))
    assert run.state.holder == run.who("sender.holder"), "HZ-57: nobody holds the person on the way back"
    assert (dict(run.state.packet), run.state.packet_version) == (packet, version), "HZ-57: told again from zero"
    assert _cases(run) == cases, "HZ-57: a new intake"
    assert run.owes("take-back"), "HZ-57: nobody owes the way back"
    assert run.case.promise("take-back").due == network.now + timedelta(hours=24), "HZ-57: no clock on the way back"
    run.step("take-back", {"back.contact-at": run.soon(hours=20)})
    run.close("escalated", {"escalated.to": "step-up"})
    again = Run.open(network, STEP_DOWN, person=person)
    assert again.state.packet, "HZ-57: what is known does not come along"
    assert not again.owes("cycle-review"), "HZ-57: the second cycle is no third"
    again.close("escalated")
    third = Run.open(network, STEP_DOWN, person=person)
    assert third.owes("cycle-review"), "HZ-57: the third cycle in half a year goes by unseen"
    assert third.owed("cycle-review")["owner"] == third.who("sender.supervisor"), "HZ-57: nobody reviews the plan"
    third.past("cycle-review")
    third.wait(hours=49)
    assert third.told("cycle-review")[-1] == third.who("last-resort"), "HZ-57: a review that does not come is forgotten"


@pytest.mark.hazard("HZ-57")
@pytest.mark.requirement("STP-05", "STP-08")
def test_hz_57_the_way_back_is_open_and_cycles_are_counted(network: Installation) -> None:
    the_way_back_is_open_and_cycles_are_counted(network)


@pytest.mark.control_off("HZ-57")
def test_hz_57_without_its_control(network: Installation) -> None:
    fails_without("HZ-57", the_way_back_is_open_and_cycles_are_counted, network, nothing)


def the_person_is_told_before_the_change(network: Installation) -> None:
    """HZ-58: no change of intensity before the person was told what, why and the way back, unless a supervisor signs for it."""
    for pathway in (STEP_UP, STEP_DOWN):
        for told in ({}, {"prepare.what": "no"}, {"prepare.way-back": "no"}):
            run = to_be_told(network, pathway)
            if told:
                run.step("prepare-person", {**TOLD, **told})
            refused = asked(run, "send")
            assert refused and run.missing(refused) == {"prepared"}, (
                f"HZ-58: {pathway} begins, told: {told or 'nothing'}"
            )
        at_once = asked(run, "send", override="No time to talk.")
        assert at_once and "prepared" in run.missing(at_once), "HZ-58: the holder alone passes the talk over"
        run.of(run.state.holder).do(run.id, "AskOverride/send", reason="In hospital, cannot be spoken to.")
        assert asked(run, "send"), "HZ-58: asking for approval is taken for approval"
        run.meet("override-sign-off", {"sign-off.decision": "agreed"}, by=run.who("sender.supervisor"))
        assert asked(run, "send") is None
        assert run.verdict("told-before")["word"] == "failed", "HZ-58: the record says that the person was told"
        run = to_be_told(network, pathway)
        run.step("prepare-person", TOLD)
        assert asked(run, "send") is None


@pytest.mark.hazard("HZ-58")
@pytest.mark.requirement("STP-07")
def test_hz_58_the_person_is_told_before_the_change(network: Installation) -> None:
    the_person_is_told_before_the_change(network)


@pytest.mark.control_off("HZ-58")
def test_hz_58_without_its_control(network: Installation) -> None:
    fails_without("HZ-58", the_person_is_told_before_the_change, network, open_gate)


def an_unresolved_stressor_holds_the_step(network: Installation) -> None:
    """HZ-102: each step of the taper waits for a look at stressors, side effects and routines; none open is passed over."""
    run = stepping_down(network)
    holder, topics = run.who("receiver.holder"), ("stressors", "side-effects", "routines")
    for frequency in ("weekly", "two-weekly", "monthly"):
        for topic in topics:
            refused = asked(run, "take-taper-step", {"taper.frequency": frequency})
            assert refused and run.missing(refused) == {"looked-before"}, (
                f"HZ-102: {frequency} over {topic} not looked at"
            )
            run.step("look-before-step", {f"look.{topic}": "open"})
            assert "looked-before" in run.shut("take-taper-step"), f"HZ-102: {topic} is open and holds nothing"
            assert run.owes("held-step"), f"HZ-102: nobody owes what is open: {topic}"
        found = dict.fromkeys((f"look.{topic}" for topic in topics), "settled") | {f"look.{topics[-1]}": "accepted"}
        bare = run.of(holder).do(run.id, "TakeStep/look-before-step", 422, answers=found)
        assert run.missing(bare) == {"look.why-accepted"}, "HZ-102: accepted without a reason"
        run.step("look-before-step", found)
        assert not run.owes("held-step")
        run.step("take-taper-step", {"taper.frequency": frequency})
    kept = [event for event in run.case.events("StepTaken") if event["step"] == "look-before-step"]
    assert len(kept) == 12, "HZ-102: an answer is not on record"
    reasons = [event["answers"].get("look.why-accepted", {}).get("how") for event in kept]
    assert reasons.count("given") == 3, "HZ-102: a reason is not on record"
    refused = asked_to_close(stepping_down(network), "engaged")
    assert refused and "taper-complete" in run.missing(refused), "HZ-102: it ends without a taper"
    held = stepping_down(network)
    held.step("look-before-step", {"look.stressors": "open"})
    held.until(at(held.owed("held-step")["due"]) + timedelta(hours=50))
    assert held.told("held-step")[-1] == last_resort(held.state.parties["receiver"]), "HZ-102: a held step is forgotten"


@pytest.mark.hazard("HZ-102")
@pytest.mark.requirement("STP-09")
def test_hz_102_an_unresolved_stressor_holds_the_step(network: Installation) -> None:
    an_unresolved_stressor_holds_the_step(network)


@pytest.mark.control_off("HZ-102")
def test_hz_102_without_its_control(network: Installation) -> None:
    fails_without("HZ-102", an_unresolved_stressor_holds_the_step, network, open_gate)
