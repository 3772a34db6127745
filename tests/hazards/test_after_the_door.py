"""Hazards after the door: nobody booked, nothing after the first contact, one call and closed, a screen that leads to nothing, a form."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.directory.items import Route
from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, nothing, shipped_or_skip
from tests.hazards.journeys import accepted, asked, asked_to_close, at, opened
from tests.installation import Installation
from tests.library.answering import LEFT_OUT
from tests.library.contacts import NOBODY, SPOKEN
from tests.library.driver import Run
from tests.library.setting import last_resort, member, publish

POST_CRISIS = "post-crisis-follow-up"
REFERRAL = "referral-to-first-contact"
SCREEN = "primary-care-to-behavioral-health"
DISCHARGE = (
    "MSH|^~\\&|App|Fac|||20260302080000+0000||ADT^A03|D1|P|2.5\rEVN|A03|20260302080000+0000\r"
    "PID|1||D1^^^W^MR||Vale^Robin||19800402\rPV1|1|I\r"
)


def nobody_is_discharged_into_silence(network: Installation) -> None:
    """HZ-20: the hospital's message alone opens the handoff; with no follow-up its clock goes inside the window."""
    publish(network, POST_CRISIS)
    holder = member("alpha", "coordinator")
    network.change_directory(Route("*", POST_CRISIS, "alpha", "beta", holder))
    run = Run(network, "")
    (found,) = run.of(holder).post("intake", DISCHARGE.encode(), kind="application/hl7-v2", key="discharge")
    run = Run(network, found["case"])
    assert run.state.holder == holder, "HZ-20: a discharge opens nothing that somebody holds"
    assert run.owed("touchpoint-booking")["owner"] == holder, "HZ-20: nobody owes the booking"
    assert run.owes("follow-up-in-window"), "HZ-20: discharged, and no follow-up is owed"
    follow_up = run.owed("follow-up-in-window")
    assert at(follow_up["due"]) <= network.now + timedelta(hours=72), f"HZ-20: it may wait until {follow_up['due']}"
    run.past("follow-up-in-window")
    assert run.told("follow-up-in-window")[:1] == [holder], "HZ-20: the window passes and nobody hears"
    assert run.owes("fallback"), "HZ-20: the window passes and nothing else begins"
    ready = opened(network, POST_CRISIS)
    refusal = asked(ready, "send")
    assert refusal is not None, "HZ-20: a discharge goes out with nothing booked"
    assert {"details-confirmed", "touchpoint-booked"} <= ready.missing(refusal), f"HZ-20: {ready.missing(refusal)}"


@pytest.mark.hazard("HZ-20")
@pytest.mark.requirement("CON-09", "EVT-01")
def test_hz_20_nobody_is_discharged_into_silence(network: Installation) -> None:
    shipped_or_skip(POST_CRISIS)
    nobody_is_discharged_into_silence(network)


@pytest.mark.control_off("HZ-20")
def test_hz_20_without_its_control(network: Installation) -> None:
    shipped_or_skip(POST_CRISIS)
    fails_without("HZ-20", nobody_is_discharged_into_silence, network, nothing)


def after_each_contact_the_next_one_exists(network: Installation) -> None:
    """HZ-22: two contacts are booked, not one; no contact is over without the next, which has an owner and a clock that climbs."""
    run = accepted(network, REFERRAL)
    second = asked(run, "book-two-contacts", {"contacts.second-at": LEFT_OUT})
    assert second is not None and run.missing(second) == {"contacts.second-at"}, "HZ-22: the first booked, and no more"
    assert run.owes("two-contacts"), "HZ-22: nobody owes the booking of both"
    assert "two-booked" in run.shut("engaged"), "HZ-22: it ends on the first contact"
    run.step("book-two-contacts", {"contacts.first-at": run.soon(hours=4), "contacts.second-at": run.soon(days=4)})
    run.step("name-coordinator")
    for turn in range(6):
        network.wait(hours=20)
        bare = asked(run, "record-contact", {**SPOKEN, "next.contact-at": LEFT_OUT})
        assert bare is not None and run.missing(bare) == {"next.contact-at"}, f"HZ-22: contact {turn + 1} and no next"
        agreed = network.now + timedelta(days=3)
        run.step("record-contact", {**SPOKEN, "next.contact-at": agreed.isoformat()})
        assert run.owes("next-contact"), f"HZ-22: after contact {turn + 1} no next one is owed"
        following = run.owed("next-contact")
        assert at(following["due"]) == agreed, f"HZ-22: agreed for {agreed}, due {following['due']}"
        assert following["owner"] == run.state.holder, "HZ-22: the next contact is nobody's"
    run.past("next-contact")
    assert run.told("next-contact")[:1] == [run.state.holder], "HZ-22: drift, and nobody hears"


