"""Discharge to the community, driven from its data through both doors."""

from __future__ import annotations

import pytest

from tests.installation import Installation
from tests.library.driver import Run

FILE = "discharge-to-community"


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("GAT-08", "AUD-02", "CLS-01")
def test_from_opening_to_engaged(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill()
    run.name_everybody()
    run.step("send")
    run.step("confirm-receipt", by=run.who("receiver.intake"))
    house.wait(hours=2)
    spoken = {"contact.method": "phone", "contact.with": "person", "check.done": "done"}
    run.step("record-contact", {**spoken, "check.ideation": "none"})
    run.step("give-card", {"card.understood": "yes"})
    run.step("book-appointment", {"appointment.at": run.soon(hours=4)})
    house.wait(hours=5)
    assert run.shut("engaged") == {"appointment-kept", "ongoing-care"}
    run.step("record-attendance", {"attendance.outcome": "kept"})
    run.step("accept-ongoing-care")
    run.meet("reconciliation")
    run.close("engaged")
    assert run.verdict("receipt-in-time")["word"] == "passed"
    assert run.verdict("medication-compared")["word"] == "passed"
    assert run.state.endpoint == "engaged"


@pytest.mark.requirement("ESC-01")
def test_a_receipt_that_never_comes_reaches_the_last_resort(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill({"risk.suicidal-ideation": "plan"})
    run.name_everybody()
    run.step("send")
    run.past("receipt")
    run.wait(hours=48)
    assert run.told("receipt")[:3] == [
        run.who("receiver.intake"),
        run.who("sender.supervisor"),
        run.who("receiver.supervisor"),
    ]
    assert run.told("receipt")[-1] == run.who("last-resort")
    run.step("confirm-receipt", by=run.who("receiver.intake"))
    assert run.status("receipt") == "met-late" and run.verdict("receipt-in-time")["word"] == "passed"


def accepted(house: Installation, **given: str) -> Run:
    run = Run.open(house, FILE)
    run.fill(given)
    run.name_everybody()
    run.step("send")
    run.step("confirm-receipt", by=run.who("receiver.intake"))
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("SAF-01")
def test_a_safeguarding_concern_in_the_packet_is_followed_to_its_outcome(house: Installation) -> None:
    run = accepted(house, **{"safeguarding.concern": "adult"})
    run.step("give-card", {"card.understood": "yes"})
    assert run.shut("declined") == run.shut("escalated") == {"safeguarding-settled"}
    run.step("refer-safeguarding")
    assert (
        run.status("safeguarding-referral") == "met" and run.owed("safeguarding-outcome")["owner"] == run.state.holder
    )
    run.past("safeguarding-outcome")
    assert run.told("safeguarding-outcome")[0] == run.state.holder
    assert run.shut("declined") == {"safeguarding-settled"}, "a referral is not an outcome"
    run.step("settle-safeguarding")
    run.step("raise-safeguarding", by=run.who("sender.holder"))
    assert run.shut("declined") == {"safeguarding-settled"}, "raised on the way as well"
    run.step("refer-safeguarding")
    run.step("settle-safeguarding")
    run.close("declined")


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("INF-01", "INF-02")
def test_consent_that_is_taken_back_stops_the_sharing_and_no_signature_stands_in_for_it(house: Installation) -> None:
    run = accepted(house)
    assert run.shown()["sharing"]["allowed"] is True
    run.step("withdraw-consent", by=run.who("receiver.holder"))
    assert run.shown()["sharing"]["allowed"] is False
    run.step("consent-again")
    assert run.shown()["sharing"]["allowed"] is True
    refused = Run.open(house, FILE)
    refused.fill({"consent.sharing": "refused"})
    refused.name_everybody()
    assert refused.missing(refused.step("send", status=409)) == {"consent-recorded", "consent-not-refused"}
    refused.step("share-without-consent", {"sharing.reason": "risk-to-life"})
    refused.step("send")
    refused.meet("sharing-review", {"sharing.decision": "agreed"}, by=refused.who("sender.supervisor"))


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("ESC-08")
def test_anybody_may_ask_for_a_senior_review_and_it_is_answered(house: Installation) -> None:
    run = accepted(house)
    run.step("ask-senior-review", {"review.about": "medication"}, by=run.who("sender.holder"))
    review = run.owed("senior-review")
    assert review["owner"] == run.who("decision-maker") and review["due"]
    run.past("senior-review")
    assert run.told("senior-review")[0] == run.who("receiver.duty-clinician"), "who decides is not there in the evening"
    run.step("answer-senior-review")
    assert run.status("senior-review") == "met-late" and run.who("receiver.holder") in run.notices("response")
