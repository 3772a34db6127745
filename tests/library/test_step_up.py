"""Step-up: thresholds counted, a clinician's decision, a whole huddle, a reserved slot, the first raised contact; through both doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.workers.capacity import Capacity
from tests.installation import Installation
from tests.library import handover
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts
from tests.library.setting import member

FILE = "step-up"
SPOKEN = {"contact.method": "visit", "contact.with": "person", "check.done": "done"}
QUIET = {
    "signs.missed": 1,
    "signs.function": "yes",
    "signs.risk": "no",
    "signs.medication-days": 6,
    "signs.housing-lost": "no",
}
WHOLE = {"huddle.present": ["clinician", "supervisor", "coordination"]}
TOLD = {"prepare.what": "yes", "prepare.way-back": "yes"}


def counted(house: Installation, **more: Any) -> Run:
    """A threshold was reached: two sessions missed and everyday life going worse."""
    run = Run.open(house, FILE)
    run.fill(answers(run, **{"count.crises": 0, **more}))
    run.name_everybody()
    run.step("count-signs", {**QUIET, "signs.missed": 2})
    return run


def booked(run: Run) -> dict[str, Any]:
    return {**WHOLE, "huddle.first-at": run.soon(hours=30), "huddle.second-at": run.soon(hours=100)}


def held(run: Run, hours: int = 30) -> str:
    """The team that gives more support holds one slot; its id."""
    at = (run.house.now + timedelta(hours=hours)).replace(minute=0, second=0)
    team = run.state.parties["receiver"]
    pool = run.of(member(team, "intake")).post(f"teams/{team}/slots/step-up", {"at": [at.isoformat()], "places": 1})
    return str(pool["slots"][-1]["id"])


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("STP-01", "STP-02", "STP-07", "GAT-08", "AUD-02")
def test_from_the_threshold_to_the_first_raised_contact(house: Installation) -> None:
    run = counted(house)
    run.step("decide", {"step-up.decision": "agreed"}, by=run.who("decision-maker"))
    run.step("hold-huddle", booked(run))
    run.step("book-slot", {"step-up.slot": held(run)})
    run.step("prepare-person", TOLD)
    run.step("send")
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    assert run.state.holder == run.who("receiver.holder")
    assert run.missing(run.close("engaged", status=409)) == {"raised-contact-made", "person-told"}
    run.wait(hours=2)
    run.step("record-contact", SPOKEN)
    assert run.case.promise("raised-contact").due == house.now + timedelta(hours=84), "twice a week from here on"
    run.step("give-card", {"card.understood": "yes"})
    run.close("engaged")
    for validation in ("decided-in-time", "huddle-whole", "raised-in-time", "told-before"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation


@pytest.mark.requirement("STP-01")
@pytest.mark.hazard("HZ-54")
@pytest.mark.parametrize(
    ("sign", "value"),
    [("signs.missed", 2), ("signs.risk", "yes"), ("signs.medication-days", 7), ("signs.housing-lost", "yes")],
)
def test_each_number_over_its_threshold_proposes_the_step_up(house: Installation, sign: str, value: object) -> None:
    run = Run.open(house, FILE)
    run.step("count-signs", QUIET)
    assert not run.marked("threshold-reached") and not run.owes("decision")
    run.step("count-signs", {**QUIET, sign: value})
    assert run.owes("decision")


@pytest.mark.requirement("STP-01", "ESC-01")
@pytest.mark.hazard("HZ-54")
def test_a_decision_nobody_takes_in_two_working_days_is_the_supervisors(house: Installation) -> None:
    run = counted(house)
    assert run.case.promise("decision").due == house.now + timedelta(days=2, hours=8), "at five, two working days on"
    run.past("decision")
    late = run.owed("supervisor-decides")
    assert late["owner"] == run.who("sender.supervisor")
    verdict = run.verdict("decided-in-time")
    assert verdict["word"] == "failed" and verdict["facts"]
    run.wait(hours=40)
    assert run.told("decision")[:2] == [run.who("decision-maker"), run.who("sender.supervisor")]
    assert run.told("decision")[-1] == run.who("last-resort")
    run.step("decide", {"step-up.decision": "refused"}, by=run.who("sender.supervisor"))
    assert not run.owes("decision") and not run.owes("supervisor-decides")
    assert run.verdict("decided-in-time")["word"] == "failed", "late stays late"


@pytest.mark.requirement("STP-01", "CLS-01")
def test_a_refusal_needs_its_reason_and_what_is_done_instead(house: Installation) -> None:
    run = counted(house)
    about = run.owed("decision")["id"]
    refused = run.of(run.who("decision-maker")).do(
        run.id, "TakeStep/decide", 422, about=about, answers={"step-up.decision": "refused"}
    )
    assert run.missing(refused) == {"step-up.reason", "step-up.instead"}
    run.step("decide", {"step-up.decision": "refused"})
    assert "step-up-agreed" in run.shut("send")
    run.step("give-card", {"card.understood": "yes"})
    run.close("redirected")
    assert run.state.endpoint == "redirected"


@pytest.mark.requirement("GAT-06", "GAT-01", "STP-02", "STP-07")
@pytest.mark.hazard("HZ-58")
def test_it_is_not_sent_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    check_parts(run)
    assert run.shut("send") == {"step-up-agreed", "huddle-held", "prepared"}
    run.step("count-signs", {**QUIET, "signs.risk": "yes"})
    run.step("decide", {"step-up.decision": "agreed"})
    run.step("hold-huddle", {**booked(run), "huddle.present": ["clinician", "supervisor"]})
    assert run.shut("send") == {"huddle-held", "prepared"}, "care coordination was not there"
    run.step("hold-huddle", booked(run))
    run.step("prepare-person", {"prepare.what": "yes", "prepare.way-back": "no"})
    assert run.missing(run.step("send", status=409)) == {"prepared"}
    run.step("prepare-person", TOLD)
    run.step("send")


@pytest.mark.requirement("STP-03")
@pytest.mark.hazard("HZ-55")
def test_waiting_for_a_slot_is_visible_and_climbs_to_operations(house: Installation) -> None:
    run = counted(house, **{"count.crises": 1})
    assert run.shown()["tier"] == "high"
    run.step("decide", {"step-up.decision": "agreed"})
    assert run.case.promise("slot").due == house.now + timedelta(hours=24)
    run.past("slot")
    run.wait(hours=50)
    assert run.told("slot")[:2] == [run.who("receiver.supervisor"), run.who("sender.supervisor")]
    assert run.told("slot")[-1] == run.who("last-resort")
    run.step("book-slot", {"step-up.slot": held(run)})
    assert run.status("slot") == "met-late"


@pytest.mark.requirement("STP-03")
@pytest.mark.hazard("HZ-55")
def test_two_cannot_book_one_slot_and_a_free_one_is_offered_to_whoever_waits(house: Installation) -> None:
    run, other = counted(house), counted(house)
    for one in (run, other):
        one.step("decide", {"step-up.decision": "agreed"})
    slot = held(run)
    run.step("book-slot", {"step-up.slot": slot})
    assert other.step("book-slot", {"step-up.slot": slot}, status=409)["code"] == "slot_taken"
    other.step("wait-for-slot")
    held(other, hours=40)
    Capacity(house.desk).step(house.now)
    assert other.marked("slot-offered") and other.owed("slot-answer")["owner"] == other.who("sender.holder")


@pytest.mark.requirement("STP-08")
@pytest.mark.hazard("HZ-57")
def test_the_third_cycle_in_half_a_year_calls_a_review_of_the_plan(house: Installation) -> None:
    first = Run.open(house, FILE)
    first.close("escalated")
    second = Run.open(house, FILE, person=first.state.subject)
    assert not second.owes("cycle-review")
    second.close("escalated")
    third = Run.open(house, FILE, person=first.state.subject)
    assert third.owed("cycle-review")["owner"] == third.who("sender.supervisor")


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("CON-01", "REC-10")
def test_a_contact_by_the_old_team_is_not_the_first_contact_of_the_new_one(house: Installation) -> None:
    run = counted(house)
    run.step("decide", {"step-up.decision": "agreed"}, by=run.who("decision-maker"))
    run.step("hold-huddle", booked(run))
    run.step("prepare-person", TOLD)
    run.step("send")
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    handover.check_sender_contact(run, "raised-contact-made", "raised-in-time")


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("TRK-06")
@pytest.mark.hazard("HZ-30")
def test_what_makes_care_hard_to_reach_is_owed_an_answer_once_it_was_sent(house: Installation) -> None:
    run = counted(house, **{"access.needs": ["transport", "interpreter"]})
    run.step("decide", {"step-up.decision": "agreed"}, by=run.who("decision-maker"))
    run.step("hold-huddle", booked(run))
    run.step("prepare-person", TOLD)
    assert not run.owes("access-arranged")
    run.step("send")
    assert run.owed("access-arranged")["owner"] == run.state.holder
    run.meet("access-arranged", {"access.arranged": "A taxi at nine; the interpreter is booked."})
    assert not run.owes("access-arranged")


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("STP-03")
def test_an_offer_that_nobody_answers_stays_owed_until_a_person_says_why(house: Installation) -> None:
    run = counted(house)
    run.step("decide", {"step-up.decision": "agreed"})
    run.step("wait-for-slot")
    held(run, hours=40)
    Capacity(house.desk).step(house.now)
    run.past("slot-answer")
    run.wait(hours=3)
    Capacity(house.desk).step(house.now)
    assert run.marked("slot-lapsed")
    assert run.owes("slot-answer"), "silence has settled it"
    run.meet("slot-answer", {"slot.declined": "not-reached"})
    assert not run.owes("slot-answer")


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("REC-04")
def test_a_team_that_said_no_and_accepts_after_all_leaves_nothing_owed_to_another(house: Installation) -> None:
    run = counted(house)
    run.step("decide", {"step-up.decision": "agreed"}, by=run.who("decision-maker"))
    run.step("hold-huddle", booked(run))
    run.step("prepare-person", TOLD)
    run.step("send")
    run.step("decline", {"decline.reason": "capacity", "decline.detail": "Full until Monday."})
    assert run.owes("another-receiver")
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    assert not run.owes("another-receiver"), "it would climb to the last resort for as long as the case is open"
