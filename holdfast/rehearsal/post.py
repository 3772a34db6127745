"""The post of a rehearsal: takes every message at once, and returns or refuses those that the story says."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdfast.core.work import SYSTEM
from holdfast.deliveries.outbox import Leased, lease, note_attempt, settle
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.rehearsal.reckoning import span_of
from holdfast.rehearsal.story import PostRule

DOOR = "rehearsal"
_LEASE = timedelta(minutes=1)
_AT_ONCE = 100
_NO_SUCH_MAILBOX = "5.1.1"

#: Puts a message that left where people can see it. A rehearsal without pages needs none.
Shelf = Callable[[Leased, datetime], None]


@dataclass(slots=True)
class _Watched:
    """A rule of one case, and how often it may still act. ``address`` is ``team:<id>`` or ``staff:<id>``."""

    address: str
    rule: PostRule
    left: int


@dataclass(slots=True)
class Post:
    """Carries what is in the outbox; what comes back does so at ``next_return``."""

    desk: Desk
    shelf: Shelf | None = None
    _rules: dict[str, list[_Watched]] = field(default_factory=dict)
    _coming: list[tuple[datetime, str, str]] = field(default_factory=list)

    def watch(self, case: str, address: str, rule: PostRule) -> None:
        """From now on ``rule`` holds for messages of ``case`` to ``address``."""
        self._rules.setdefault(case, []).append(_Watched(address, rule, rule.times))

    def carry(self, now: datetime) -> None:
        """Take everything that waits, until nothing does: a refusal can make the ladder write again."""
        while leased := lease(now, now + _LEASE, _AT_ONCE):
            for one in leased:
                self._take(one, now)

    def next_return(self) -> datetime | None:
        return self._coming[0][0] if self._coming else None

    def bring_back(self, now: datetime) -> None:
        """What was taken and could not be delivered after all comes back (REC-01)."""
        while self._coming and self._coming[0][0] <= now:
            at, stream, key = heapq.heappop(self._coming)
            note_attempt(key, at, "email", "bounced", _NO_SUCH_MAILBOX)
            settle(key, "failed")
            self._failed(stream, key, f"returned:{key}", at)

    def _take(self, one: Leased, now: datetime) -> None:
        if one.by == "phone":
            settle(one.key, "by-hand")
            note_attempt(one.key, now, "phone", "by-hand")
            return
        rule = self._rule_for(one)
        if rule is not None and rule.does == "refused":
            settle(one.key, "failed")
            note_attempt(one.key, now, "email", "refused", "550")
            self._failed(one.stream, one.key, f"refused:{one.key}", now)
            return
        settle(one.key, "sent")
        note_attempt(one.key, now, "email", "sent")
        self._tell("NoteSent", one.stream, f"sent:{one.key}", key=one.key, channel="email", at=now.isoformat())
        if self.shelf is not None:
            self.shelf(one, now)
        if rule is not None:
            heapq.heappush(self._coming, (now + span_of(rule.after), one.stream, one.key))

    def _rule_for(self, one: Leased) -> PostRule | None:
        for watched in self._rules.get(one.stream, ()):
            if watched.left and (watched.address, watched.rule.notice) == (one.recipient, one.notice):
                watched.left -= 1
                return watched.rule
        return None

    def _failed(self, stream: str, key: str, once: str, at: datetime) -> None:
        self._tell("NoteFailed", stream, once, key=key, channel="email", code=_NO_SUCH_MAILBOX, at=at.isoformat())

    def _tell(self, kind: str, stream: str, once: str, **values: str) -> None:
        self.desk.handle(Envelope(stream, Ask(kind, values), SYSTEM, DOOR, once))