@pytest.mark.hazard("HZ-22")
@pytest.mark.requirement("CON-05")
def test_hz_22_after_each_contact_the_next_one_exists(network: Installation) -> None:
    shipped_or_skip(REFERRAL)
    after_each_contact_the_next_one_exists(network)


@pytest.mark.control_off("HZ-22")
def test_hz_22_without_its_control(network: Installation) -> None:
    shipped_or_skip(REFERRAL)
    fails_without("HZ-22", after_each_contact_the_next_one_exists, network, nothing)


def a_failed_call_is_chased_to_a_decision(network: Installation) -> None:
    """HZ-23: the same day again, twice more within 24 hours, then a named person decides; calls in a row and silence do not do."""
    run = accepted(network, REFERRAL)
    run.step("record-contact", NOBODY)
    assert run.owes("same-day-try") and run.owes("two-more-tries"), "HZ-23: one call, a note, and nothing is owed"
    assert at(run.owed("two-more-tries")["due"]) == network.now + timedelta(hours=24), "HZ-23: not within 24 hours"
    midnight = network.now.replace(hour=0) + timedelta(days=1)
    assert at(run.owed("same-day-try")["due"]) <= midnight, "HZ-23: not the same day"
    network.wait(minutes=10)
    for _ in range(3):
        run.step("record-contact", NOBODY)
    assert not run.owes("decide-after-attempts") and run.owes("two-more-tries"), "HZ-23: calls in a row count as tries"
    for _ in range(2):
        run.wait(hours=3)
        run.step("record-contact", NOBODY)
    assert run.owes("decide-after-attempts"), "HZ-23: three tries failed, and nobody has to decide"
    assert run.owed("decide-after-attempts")["owner"] == run.who("receiver.supervisor"), "HZ-23: nobody named decides"
    refusal = asked_to_close(run, "declined")
    assert refusal is not None and "attempts-signed-off" in run.missing(refusal), "HZ-23: closed on failed attempts"
    run.step("decide-after-attempts", {"decision.grounds": ["none"], "decision.action": "welfare-check"})
    silent = accepted(network, REFERRAL)
    silent.step("record-contact", NOBODY)
    silent.past("two-more-tries")
    silent.wait(hours=24)
    climbed = silent.told("two-more-tries")
    assert climbed[0] == silent.state.holder and climbed[-1] in map(last_resort, silent.state.parties.values()), (
        f"HZ-23: nobody tries again, and of that heard {climbed}"
    )


@pytest.mark.hazard("HZ-23")
@pytest.mark.requirement("CAD-02", "CON-05")
def test_hz_23_a_failed_call_is_chased_to_a_decision(network: Installation) -> None:
    shipped_or_skip(REFERRAL)
    a_failed_call_is_chased_to_a_decision(network)


@pytest.mark.control_off("HZ-23")
def test_hz_23_without_its_control(network: Installation) -> None:
    shipped_or_skip(REFERRAL)
    fails_without("HZ-23", a_failed_call_is_chased_to_a_decision, network, nothing)


MET = {"handoff.how": "in-room", "handoff.options": "yes", "handoff.channel": "yes"}
SCREENS, FORGOTTEN = 8, (2, 5)


