"""Where stories are played: a network and its pathways published in a database that says it is a rehearsal."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from holdfast.core.parties import Directory
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.desk.streams import record
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.models import Head
from holdfast.ledger.store import read_head
from holdfast.pathways.library import shipped
from holdfast.people.keyring import KEY_BYTES, Keyring, key_id
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.fault import NotARehearsal, StoryFault
from holdfast.rehearsal.network import DemoAccount, demo_accounts, read_network, shipped_network
from holdfast.rehearsal.post import DOOR, Post, Shelf
from holdfast.rehearsal.reckoning import Reckoning

#: The stream that says what kind of installation this is.
INSTALLATION = "installation"


def is_rehearsal() -> bool:
    """Whether the record itself says that it is a rehearsal."""
    return Head.objects.filter(stream=INSTALLATION, kind=INSTALLATION).exists()


@dataclass(slots=True)
class Stage:
    """Everything that a player needs. ``chance`` is where ids, salts and keys come from: the same seed plays the same way."""

    clock: VirtualClock
    desk: Desk
    chance: random.Random
    post: Post
    network: str = field(default_factory=shipped_network)
    zone: str = ""

    @property
    def directory(self) -> Directory:
        return load_directory(current_version())

    def new_id(self) -> str:
        return uuid.UUID(int=self.chance.getrandbits(128)).hex

    def reckoning(self, first: datetime, now: datetime | None = None) -> Reckoning:
        """Times of a story whose day 0 is the day of ``first`` in the network's zone."""
        at = Reckoning(first.date(), self.zone)
        return Reckoning(at.local(first).date(), self.zone, now)


def set_stage(
    clock: VirtualClock,
    seed: int,
    keyring: Keyring | None = None,
    network: str | None = None,
    today: datetime | None = None,
    shelf: Shelf | None = None,
) -> Stage:
    """Publish the network (its absences counted from ``today``) and the shipped pathways, and mark the record a rehearsal.

    Without ``keyring`` the keys come from the seed as well. Raises NotARehearsal where the database holds anything already:
    a clock that is told the time, and entropy that can be repeated, have no place in a real record.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, and only where the record says so
    if keyring is None:
        key = chance.randbytes(KEY_BYTES)
        keyring = Keyring({key_id(key): key}, key_id(key))
    desk = Desk(keyring, clock.now, chance.randbytes)
    text = shipped_network() if network is None else network
    stage = Stage(clock, desk, chance, Post(desk, shelf), text)
    with transaction.atomic():
        mark(desk, clock, seed)
        items = read_network(text, (today or clock.now()).date())
        outcome = put_directory(desk, [(kind, ref, body) for kind, ref, body in items], SYSTEM, DOOR)
        if outcome.refusal is not None:
            raise StoryFault(outcome.refusal.says)
        directory = stage.directory
        stage.zone = next(iter(directory.teams.values())).calendar.zone
        for pathway in shipped().values():
            publish_edition(desk, pathway, SYSTEM, DOOR)
    return stage


def make_accounts(network: str) -> list[DemoAccount]:
    """An account for everybody of the network who signs in; those who have one keep it. Gives all of them."""
    accounts = demo_accounts(network)
    known = set(Account.objects.values_list("username", flat=True))
    # One printed password opens them all, so it is hashed once: the hash is slow on purpose.
    hashed = {password: make_password(password) for password in {account.password for account in accounts}}
    Account.objects.bulk_create(
        Account(username=account.username, staff=account.staff, password=hashed[account.password])
        for account in accounts
        if account.username not in known
    )
    return accounts


def mark(desk: Desk, clock: VirtualClock, seed: int) -> None:
    if Head.objects.exists():
        raise NotARehearsal("This database holds a record already. A rehearsal begins in an empty one.")
    envelope = Envelope(INSTALLATION, Ask("MarkRehearsal", {"seed": seed}), SYSTEM, DOOR)
    event = {
        "event": "RehearsalMarked",
        "seed": seed,
        "says": "A rehearsal: nobody here exists, and the times before this installation was made are invented.",
    }
    record(
        envelope,
        read_head(INSTALLATION, SYSTEM, "").head,
        clock.now(),
        INSTALLATION,
        {"kind": "MarkRehearsal"},
        [event],
        {},
    )
