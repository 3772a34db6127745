"""Deliveries: one notice a step leaves from the outbox, at least once, always under the same key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.core.state import State
from holdfast.deliveries.addressing import TEAM, Held, address_of, kind_of, still_wanted, words_of
from holdfast.deliveries.channels.channel import ByHand, Channel, Notice, Refused, Sent
from holdfast.deliveries.channels.email.identity import return_tag
from holdfast.deliveries.channels.wording import WORDINGS
from holdfast.deliveries.links import LINK_LASTS, make_link
from holdfast.deliveries.models import Delivery, Mute
from holdfast.deliveries.outbox import Leased, hold_back, lease, note_attempt, put_back, settle
from holdfast.desk.desk import Desk
from holdfast.desk.sharing import shared_now
from holdfast.desk.showing import note_shown
from holdfast.directory.snapshot import current_version, load
from holdfast.ledger.models import Head
from holdfast.ledger.refold import folded
from holdfast.ledger.store import StoredHead, read_head
from holdfast.pathways.editions import get_edition
from holdfast.workers.duty import Unhurried, ask, log, told_with, where

LEASE = timedelta(seconds=60)
#: Minutes until the next try, after the first, second ... and every later one. It is never given up.
WAITS = (1, 2, 5, 15, 30, 60)
#: After so many tries the case is told that its message does not get through, while it goes on being tried.
TOLD_AFTER = 6
#: Nothing of the case may be shown outside now: it stays, and leaves when it may (INF-01).
NOT_SHARED = Held("may_not_be_shared", failed=False)
#: Streams of this kind are cases; a notice about anything else tells no case what became of it.
CASE, INBOX, ROSTER = "case:", "inbox:", "roster:"


@dataclass
class Deliveries(Unhurried):
    """Takes, asks again, sends and reports. A worker killed after the carrier took it sends once more under the same key."""

    desk: Desk
    channels: Mapping[str, Channel]
    public_url: str
    name: str = "deliveries"
    pause: float = 1.0
    lease: timedelta = LEASE
    _marks: Callable[[str, str], bytes] = field(init=False)

    def __post_init__(self) -> None:
        secrets = {purpose: self.desk.keyring.secret(purpose) for purpose in ("returns", "links")}
        self._marks = lambda purpose, key: hmac.new(secrets[purpose], key.encode(), hashlib.sha256).digest()

    def step(self, now: datetime) -> bool:
        """Try one delivery; whether there was one. While sending is off nothing is even taken."""
        if not Delivery.objects.filter(status="queued", next_try__lte=now).exists():
            return False
        with transaction.atomic():
            if Mute.objects.exists():
                return False
            taken = lease(now, now + self.lease, 1)
            if not taken:
                return False
            item = taken[0]
            ready = self._ready(item, now)
        if ready is NOT_SHARED:
            self._hold_back(item, now)
        elif isinstance(ready, Held):
            self._hold(item, ready, now)
        else:
            channel, notice = ready
            self._report(item, channel.name, notice, channel.send(notice, now), now)
        return True

    def _ready(self, item: Leased, now: datetime) -> tuple[Channel, Notice] | Held:
        """Everything is asked again here, in the transaction that leases it: state, access, recipient, address."""
        directory = load(current_version())
        state = state_of(item.stream)
        held = still_wanted(item, state, directory, now) if state is not None else None
        if held is None and not self._may_be_shared(item):
            return NOT_SHARED
        if held is not None and not held.failed:
            return held
        address = address_of(item, directory)
        if isinstance(address, Held):
            return address
        if held is not None:
            return held
        channel = self.channels.get(address.channel)
        if channel is None:
            return Held("unknown_channel", failed=True)
        words = words_of(item, state, directory, now)
        token = self._marks("returns", item.key).hex()
        notice = Notice(item.key, address.to, kind_of(item.notice), self._link(item, now), words, token)
        return channel, notice

    def _link(self, item: Leased, now: datetime) -> str:
        """A team gets a secure link, a member of staff the page behind their sign-in. Neither names anybody."""
        kind, _, id = item.recipient.partition(":")
        if not WORDINGS[kind_of(item.notice)].has_link:
            return ""
        if kind == TEAM:
            token = make_link(
                item.stream, id, item.key, now, LINK_LASTS, lambda size: self._marks("links", item.key)[:size]
            )
            return f"{self.public_url}/link/{token}"
        for prefix, page in ((CASE, "cases"), (INBOX, "inbox"), (ROSTER, "gaps")):
            if item.stream.startswith(prefix):
                return f"{self.public_url}/{page}/{item.stream.removeprefix(prefix)}{'/' if prefix == CASE else ''}"
        return f"{self.public_url}/"

    def _may_be_shared(self, item: Leased) -> bool:
        """Whether the case may be shown to that team now (INF-01); staff have it before them already."""
        kind, _, id = item.recipient.partition(":")
        says_nothing = not WORDINGS[kind_of(item.notice)].has_link
        return kind != TEAM or says_nothing or shared_now(item.stream, id, load(current_version()))

    def _hold_back(self, item: Leased, now: datetime) -> None:
        """It waits for the case to change; asked under the head's lock, so that no change slips in between."""
        with transaction.atomic():
            read_head(item.stream, "", "")
            if self._may_be_shared(item):
                put_back(item.key, now)
            else:
                hold_back(item.key, now)

    def _hold(self, item: Leased, held: Held, now: datetime) -> None:
        """It will not leave: withheld because there is nothing left to do, or failed because nobody is there to be told."""
        status = "failed" if held.failed else "withheld"

        def beside() -> None:
            settle(item.key, status)
            note_attempt(item.key, now, "none", status, held.code)

        self._tell(item, "failed" if held.failed else "", "none", held.code, now, beside)

    def _report(
        self, item: Leased, channel: str, notice: Notice, attempt: Sent | ByHand | Refused, now: datetime
    ) -> None:
        if isinstance(attempt, Refused):
            self._refused(item, channel, attempt, now)
            return
        outcome = "sent" if isinstance(attempt, Sent) else "by-hand"
        provider = (attempt.provider_id or "") if isinstance(attempt, Sent) else ""

        def beside() -> None:
            settle(item.key, outcome, return_tag(notice.reply_token))
            self._note_shown(item, channel, now)
            note_attempt(item.key, now, channel, outcome, provider=provider)

        self._tell(item, "sent" if outcome == "sent" else "", channel, "", now, beside)

    def _note_shown(self, item: Leased, channel: str, now: datetime) -> None:
        """A message that left to a team is a disclosure that there is something to see (INF-03)."""
        state = state_of(item.stream) if item.recipient.startswith(f"{TEAM}:") else None
        if state is not None:
            directory = load(current_version())
            note_shown(state, get_edition(state.edition), directory, item.recipient, "message", channel, now)

    def _refused(self, item: Leased, channel: str, refused: Refused, now: datetime) -> None:
        def beside() -> None:
            note_attempt(item.key, now, channel, "refused", refused.code)
            if refused.permanent:
                settle(item.key, "failed")
            else:
                put_back(item.key, now + timedelta(minutes=WAITS[min(item.tries, len(WAITS)) - 1]))

        tell = refused.permanent or item.tries >= TOLD_AFTER
        self._tell(item, "failed" if tell else "", channel, refused.code, now, beside)

    def _tell(
        self, item: Leased, what: str, channel: str, code: str, now: datetime, beside: Callable[[], None]
    ) -> None:
        """Tell the case with the rows in one transaction; if the case cannot be told, the rows still say what happened."""
        if not what or not item.stream.startswith(CASE):
            with transaction.atomic():
                beside()
            return
        values = {"key": item.key, "channel": channel, "at": now.isoformat()} | (
            {"code": code} if what == "failed" else {}
        )
        kind = "NoteFailed" if what == "failed" else "NoteSent"
        try:
            outcome = told_with(self.desk, ask(item.stream, kind, f"{what}:{item.key}", **values), beside)
        except Exception as error:
            log.error("a case could not be told what became of a message: %s", where(error))
            with transaction.atomic():
                beside()
                note_attempt(item.key, now, channel, "untold", type(error).__name__)
            return
        if not outcome.accepted and outcome.refusal is not None and outcome.refusal.code not in _KNOWN_ALREADY:
            log.warning("a case did not take what became of a message: %s", outcome.refusal.code)


#: It was told before, by this worker's predecessor, or the failure it was told of stands.
_KNOWN_ALREADY = frozenset({"key_reused", "unknown_notice"})


def state_of(stream: str) -> State | None:
    """A case as it stands, without locking it; None for what is not a case."""
    head = Head.objects.filter(stream=stream, kind="case").first()
    if head is None:
        return None
    return folded(stream, StoredHead(head.number, head.digest, head.recorded_at, head.edition, head.engine, head.state))
