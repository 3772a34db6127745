"""A referral to a community service, to the first contact that was kept, through both doors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.installation import Installation
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts

FILE = "community-referral"
SPOKEN = {"contact.method": "visit", "contact.with": "person", "check.done": "done"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}


def ready(house: Installation, **more: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill(answers(run, **more))
    run.name_everybody()
    return run


def accepted(house: Installation, **more: Any) -> Run:
    run = ready(house, **more)
    run.step("speak-with-service", {"spoke.how": "together"})
    run.step("send")
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("EVT-03", "GAT-08", "AUD-02", "CLS-02", "TRK-07")
def test_from_the_referral_to_the_first_contact_that_was_kept(house: Installation) -> None:
    run = accepted(house, **{"need.urgency": "weeks"})
    assert run.shown()["tier"] == "standard"
    run.wait(hours=3)
    run.step("record-contact", SPOKEN)
    run.step("give-card", {"card.understood": "yes"})
    run.step("book-appointment", {"appointment.at": run.soon(hours=24)})
    assert run.shut("engaged") == {"first-kept"}, "a booking is not an arrival"
    run.wait(hours=25)
    run.step("record-attendance", {"attendance.outcome": "kept"})
    run.close("engaged")
    for validation in ("receipt-in-time", "not-passive", "contact-in-time", "arrived"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation
    assert run.notices("closure") == [run.who("sender.holder")]


@pytest.mark.requirement("GAT-06", "GAT-01", "OWN-05", "PER-03")
def test_it_is_not_sent_without_each_of_its_parts(house: Installation) -> None:
    check_parts(Run.open(house, FILE))


@pytest.mark.hazard("HZ-19")
@pytest.mark.requirement("MOD-03")
def test_a_number_handed_over_is_refused_above_low_acuity(house: Installation) -> None:
    run = ready(house, **{"need.urgency": "days"})
    run.step("speak-with-service", {"spoke.how": "number-given"})
    assert run.missing(run.step("send", status=409)) == {"not-passive"}
    run.step("speak-with-service", {"spoke.how": "walked"})
    run.step("send")
    low = ready(house, **{"need.urgency": "months", "housing.stable": "yes"})
    assert low.shown()["tier"] == "low"
    low.step("send")


@pytest.mark.requirement("TRK-08")
@pytest.mark.hazard("HZ-103")
def test_waiting_for_eligibility_is_owned_and_stops_no_clinical_clock(house: Installation) -> None:
    run = accepted(house, **{"need.urgency": "weeks"})
    before = run.owed("first-contact")["due"]
    run.step("wait-for-eligibility", {"eligibility.reason": "payer"})
    assert run.owed("eligibility")["owner"] == run.who("receiver.holder")
    assert run.owed("first-contact")["due"] == before
    run.past("first-contact")
    assert run.status("first-contact") == "breached" and run.told("first-contact")
    assert "eligibility-settled" in run.shut("engaged")
    run.past("eligibility")
    assert run.told("eligibility")[0] == run.who("receiver.holder")
    run.meet("eligibility", {"eligibility.result": "eligible"})
    assert "eligibility-settled" not in run.shut("engaged")


@pytest.mark.requirement("REC-03", "ESC-01", "AUD-02")
def test_a_service_that_never_answers_is_chased_to_the_last_resort(house: Installation) -> None:
    run = ready(house, **{"need.urgency": "days"})
    run.step("speak-with-service", {"spoke.how": "clinician"})
    run.step("send")
    run.past("receipt")
    assert run.verdict("receipt-in-time")["word"] == "failed"
    run.wait(hours=9)
    climbed = [run.who("receiver.intake"), run.who("sender.supervisor"), run.who("receiver.supervisor")]
    assert run.told("receipt")[:3] == climbed and run.told("receipt")[-1] == run.who("last-resort")


@pytest.mark.requirement("CON-04", "INF-04", "OWN-03")
def test_three_failed_attempts_give_it_back_and_wait_for_the_supervisor(house: Installation) -> None:
    run = accepted(house)
    for number in range(3):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
        if number == 1:
            refused = run.step("reach-alternate", status=409)
            assert run.missing(refused) == {"alternate-permitted"}, "nobody else without permission on record"
    assert run.state.holder == run.who("sender.holder")
    assert "attempts-signed-off" in run.shut("declined")
    run.step("decide-after-attempts", {"decision.grounds": ["none"]})
    assert "attempts-signed-off" not in run.shut("declined")


@pytest.mark.requirement("AUD-02")
def test_somebody_who_never_arrives_fails_the_validation(house: Installation) -> None:
    run = accepted(house)
    run.step("book-appointment", {"appointment.at": run.soon(hours=24)})
    run.wait(hours=25)
    run.step("record-attendance", {"attendance.outcome": "missed"})
    assert run.owes("fallback") and run.owes("rebook") and run.owes("missed-appointment")
    run.past("first-kept")
    verdict = run.verdict("arrived")
    assert verdict["word"] == "failed" and any("first-kept" in fact for fact in verdict["facts"])
