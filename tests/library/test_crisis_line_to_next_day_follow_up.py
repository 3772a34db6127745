"""From the crisis line to follow-up on the next day, through both doors."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from holdfast.pathways.library import shipped
from tests.installation import Installation
from tests.library.answering import BLANK
from tests.library.contacts import CALM, KEPT, MISSED, NOBODY, SPOKEN, TOLD
from tests.library.driver import Run
from tests.library.setting import publish

FILE = "crisis-line-to-next-day-follow-up"
MOBILE = {"handoff.endpoint": ["response"]}
ALL = {"handoff.endpoint": ["follow-up", "safety-plan"]}


def opened(house: Installation, **packet: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill({**CALM, **ALL, "call.at": house.now.isoformat(), "touchpoint.by": run.soon(hours=24), **packet})
    run.name_everybody()
    return run


def accepted(house: Installation, **packet: Any) -> Run:
    run = opened(house, **packet)
    run.step("send")
    run.step("accept", by=run.who("receiver.intake"))
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("CON-08", "PKT-03", "GAT-08", "AUD-02", "CLS-02", "CLS-03")
def test_from_the_call_to_a_kept_appointment(house: Installation) -> None:
    run = accepted(house)
    due = datetime.fromisoformat(run.owed("first-contact")["due"])
    assert due - house.now == timedelta(hours=24), "the next day, counted from the end of the call"
    run.step("give-card", TOLD)
    run.wait(hours=20)
    run.step("record-contact", SPOKEN)
    assert run.shut("engaged") == {"endpoint-reached", "appointment-kept", "ongoing-care"}
    run.step("review-safety-plan")
    run.step("book-appointment", {"appointment.at": run.soon(hours=3)})
    run.wait(hours=4)
    run.step("record-attendance", MISSED)
    assert run.owed("fallback") and run.owed("rebook"), "a missed appointment is taken up"
    run.step("take-fallback")
    run.step("book-appointment", {"appointment.at": run.soon(hours=3)})
    run.wait(hours=4)
    run.step("record-attendance", KEPT)
    run.step("accept-ongoing-care")
    run.close("engaged")
    run.step("read-closure", by=run.who("sender.holder"))
    for validation in ("reached-next-day", "receipt-in-time", "line-knows"):
        assert run.verdict(validation)["word"] == "passed", validation


@pytest.mark.requirement("CON-08")
def test_the_next_day_is_the_next_day_at_the_weekend_too(house: Installation) -> None:
    house.now = house.now + timedelta(days=4, hours=11)
    assert house.now.strftime("%A %H") == "Friday 20"
    run = accepted(house)
    assert datetime.fromisoformat(run.owed("first-contact")["due"]) - house.now == timedelta(hours=24)


@pytest.mark.requirement("PKT-03", "GAT-01", "GAT-06", "OWN-05")
def test_a_referral_is_refused_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill({**CALM, **ALL})
    assert run.shut("send") == {"decision-maker-reachable", "continuity-named"}
    run.name_everybody("medication-continuity")
    assert run.shut("send") == {"continuity-named"}
    run.name_everybody()
    for part, gate in (
        ("handoff.endpoint", "endpoint-asked"),
        ("transition.trigger", "four-parts"),
        ("touchpoint.by", "four-parts"),
        ("fallback.action", "four-parts"),
        ("risk.means", "packet-complete"),
        ("place.constraints", "packet-complete"),
    ):
        run.fill_only({part: BLANK})
        refusal = run.step("send", status=409)
        assert {gate, part} <= run.missing(refusal) | {part}
        assert part in run.unanswered()
        run.fill(ALL)
    run.fill({"access.needs": ["phone", "substance"], "contact.channel": "text"})
    assert run.shut("send") == {"channel-usable"}
    run.fill({"contact.channel": "visit"})
    run.step("send")
    assert run.owed("access-arranged")


@pytest.mark.requirement("CON-04", "AUD-02", "OWN-03")
def test_a_person_nobody_reaches_leads_to_a_decision_or_fails_the_audit(house: Installation) -> None:
    run = accepted(house)
    for _ in range(3):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    assert run.state.holder == run.who("sender.holder")
    run.past("first-contact")
    verdict = run.verdict("reached-next-day")
    assert verdict["word"] == "failed" and {rest["status"] for rest in verdict["rests_on"]} == {"breached"}
    run.step("decide-after-attempts", {"decision.action": "re-route"})
    assert run.verdict("reached-next-day")["word"] == "passed"


@pytest.mark.requirement("ESC-01", "REC-03")
def test_a_referral_nobody_accepts_climbs_to_the_last_resort(house: Installation) -> None:
    run = opened(house)
    run.step("send")
    run.past("receipt")
    run.wait(hours=12)
    up = [run.who(role) for role in ("receiver.intake", "sender.supervisor", "receiver.supervisor", "last-resort")]
    assert run.told("receipt")[:4] == up


@pytest.mark.requirement("INF-01")
def test_consent_that_is_taken_back_or_lapses_stops_the_sharing_at_once(house: Installation) -> None:
    run = opened(house, **{"consent.until": run_out(house)})
    run.step("withdraw-consent")
    assert run.shut("send") == {"consent-recorded"}
    run.step("renew-consent")
    run.step("send")
    run.past("consent-renewal")
    assert run.marked("consent-lapsed")
    run.fill({"risk.summary": "Quieter since the evening."})
    run.step("renew-consent")
    assert run.status("consent-renewal") == "met-late" and not run.marked("consent-lapsed")


@pytest.mark.requirement("MOD-06", "GAT-08")
@pytest.mark.parametrize("file", [one for one in ("crisis-line-to-mobile-crisis",) if one in shipped()])
def test_what_cannot_wait_goes_to_mobile_crisis_with_what_is_known(house: Installation, file: str) -> None:
    publish(house, file)
    run = accepted(house)
    run.step("ask-mobile-crisis", {"mobile.team": "gamma"}, by=run.who("sender.holder"))
    (begun,) = run.state.begun
    mobile = Run(house, begun.removeprefix("case:"))
    assert mobile.state.parties["receiver"] == "gamma" and mobile.state.holder == run.who("sender.holder")
    assert mobile.state.packet["risk.suicidal-ideation"].unconfirmed
    assert run.owed("mobile-crisis-answer")["owner"] == run.who("sender.supervisor")
    mobile.fill(MOBILE)
    mobile.name_everybody()
    mobile.step("send")
    mobile.step("accept", by=mobile.who("receiver.intake"))
    assert run.status("mobile-crisis-answer") == "met" and run.state.status == "open"


def run_out(house: Installation) -> str:
    return (house.now + timedelta(days=5)).isoformat()
