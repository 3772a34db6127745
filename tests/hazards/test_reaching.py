"""Hazards of reaching the person: wrong details, somebody else's permission, and attempts that fail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, nothing
from tests.hazards.journeys import accepted, at
from tests.installation import Installation
from tests.library.contacts import WRONG_NUMBER

#: Protocols in which somebody goes on to reach the person.
REACHING = (
    "discharge-to-community",
    "post-crisis-follow-up",
    "stabilization-discharge",
    "crisis-line-to-mobile-crisis",
)
REACHING = tuple(pathway for pathway in REACHING if pathway in shipped())


def wrong_details_are_owed_right(network: Installation) -> None:
    """HZ-25: a number that reaches somebody else is not a note: right ones are owed by the sender, and climb until they are there."""
    for pathway in REACHING:
        run = accepted(network, pathway)
        run.step("record-contact", WRONG_NUMBER, by=run.who("receiver.holder"))
        assert run.owes("correct-details"), f"HZ-25: {pathway}: wrong details are only noted"
        owed = run.owed("correct-details")
        assert owed["owner"] == run.who("sender.holder"), "HZ-25: not the sender owes the right details"
        assert at(owed["due"]) <= network.now + timedelta(hours=24), f"HZ-25: {pathway}: due only at {owed['due']}"
        assert not run.marked("attempt-failed"), "HZ-25: a call to a wrong number counts as an attempt"
        run.until(at(owed["due"]) + timedelta(hours=3))
        climbed = run.told("correct-details")
        assert climbed[:2] == [run.who("sender.holder"), run.who("sender.supervisor")], (
            f"HZ-25: it climbed to {climbed}"
        )
        run.meet("correct-details", {"details.phone": "202-555-0177"})
        assert run.status("correct-details") == "met-late"


@pytest.mark.hazard("HZ-25")
@pytest.mark.requirement("CON-09")
def test_hz_25_wrong_details_are_owed_right(network: Installation) -> None:
    wrong_details_are_owed_right(network)


@pytest.mark.control_off("HZ-25")
def test_hz_25_without_its_control(network: Installation) -> None:
    fails_without("HZ-25", wrong_details_are_owed_right, network, nothing)
