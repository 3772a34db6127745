"""Puts what left during a rehearsal where the demonstration's mailbox page shows it, with links that open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from holdfast.deliveries.addressing import EMAIL, TEAM, Address, address_of, kind_of, words_of
from holdfast.deliveries.channels.channel import Channel, Notice
from holdfast.deliveries.links import LINK_LASTS, make_link
from holdfast.deliveries.outbox import Leased
from holdfast.directory.snapshot import current_version, load
from holdfast.ledger.refold import folded
from holdfast.ledger.store import read_head

_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class MailShelf:
    """``channel`` writes into a folder, ``since`` leaves out older mail that nobody would look for, ``entropy`` makes tokens."""

    channel: Channel
    public_url: str
    since: datetime
    entropy: Callable[[int], bytes]

    def __call__(self, one: Leased, at: datetime) -> None:
        """Write one message as it would have left; what goes by another way than mail, or has no address, is passed over."""
        directory = load(current_version())
        address = address_of(one, directory)
        head = read_head(one.stream, "", "").head
        if at < self.since or head is None or not isinstance(address, Address) or address.channel != EMAIL:
            return
        kind, _, id = one.recipient.partition(":")
        page = f"/cases/{one.stream.removeprefix('case:')}/"
        if kind == TEAM:
            page = f"/link/{make_link(one.stream, id, one.key, at, LINK_LASTS, self.entropy)}"
        words = words_of(one, folded(one.stream, head), directory, at)
        token = self.entropy(_TOKEN_BYTES).hex()
        notice = Notice(one.key, address.to, kind_of(one.notice), f"{self.public_url}{page}", words, token)
        self.channel.send(notice, at)
