"""A safeguarding concern from the first word to the outcome, with the person's wishes in the plan; through both doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts

FILE = "safeguarding-concern"


def ready(house: Installation, **more: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill(answers(run, **more))
    run.name_everybody()
    return run


def received(house: Installation, **more: Any) -> Run:
    run = ready(house, **more)
    run.step("send")
    run.step("receive", {"receipt.decision-by": run.soon(hours=48)})
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("SAF-01", "GAT-08", "AUD-02", "ESC-02")
@pytest.mark.hazard("HZ-46")
def test_from_the_concern_to_an_outcome_that_follows_the_persons_wishes(house: Installation) -> None:
    run = received(house)
    assert run.state.holder == run.who("sender.holder"), "it stays with those who see the person"
    run.step("decide-enquiry", {"enquiry.outcome-by": run.soon(days=5)})
    run.step("add-action", {"action.by": run.soon(hours=20)})
    assert run.missing(run.close("engaged", status=409)) == {"outcome-known", "actions-done", "plan-follows-wishes"}
    run.step("record-outcome")
    run.step("end-action")
    assert run.missing(run.close("engaged", status=409)) == {"plan-follows-wishes"}
    run.step("follow-wishes")
    run.close("engaged")
    for validation in ("referred-in-time", "received", "outcome-on-record", "wishes-shape-the-plan"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation


@pytest.mark.requirement("GAT-06", "GAT-01", "SAF-01")
def test_it_is_not_referred_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    check_parts(run)
    run.fill_only({"wishes.said": None})
    assert {"wishes-recorded", "wishes.said"} <= run.missing(run.step("send", status=409))
    run.fill({"wishes.asked": "cannot"})
    assert run.shut("send") == set(), "why they could not be asked is an answer"


@pytest.mark.requirement("SAF-01", "ESC-01", "AUD-02")
@pytest.mark.hazard("HZ-46")
def test_a_referral_without_an_outcome_stays_open_and_climbs(house: Installation) -> None:
    run = received(house, **{"concern.danger-now": "yes"})
    assert run.shown()["tier"] == "high"
    run.past("outcome")
    verdict = run.verdict("outcome-on-record")
    assert verdict["word"] == "failed" and verdict["facts"]
    run.wait(hours=60)
    assert run.told("outcome")[:2] == [run.who("sender.holder"), run.who("sender.supervisor")]
    assert run.told("outcome")[-1] == run.who("last-resort")
    assert run.owes("chase-outcome")
    for endpoint in ("engaged", "redirected"):
        assert run.close(endpoint, status=409)["code"] == "gate_shut"


@pytest.mark.requirement("REC-03", "AUD-02")
def test_a_service_that_does_not_confirm_is_chased(house: Installation) -> None:
    run = ready(house, **{"safeguarding.concern": "child"})
    assert run.case.promise("packet").due == house.now + timedelta(hours=4)
    run.step("send")
    run.past("receipt")
    assert run.verdict("received")["word"] == "failed"
    run.wait(hours=9)
    climbed = [run.who("receiver.intake"), run.who("sender.supervisor"), run.who("receiver.supervisor")]
    assert run.told("receipt")[:3] == climbed


@pytest.mark.requirement("SAF-01")
def test_a_concern_nobody_refers_fails_the_validation(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.past("packet")
    assert run.verdict("referred-in-time")["word"] == "failed"
    assert run.told("packet") == [run.who("sender.holder")]


@pytest.mark.requirement("INF-02", "INF-01")
def test_sharing_without_consent_needs_a_ground_and_a_second_person(house: Installation) -> None:
    run = ready(house, **{"consent.sharing": "refused"})
    assert run.missing(run.step("send", status=409)) == {"consent-recorded"}
    assert run.shown()["sharing"]["allowed"] is False
    bare = run.of(run.state.holder).do(run.id, "TakeStep/share-without-consent", 422, answers={})
    assert run.missing(bare) == {"sharing.reason", "sharing.why", "sharing.what"}
    run.step("share-without-consent", {"sharing.reason": "safeguarding"})
    assert run.shown()["sharing"]["allowed"] is True
    run.step("send")
    assert run.case.promise("sharing-review").due == house.now + timedelta(days=2, hours=8), (
        "at five, two working days on"
    )
    run.meet("sharing-review", {"sharing.decision": "agreed"}, by=run.who("sender.supervisor"))
    run.step("withdraw-consent")
    assert run.shown()["sharing"]["allowed"] is False


@pytest.mark.requirement("EWS-05")
def test_somebody_who_feels_less_safe_is_a_signal(house: Installation) -> None:
    run = received(house)
    run.step("follow-wishes", {"wishes.safer": "less"})
    assert run.owed("clinical-response")["owner"] == run.who("decision-maker")
