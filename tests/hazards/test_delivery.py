"""Hazards of messages: one that cannot be delivered is tried until it is, and a dead channel makes the ladder climb."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.core import events as e
from holdfast.core.work import Work
from holdfast.deliveries.models import Attempt, Delivery
from holdfast.deliveries.outbox import settle
from holdfast.worklists.models import Exceptional
from tests.assurance.cases import close
from tests.hazards.control import fails_without
from tests.installation import (
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER,
    SENDER_LAST_RESORT,
    SENDER_SUPERVISOR,
    Installation,
)
from tests.workers.conftest import Works

ORIGINATOR = f"{SENDER}@example.org"
#: The ward has two supervisors; which of them is asked first is the roster's business.
SUPERVISORS = (SENDER_SUPERVISOR, SENDER_LAST_RESORT)
#: Every mail address that the ladder of the receipt can use.
ALL_MAIL = dict.fromkeys(("north@example.org", ORIGINATOR, *(f"{s}@example.org" for s in SUPERVISORS)), "refuse")


@pytest.fixture
def works(house: Installation, tmp_path: Path) -> Works:
    return Works(house, tmp_path)


def the_originator_learns_how_it_ended_once(works: Works) -> None:
    """HZ-50: the sender's mail is down for 24 h: the closure message comes later, once; unread, it stays owed and climbs."""
    house = works.house
    case = house.accepted()
    case.contact()
    works.go(works.deliveries)
    works.rule(json.dumps({ORIGINATOR: "defer"}))
    close(case)
    closed = house.now
    (message,) = Delivery.objects.filter(stream=case.id, notice="closure").values_list("key", flat=True)
    while house.now < closed + timedelta(hours=24):
        works.go(works.deliveries)
        house.wait(minutes=30)
    arrived = [mail for mail in works.mails(ORIGINATOR) if works.key_of(mail) == message]
    assert not arrived and Attempt.objects.filter(key=message, outcome="refused").exists(), "the mail was not down"
    works.rule("{}")
    for _ in range(8):
        house.wait(minutes=30)
        works.go(works.deliveries)
    arrived = [mail for mail in works.mails(ORIGINATOR) if works.key_of(mail) == message]
    assert len(arrived) == 1, f"HZ-50: the closure message came {len(arrived)} times"
    assert Delivery.objects.get(key=message).status == "sent", "HZ-50: the outbox does not say that it left"
    reading = case.promise("closure-read")
    assert reading.owed and reading.owner == SENDER, "HZ-50: a delivered closure message counts as read"
    house.tick(case, until=closed + timedelta(hours=75))
    assert SENDER in case.told("closure-read"), "HZ-50: nobody sees that the closure message was not read"
    case.step("read-closure", SENDER)
    assert not case.promise("closure-read").owed, "HZ-50: reading it does not end it"


def _given_up(key: str, next_try: object) -> None:
    settle(key, "failed")


@pytest.mark.hazard("HZ-50")
@pytest.mark.requirement("CLS-03")
def test_hz_50_the_originator_learns_how_it_ended_once(works: Works) -> None:
    the_originator_learns_how_it_ended_once(works)


@pytest.mark.control_off("HZ-50")
def test_hz_50_without_its_control(works: Works) -> None:
    fails_without("HZ-50", the_originator_learns_how_it_ended_once, works, _given_up)


def a_dead_channel_makes_the_ladder_climb(works: Works) -> None:
    """HZ-78: every mail is refused: within the same minute the ladder stands at a rung that goes by phone; governance sees it."""
    house = works.house
    works.rule(json.dumps(ALL_MAIL))
    case = house.sent()
    sent = house.now
    works.go(works.deliveries)
    told = case.told("receipt")
    assert len(told) == 3, f"HZ-78: of the ladder only {told} were called"
    assert (told[0], told[2]) == (RECEIVER, RECEIVER_SUPERVISOR) and told[1] in SUPERVISORS, (
        f"HZ-78: {told} were called"
    )
    assert house.now == sent, "the test waited"
    by_phone = Delivery.objects.get(recipient=f"staff:{RECEIVER_SUPERVISOR}", by="phone")
    assert by_phone.status == "by-hand", "HZ-78: the top rung goes by the same dead channel"
    assert Exceptional.objects.filter(case=case.id, kind="not-delivered").exists(), "HZ-78: governance sees no failure"
    assert case.promise("receipt").owed and case.state.holder == SENDER, "HZ-78: a failed message changed who answers"
    house.tick(case, until=sent + timedelta(days=3))
    rungs = case.told("receipt")
    assert rungs.count(SENDER_LAST_RESORT) > 5, f"HZ-78: the ladder fell silent after {rungs}"


def _only_noted(work: Work, command: Any) -> None:
    work.add(e.NoticeFailed(command.key, command.channel, command.code, command.at))


@pytest.mark.hazard("HZ-78")
@pytest.mark.requirement("REC-01", "ESC-01", "ESC-05")
def test_hz_78_a_dead_channel_makes_the_ladder_climb(works: Works) -> None:
    a_dead_channel_makes_the_ladder_climb(works)


@pytest.mark.control_off("HZ-78")
def test_hz_78_without_its_control(works: Works) -> None:
    fails_without("HZ-78", a_dead_channel_makes_the_ladder_climb, works, _only_noted)
