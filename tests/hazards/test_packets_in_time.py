"""Hazards of a packet that comes late or cannot be taken in: its clock runs from the event, and each risk is gone through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.hazards.control import fails_without, nothing, shipped_or_skip
from tests.hazards.journeys import at, now, opened
from tests.installation import Installation
from tests.library.answering import BLANK
from tests.library.contacts import CALM
from tests.library.driver import Run

POST_CRISIS = "post-crisis-follow-up"
ACTIVE = {"risk.suicidal-ideation": "active"}
#: Hours a crisis lies back when its case is opened, what is known of the risk, and hours its summary may take.
CRISES = [(0, {}, 24), (3, {}, 24), (10, {}, 24), (23, {}, 24), (0, ACTIVE, 4), (3, ACTIVE, 4)]


def a_summary_is_due_from_the_crisis(network: Installation) -> None:
    """HZ-05: whenever the case is opened, the summary is due from the crisis on; one that is not there climbs, and all can see it."""
    shipped_or_skip(POST_CRISIS)
    for ago, risk, hours in CRISES:
        run = Run.open(network, POST_CRISIS)
        ended = network.now - timedelta(hours=ago)
        run.fill_only({**CALM, **risk, "crisis.ended-at": ended.isoformat()})
        assert run.owes("summary"), f"HZ-05: {ago} h after a crisis nobody owes a summary"
        owed = run.owed("summary")
        assert at(owed["due"]) == ended + timedelta(hours=hours), f"HZ-05: due {owed['due']}, the crisis was at {ended}"
        assert owed["owner"] == run.who("sender.holder"), "HZ-05: the author does not owe it"
        run.until(at(owed["due"]) + timedelta(hours=2, minutes=1))
        climbed = run.told("summary")
        assert climbed == [run.who("sender.holder"), run.who("sender.supervisor")], f"HZ-05: it climbed to {climbed}"
        pending = {p["kind"]: p["status"] for p in run.shown(run.who("receiver.intake"))["promises"]}
        assert pending.get("summary") == "breached", "HZ-05: the receiver does not see that it is pending"
    run.fill({"crisis.ended-at": ended.isoformat()})
    run.name_everybody()
    for step in ("confirm-details", "book-touchpoint", "send"):
        run.step(step)
    assert run.status("summary") == "met-late", "HZ-05: a late summary counts as one in time"
    early = opened(network, POST_CRISIS)
    early.step("confirm-details")
    early.step("book-touchpoint")
    early.fill_only({"crisis.next-step": BLANK, "crisis.ended-at": now(network)})
    early.step("send", override="The person leaves now; the rest follows.")
    assert early.owes("complete-packet"), "HZ-05: nobody owes the rest of a provisional summary"


@pytest.mark.hazard("HZ-05")
@pytest.mark.requirement("PKT-11")
def test_hz_05_a_summary_is_due_from_the_crisis(network: Installation) -> None:
    a_summary_is_due_from_the_crisis(network)


@pytest.mark.control_off("HZ-05")
def test_hz_05_without_its_control(network: Installation) -> None:
    fails_without("HZ-05", a_summary_is_due_from_the_crisis, network, nothing)
