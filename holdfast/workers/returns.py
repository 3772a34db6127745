"""Returns: what came back to the return address goes to its case, or to somebody who finds out what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.deliveries.channels.channel import Channel, Reply
from holdfast.deliveries.channels.email.returns import Returns, ReturnsUnavailable, mark_read, unread
from holdfast.deliveries.models import Attempt, Delivery
from holdfast.deliveries.outbox import note_attempt, settle
from holdfast.desk.desk import Desk
from holdfast.desk.stowing import Fate, Parcel, message_digest, owner_of, stow
from holdfast.directory.snapshot import current_version, load
from holdfast.inbox.models import Message
from holdfast.pathways.editions import get_edition
from holdfast.workers.deliveries import state_of
from holdfast.workers.duty import Unhurried, ask, log, told_with

BOUNCED = "bounced"
FAILED = "delivery-failed"


@dataclass
class ReturnedMail(Unhurried):
    """Reads one mail a step. A bounce fails its message through the desk; nothing a machine answers is a receipt (HZ-02)."""

    desk: Desk
    channel: Channel
    returns: Returns | None
    name: str = "returns"
    pause: float = 10.0

    def step(self, now: datetime) -> bool:
        """Take in one mail; it is marked as read only once what it says is stored."""
        if self.returns is None:
            return False
        try:
            found = next(unread(self.returns), None)
            if found is None:
                return False
            mail_id, raw = found
            self.take(raw, now)
            mark_read(self.returns, mail_id)
        except ReturnsUnavailable as error:
            log.warning("%s", error)
            return False
        return True

    def take(self, raw: bytes, now: datetime) -> None:
        """Store what one mail says. The same mail twice changes nothing."""
        reply = self.channel.read_reply(raw)
        delivery = find_delivery(reply)
        if delivery is None or reply.kind == "unknown":
            self._keep(raw, reply, delivery, now)
            return
        if Attempt.objects.filter(key=delivery.key, provider=reply.raw_digest).exists():
            return

        if not (reply.kind == "bounce" and reply.permanent):
            with transaction.atomic():
                note_attempt(delivery.key, now, self.channel.name, reply.kind, "", reply.raw_digest)
            return
        before = state_of(delivery.stream)

        def beside() -> None:
            note_attempt(delivery.key, now, self.channel.name, BOUNCED, "", reply.raw_digest)
            settle(delivery.key, "failed")
            # Here and not afterwards: a worker that dies in between would leave a bounce that is noted and nobody's.
            if not somebodys(before, state_of(delivery.stream), delivery.key):
                self._keep(raw, reply, delivery, now)

        values = {"key": delivery.key, "channel": self.channel.name, "code": BOUNCED, "at": now.isoformat()}
        told_with(self.desk, ask(delivery.stream, "NoteFailed", f"returned:{delivery.key}", **values), beside)

    def _keep(self, raw: bytes, reply: Reply, delivery: Delivery | None, now: datetime) -> None:
        """Into the inbox, sealed, with an owner and a time by which somebody looks."""
        if Message.objects.filter(digest=message_digest(self.desk, raw)).exists():
            return
        says = f"{reply.says} It came to the return address" + (
            "." if delivery else " and belongs to no message of ours."
        )
        owner = owner_of(None, load(current_version()), now)
        fate = Fate("unmatched", says, delivery.stream if delivery else "", owner=owner)
        with transaction.atomic():
            stow(self.desk, Parcel(raw, "mail", "the return address", "mail", SYSTEM, now), fate)


def somebodys(before: State | None, after: State | None, key: str) -> bool:
    """Whether somebody owes what the message ``key`` that came back was for: the promise it was sent about, or another way to reach
    them, which this failure opened or changed: one that stood already is about another message. A closed case opens no promise, a
    settled one climbs no more, and an inbox and a roster know neither (REC-01)."""
    if before is None or after is None:
        return False
    about, stood = before.notices.get(key, ""), {promise.id: promise for promise in before.owed()}
    kinds = {o.id for o in get_edition(after.edition).obligations if any(one.moment == FAILED for one in o.opens)}
    return any(one.id == about or (one.kind in kinds and stood.get(one.id) != one) for one in after.owed())


def find_delivery(reply: Reply) -> Delivery | None:
    """The message that this answers: by its key and, where the address carries one, by the tag that only we could give it."""
    tagged = Delivery.objects.filter(return_tag=reply.return_tag).first() if reply.return_tag else None
    if reply.key is None:
        return tagged
    named = Delivery.objects.filter(key=reply.key).first()
    # A tag that belongs to another message, or to none, makes the key a guess.
    return named if named is not None and reply.return_tag in (None, named.return_tag) else None
