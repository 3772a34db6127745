"""Fills an empty database so that every page has something on it for everybody: cases in each state, told from now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from holdfast.core.arrivals import Arrival, ArrivedPerson, Prefill, ReadError, Unused
from holdfast.core.work import SYSTEM
from holdfast.desk.intake import receive
from holdfast.people.keyring import Keyring
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.fault import StoryFault
from holdfast.rehearsal.network import DemoAccount
from holdfast.rehearsal.player import Player
from holdfast.rehearsal.post import Shelf
from holdfast.rehearsal.stage import make_accounts, set_stage
from holdfast.rehearsal.story import Story, demo_stories, read_story, shipped_pieces

_BEGAN = re.compile(r"today|(?P<days>\d{1,3}) d ago", re.ASCII)
#: The first story begins some time on its day 0; the stage is set before that.
_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outside:
    """One message from outside, ``ago`` before now: its bytes, and what a door read in them."""

    ago: timedelta
    raw: bytes
    reading: Arrival | ReadError


@dataclass(slots=True)
class Showcase:
    """What was put up: who can sign in, and the cases by the name of their story."""

    accounts: list[DemoAccount]
    cases: dict[str, str] = field(default_factory=dict)


def put_up(now: datetime, seed: int, keyring: Keyring, shelf: Shelf | None = None) -> Showcase:
    """Play every demo story up to ``now`` on a clock that ends there; all of it is there, or nothing.

    Raises NotARehearsal where the database holds anything already, StoryFault where a story cannot be played.
    """
    pieces = shipped_pieces()
    stories = [read_story(text, pieces) for text in demo_stories().values()]
    # To the minute, as people write times down; the clock itself goes on to the second.
    told = now.astimezone(UTC).replace(second=0, microsecond=0)
    clock = VirtualClock(min(_day_0(story, told) for story in stories) - _BEFORE)
    # Committed first: as long as a directory is not, each decision reads the whole of it again.
    stage = set_stage(clock, seed, keyring, today=told, shelf=shelf)
    with transaction.atomic():
        player = Player(stage)
        plays = {story.id: player.add(story, stage.reckoning(_day_0(story, told), told)) for story in stories}
        for arrival in sorted(_from_outside(told), key=lambda one: one.ago, reverse=True):
            player.run(told - arrival.ago)
            receive(stage.desk, arrival.raw, [arrival.reading], "hl7v2", SYSTEM, clock.now())
        player.run(now)
        return Showcase(make_accounts(stage.network), {id: play.case for id, play in plays.items()})


def _day_0(story: Story, now: datetime) -> datetime:
    found = _BEGAN.fullmatch(story.began)
    if found is None:
        raise StoryFault(f"{story.id}: say when it began, as today or as 9 d ago.")
    return now - timedelta(days=int(found["days"] or 0))


def _from_outside(now: datetime) -> Sequence[Outside]:
    """A discharge that opened a draft, one that cannot be read, and one that nobody here is known by."""
    left = now - timedelta(minutes=100)
    stamp = f"{left:%Y%m%d%H%M}+0000"
    person = ArrivedPerson((("mrn", "RH-2130"),), "Pascoe", "Ebrel", date(1984, 9, 3), phones=("202-555-0196",))
    stranger = ArrivedPerson((("mrn", "RH-9999"),), "Unknown", "Person")
    prefill = (
        Prefill("discharge.at", left.isoformat(), left, "PV1-45"),
        Prefill("contact.phone", "202-555-0196", left, "PID-13"),
    )
    bed = Unused("PV1-3", "is a bed, which a packet does not ask for", 1)
    discharge = (
        f"MSH|^~\\&|WARDS|HARBOUR|||{stamp}||ADT^A03|H-4711|P|2.5\rEVN|A03|{stamp}\r"
        "PID|1||RH-2130^^^mrn||Pascoe^Ebrel||19840903||||||202-555-0196\r"
        f"PV1|1|I|LARCH{'|' * 42}{stamp}\r"
    )
    taken_back = (
        f"MSH|^~\\&|WARDS|HARBOUR|||{stamp}||ADT^A13|H-4712|P|2.5\rEVN|A13|{stamp}\r"
        "PID|1||RH-9999^^^mrn||Unknown^Person\rPV1|1|I\r"
    )
    cut = ReadError("The message ends in the middle of its first line. Ask the sender to send it again.")
    return (
        Outside(timedelta(hours=5), b"MSH|^~\\&|WARDS|HARBOUR|||2026", cut),
        Outside(
            timedelta(minutes=95),
            discharge.encode(),
            Arrival("discharge", "HARBOUR", "H-4711", left, left, person, prefill, (bed,)),
        ),
        Outside(
            timedelta(minutes=45),
            taken_back.encode(),
            Arrival("cancel-discharge", "HARBOUR", "H-4712", left, left, stranger, (), ()),
        ),
    )
