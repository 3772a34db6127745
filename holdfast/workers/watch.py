"""The watch: messages nobody looked at are told about again, and a sign of life leaves while all is well."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.assurance.covers import covers_ending
from holdfast.assurance.gaps import gaps_ahead
from holdfast.assurance.pulse import pulse
from holdfast.clocks.heartbeat import prune
from holdfast.core.events import NoticeIssued
from holdfast.core.parties import Directory
from holdfast.deliveries.models import Delivery
from holdfast.deliveries.outbox import enqueue
from holdfast.directory.snapshot import current_version, load
from holdfast.inbox.models import Message
from holdfast.inbox.viewing import WAITING, overdue
from holdfast.workers.deliveries import INBOX, ROSTER
from holdfast.workers.duty import Unhurried, log

HEARTBEAT_ENV = "HOLDFAST_HEARTBEAT_URL"
#: How often somebody is told again that a message waits for them.
AGAIN_AFTER = timedelta(hours=24)
#: How often the rosters are looked through for gaps in the days ahead.
LOOKS_EVERY = timedelta(hours=1)


@dataclass
class Watch(Unhurried):
    """``heartbeat_url`` is asked for only while all is well: whoever waits for it notices its absence, even of the whole machine."""

    heartbeat_url: str = field(default_factory=lambda: os.environ.get(HEARTBEAT_ENV, "").strip())
    name: str = "watch"
    pause: float = 30.0
    looked: datetime | None = None

    def step(self, now: datetime) -> bool:
        """One round. Gives False: there is nothing more before the next."""
        tell_of_waiting(now)
        if self.looked is None or now - self.looked >= LOOKS_EVERY:
            tell_of_gaps(now)
            tell_of_covers(now)
            self.looked = now
        prune(now)
        if self.heartbeat_url and pulse(now).ok:
            self._beat_outside()
        return False

    def _beat_outside(self) -> None:
        if not self.heartbeat_url.startswith(("https://", "http://")):
            log.warning("%s is not a web address", HEARTBEAT_ENV)
            return
        try:
            with urllib.request.urlopen(self.heartbeat_url, timeout=5) as answer:  # noqa: S310
                answer.read(100)
        except (OSError, ValueError, urllib.error.URLError) as error:
            log.warning("the sign of life did not get out: %s", type(error).__name__)


def tell_of_waiting(now: datetime) -> int:
    """Tell the owner of each message past its time, and from the second time the last resort, for ever. Gives how many."""
    told = 0
    for id in list(overdue(now).values_list("id", flat=True)):
        with transaction.atomic():
            message = Message.objects.select_for_update().get(id=id)
            if message.status not in WAITING or (message.told_at is not None and now < message.told_at + AGAIN_AFTER):
                continue
            directory = load(current_version())
            who = message.owner if message.told_at is None else _above(message.owner, directory)
            key = f"{INBOX}{id}.{now:%Y%m%d%H%M%S}"
            enqueue(f"{INBOX}{id}", 0, [NoticeIssued(key, f"staff:{who}", "rung")], now)
            message.told_at = now
            message.save(update_fields=["told_at"])
            told += 1
    return told


def tell_of_gaps(now: datetime) -> int:
    """Tell whoever answers for a team that its roster has a gap ahead: once a day for each team, days before it comes (HZ-16).
    Gives how many were told."""
    told = 0
    for found in gaps_ahead(load(current_version()), now):
        stream = f"{ROSTER}{found.gap.team}"
        key = f"{stream}.{now:%Y%m%d}"
        with transaction.atomic():
            if not Delivery.objects.filter(key=key).exists():
                enqueue(stream, 0, [NoticeIssued(key, f"staff:{found.owner}", "rung")], now)
                told += 1
    return told


def tell_of_covers(now: datetime) -> int:
    """Tell the supervisor of somebody who is away that their cover ends within a day: once for each end (OWN-04, OWN-08).
    Gives how many were told."""
    told = 0
    for ending in covers_ending(load(current_version()), now):
        stream = f"{ROSTER}{ending.team}"
        key = f"{stream}.cover.{ending.staff}.{ending.ends:%Y%m%d%H%M}"
        with transaction.atomic():
            if not Delivery.objects.filter(key=key).exists():
                enqueue(stream, 0, [NoticeIssued(key, f"staff:{ending.owner}", "rung")], now)
                told += 1
    return told


def _above(owner: str, directory: Directory) -> str:
    person = directory.staff.get(owner)
    organisation = directory.organisations.get(person.organisation) if person is not None else None
    return organisation.last_resort if organisation is not None else owner
