"""A link that was locked: the message counts as not delivered, so the case's ladder climbs and its holder is told."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.events import NoticeIssued
from holdfast.core.work import SYSTEM
from holdfast.deliveries.models import Link
from holdfast.deliveries.outbox import enqueue, note_attempt
from holdfast.desk import office
from holdfast.desk.envelope import Ask, Envelope
from holdfast.doors.partner.visits import CHANNEL
from holdfast.ledger.models import Head

LOCKED = "link_locked"
_AGAIN = ".again."


def first_key(link: Link) -> str:
    """The message of the case for which the link was first made: one asked for again belongs to the same."""
    return link.key.partition(_AGAIN)[0]


def key_again(link: Link, turn: int) -> str:
    """The key of a message that brings a new link in place of this one."""
    return f"{first_key(link)}{_AGAIN}{turn}"


def tell_locked(link: Link, now: datetime) -> None:
    """Say so once, in the record of the case and to the one who holds it: nobody can answer by this link any more."""
    mark = link.token_hash[:16]
    values = {"key": first_key(link), "channel": CHANNEL, "code": LOCKED, "at": now.isoformat()}
    envelope = Envelope(link.stream, Ask("NoteFailed", values), SYSTEM, CHANNEL, f"locked:{mark}")
    office.the_desk().handle(envelope)
    note_attempt(link.key, now, CHANNEL, "locked", LOCKED)
    head = Head.objects.filter(stream=link.stream).only("number", "holder").first()
    if head is not None and head.holder:
        notice = NoticeIssued(f"{first_key(link)}.locked.{mark}", f"staff:{head.holder}", "rung")
        enqueue(link.stream, head.number, [notice], now)
