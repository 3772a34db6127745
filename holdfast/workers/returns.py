"""Returns: what came back to the return address goes to its case, or to somebody who finds out what it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.deliveries.channels.channel import Channel, Reply
from holdfast.deliveries.channels.email.returns import Returns, ReturnsUnavailable, mark_read, unread
from holdfast.deliveries.models import Attempt, Delivery
from holdfast.deliveries.outbox import note_attempt, settle
from holdfast.desk.desk import Desk
from holdfast.directory.snapshot import current_version, load
from holdfast.inbox.models import Message
from holdfast.people.sealing import NONCE_BYTES, seal
from holdfast.workers.duty import Unhurried, ask, log, told_with

#: Somebody looks at what could not be matched within this time.
LOOK_WITHIN = timedelta(hours=4)
BOUNCED = "bounced"


@dataclass
class ReturnedMail(Unhurried):
    """Reads one mail a step. A bounce fails its message through the desk; nothing a machine answers is a receipt (HZ-02)."""

    desk: Desk
    channel: Channel
    returns: Returns | None
    name: str = "returns"
    pause: float = 10.0
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

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

        def beside() -> None:
            outcome = BOUNCED if reply.kind == "bounce" and reply.permanent else reply.kind
            note_attempt(delivery.key, now, self.channel.name, outcome, "", reply.raw_digest)
            if reply.kind == "bounce" and reply.permanent:
                settle(delivery.key, "failed")

        if reply.kind == "bounce" and reply.permanent:
            values = {"key": delivery.key, "channel": self.channel.name, "code": BOUNCED, "at": now.isoformat()}
            told_with(self.desk, ask(delivery.stream, "NoteFailed", f"returned:{delivery.key}", **values), beside)
        else:
            with transaction.atomic():
                beside()

    def _keep(self, raw: bytes, reply: Reply, delivery: Delivery | None, now: datetime) -> None:
        """Sealed in the inbox under a key of its own, with an owner and a time by which somebody looks."""
        if Message.objects.filter(digest=reply.raw_digest).exists():
            return
        id = self.new_id()
        holder = f"inbox:{id}"
        with transaction.atomic():
            vault = self.desk.vault
            vault.make_key(holder)
            key = vault.find_key(holder)
            if key is None:
                raise LookupError("the key of a message just made is not there")
            Message.objects.create(
                id=id,
                digest=reply.raw_digest,
                what="mail",
                received_at=now,
                door="mail",
                source="return address",
                sealed=seal(key, raw, holder, self.desk.entropy(NONCE_BYTES)),
                status="unmatched",
                says=f"{reply.says} It came to the return address"
                + ("." if delivery else " and belongs to no message of ours."),
                stream=delivery.stream if delivery else "",
                owner=last_resort(),
                due_at=now + LOOK_WITHIN,
            )


def find_delivery(reply: Reply) -> Delivery | None:
    """The message that this answers: by its key and, where the address carries one, by the tag that only we could give it."""
    tagged = Delivery.objects.filter(return_tag=reply.return_tag).first() if reply.return_tag else None
    if reply.key is None:
        return tagged
    named = Delivery.objects.filter(key=reply.key).first()
    # A tag that belongs to another message, or to none, makes the key a guess.
    return named if named is not None and reply.return_tag in (None, named.return_tag) else None


def last_resort() -> str:
    """Who looks when nothing says whose it is: the last resort of the first organisation that writes to others."""
    directory = load(current_version())
    writing = {team.organisation for team in directory.teams.values() if not team.external}
    found = sorted(directory.organisations.values(), key=lambda o: (o.id not in writing, o.id))
    return found[0].last_resort if found else "nobody"
