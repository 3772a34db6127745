"""Asking for a new link in place of one that ran out: it goes to the address agreed with the team, and nowhere else."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.events import NoticeIssued
from holdfast.deliveries.links import hash_of
from holdfast.deliveries.models import Link
from holdfast.deliveries.outbox import enqueue, note_attempt
from holdfast.doors.partner.lockout import key_again
from holdfast.doors.partner.visits import CHANNEL
from holdfast.ledger.models import Head

#: Seconds in which one new link is enough, however often it is asked for.
_SPACED = 3600


def renew(token: str, now: datetime) -> None:
    """Enqueue a message with a new link, if this token's link was ours and only ran out.

    Says nothing about whether it was: a stranger who tries tokens learns nothing. Whether the team still has a part in the
    case is asked again when the message leaves.
    """
    link = Link.objects.filter(token_hash=hash_of(token), revoked_at=None, expires_at__lte=now).first()
    head = Head.objects.filter(stream=link.stream).only("number").first() if link is not None else None
    if link is None or head is None:
        return
    key = key_again(link, int(now.timestamp()) // _SPACED)
    enqueue(link.stream, head.number, [NoticeIssued(key, f"team:{link.team}", "news")], now)
    note_attempt(link.key, now, CHANNEL, "asked-again")
