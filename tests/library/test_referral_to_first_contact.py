"""From a referral to the first contacts; the triage coordinator answers until a coordinator is named. Through both doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts
from tests.library.setting import last_resort

FILE = "referral-to-first-contact"
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}


def sent(house: Installation, **more: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill(answers(run, **more))
    run.name_everybody()
    run.step("send")
    return run


def accepted(house: Installation, **more: Any) -> Run:
    run = sent(house, **more)
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)}, by=run.who("receiver.intake"))
    return run


def spoken(run: Run, **more: Any) -> dict[str, Any]:
    return {
        "contact.method": "phone",
        "contact.with": "person",
        "check.done": "done",
        "next.contact-at": run.soon(days=3),
        **more,
    }


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("CON-05", "CON-10", "GAT-08", "AUD-02")
@pytest.mark.hazard("HZ-21", "HZ-22")
def test_from_acceptance_to_two_booked_contacts_and_a_named_coordinator(house: Installation) -> None:
    run = accepted(house)
    assert run.state.holder == run.who("receiver.triage"), "the triage coordinator answers first"
    run.step("book-two-contacts", {"contacts.first-at": run.soon(hours=4), "contacts.second-at": run.soon(days=4)})
    run.step("name-coordinator")
    assert run.state.holder == run.who("receiver.holder") != run.who("receiver.triage")
    run.wait(hours=4)
    run.step("record-contact", spoken(run))
    due = run.case.promise("next-contact").due
    assert due == house.now + timedelta(days=3), "the next contact exists before this one is over"
    assert run.shut("engaged") == {"baseline-done", "person-told"}
    run.step("baseline-screen")
    run.step("give-card", {"card.understood": "yes"})
    run.close("engaged")
    for validation in ("coordinator-in-time", "contact-in-time", "reached-in-seven-days", "two-contacts-booked"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation
    assert run.verdict("cause-on-record")["word"] == "not-applicable"


@pytest.mark.requirement("GAT-06", "GAT-01", "OWN-05", "PER-03")
def test_it_is_not_sent_without_each_of_its_parts(house: Installation) -> None:
    check_parts(Run.open(house, FILE))


@pytest.mark.requirement("CON-05", "GAT-01")
def test_it_does_not_close_without_coordinator_screen_contacts_and_card(house: Installation) -> None:
    run = accepted(house)
    missing = run.missing(run.close("engaged", status=409))
    assert missing == {"coordinator-named", "baseline-done", "two-booked", "first-contact-made", "person-told"}


@pytest.mark.requirement("CAD-02", "CON-05", "ESC-07")
@pytest.mark.hazard("HZ-23")
def test_a_first_call_that_fails_starts_the_same_day_protocol(house: Installation) -> None:
    run = accepted(house)
    run.wait(hours=1)
    run.step("record-contact", NOBODY)
    assert run.owes("same-day-try") and run.case.promise("two-more-tries").due == house.now + timedelta(hours=24)
    run.wait(hours=3)
    run.step("record-contact", NOBODY)
    assert run.status("same-day-try") == "met" and run.owes("two-more-tries")
    run.wait(hours=1)
    run.step("record-contact", NOBODY)
    assert not run.owes("decide-after-attempts"), "an hour after the last is not another try"
    run.wait(hours=3)
    run.step("record-contact", NOBODY)
    assert run.status("two-more-tries") == "met"
    assert run.owed("decide-after-attempts")["owner"] == run.who("receiver.supervisor")
    assert "attempts-signed-off" in run.missing(run.close("declined", status=409))
    run.step("decide-after-attempts", {"decision.grounds": ["none"]})
    assert "attempts-signed-off" not in run.shut("declined")


@pytest.mark.requirement("CON-06", "AUD-02")
def test_nobody_reached_in_seven_days_is_an_exception_with_a_root_cause(house: Installation) -> None:
    run = accepted(house)
    run.past("seven-days")
    cause = run.owed("root-cause")
    assert cause["owner"] == run.who("receiver.supervisor")
    for validation in ("reached-in-seven-days", "contact-in-time", "coordinator-in-time"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "failed" and verdict["facts"], validation
    assert run.verdict("cause-on-record")["word"] == "awaited"
    run.step("find-root-cause", {"cause.kind": "wrong-details"})
    assert run.verdict("cause-on-record")["word"] == "passed"
    assert "root-cause-found" not in run.shut("engaged")


@pytest.mark.requirement("CON-10", "ESC-01")
def test_nobody_named_in_time_is_told_to_triage_then_upwards(house: Installation) -> None:
    run = accepted(house, **{"risk.suicidal-ideation": "active"})
    run.past("named-coordinator")
    assert run.case.promise("named-coordinator").due == house.now - timedelta(minutes=1)
    run.wait(hours=20)
    assert run.told("named-coordinator")[:3] == [
        run.who("receiver.triage"),
        run.who("receiver.supervisor"),
        run.who("sender.supervisor"),
    ]
    assert run.told("named-coordinator")[-1] == last_resort(run.state.parties["receiver"])


@pytest.mark.requirement("EWS-03", "BEY-26", "EWS-05")
def test_a_baseline_screen_with_a_plan_is_a_signal_that_must_be_answered(house: Installation) -> None:
    run = accepted(house)
    run.step("name-coordinator")
    run.step("record-contact", spoken(run))
    run.step("baseline-screen", {"screen.thoughts": "yes", "screen.plan": "yes"})
    signal = run.owed("clinical-response")
    assert signal["owner"] == run.who("decision-maker")
    assert "signals-answered" in run.shut("engaged")
    assert run.verdict("response-seen")["word"] in ("awaited", "failed")
    run.step("respond")
    assert run.verdict("response-seen")["word"] == "passed"