def a_positive_screen_leads_to_somebody(network: Installation) -> None:
    """HZ-97: of many positive screens each that nobody acted on is somebody's by the end of its visit; the same again is looked into."""
    runs = []
    for number in range(SCREENS):
        run = Run.open(network, SCREEN)
        run.fill_only({"risk.suicidal-ideation": "passive", "visit.ends": run.soon(minutes=30)})
        runs.append(run)
        if number not in FORGOTTEN:
            run.step("meet-person", MET)
    after = network.now + timedelta(minutes=40)
    for run in runs:
        run.until(after)
    supervisor = runs[0].who("sender.supervisor")
    work = runs[0].of(supervisor).get("work", limit=100)["work"]
    listed = {item["case"] for item in work if item["kind"] == "left-without-handoff"}
    forgotten = {runs[number].id for number in FORGOTTEN}
    assert listed == forgotten, (
        f"HZ-97: {len(forgotten - listed)} positive screens are on nobody's list after the visit"
    )
    for number in FORGOTTEN:
        assert runs[number].told("warm-handoff")[:1] == [runs[number].who("sender.holder")], "HZ-97: nobody was called"
    again = Run.open(network, SCREEN, person=runs[2].state.subject, even_so=True)
    assert again.owed("repeat-positive")["owner"] == again.who("sender.supervisor"), "HZ-97: positive again, unseen"


@pytest.mark.hazard("HZ-97")
@pytest.mark.requirement("EVT-05")
def test_hz_97_a_positive_screen_leads_to_somebody(network: Installation) -> None:
    shipped_or_skip(SCREEN)
    a_positive_screen_leads_to_somebody(network)


@pytest.mark.control_off("HZ-97")
def test_hz_97_without_its_control(network: Installation) -> None:
    shipped_or_skip(SCREEN)
    fails_without("HZ-97", a_positive_screen_leads_to_somebody, network, nothing)


#: Pathway to the step that says it waits for eligibility.
WAITS = {
    "community-referral": ("wait-for-eligibility", "first-contact"),
    REFERRAL: ("wait-for-eligibility", "first-contact"),
    POST_CRISIS: ("note-eligibility-wait", "follow-up-in-window"),
}
WAITS = {pathway: step for pathway, step in WAITS.items() if pathway in shipped()}


def waiting_for_a_form_stops_no_clock(network: Installation) -> None:
    """HZ-103: waiting for eligibility has an owner and a deadline that climbs, and every other clock goes as if nobody waited."""
    for turn, (pathway, (step, contact)) in enumerate(WAITS.items()):
        run = waiting(network, pathway)
        before = {promise.id: promise.due for promise in run.state.owed()}
        run.step(step)
        assert run.owes("eligibility"), f"HZ-103: {pathway}: the wait is nobody's"
        owed = run.owed("eligibility")
        assert owed["owner"] == run.state.holder and at(owed["due"]) <= network.now + timedelta(days=7)
        after = {promise.id: promise.due for promise in run.state.owed() if promise.id in before}
        assert after == before, f"HZ-103: {pathway}: waiting moved a clock"
        days = 60 if turn == 0 else 9
        run.wait(days=days)
        fired = [one for one in run.case.events("RungFired") if one["id"].startswith(contact + "#")]
        assert fired, f"HZ-103: {pathway}: {days} days in eligibility, and the clock of {contact} is silent"
        due = before[next(id for id in before if id.startswith(contact + "#"))]
        assert at(fired[0]["due"]) == due, f"HZ-103: {pathway}: {contact} was due {due} and fired for {fired[0]['due']}"
        heard = run.told("eligibility")
        assert heard[0] == owed["owner"] and heard[-1] in map(last_resort, run.state.parties.values()), (
            f"HZ-103: {pathway}: {days} days in eligibility, and of it heard {heard[:3]}"
        )


def waiting(network: Installation, pathway: str) -> Run:
    if pathway != "community-referral":
        return accepted(network, pathway)
    run = opened(network, pathway)
    run.step("speak-with-service", {"spoke.how": "together"})
    run.step("send")
    run.step("accept")
    return run


@pytest.mark.hazard("HZ-103")
@pytest.mark.requirement("TRK-08")
def test_hz_103_waiting_for_a_form_stops_no_clock(network: Installation) -> None:
    if not WAITS:
        shipped_or_skip(REFERRAL)
    waiting_for_a_form_stops_no_clock(network)


@pytest.mark.control_off("HZ-103")
def test_hz_103_without_its_control(network: Installation) -> None:
    if not WAITS:
        shipped_or_skip(REFERRAL)
    fails_without("HZ-103", waiting_for_a_form_stops_no_clock, network, nothing)
