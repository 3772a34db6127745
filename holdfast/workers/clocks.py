"""Clocks: what is due is handed to the desk in batches, oldest first, each case by itself when it fails in a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from holdfast.clocks.heartbeat import CLOCKS, Life, lives, why_late
from holdfast.clocks.rows import claim_due
from holdfast.clocks.stalled import clear_stalled, note_stalled, oldest_due_but, resting, ringing
from holdfast.core.firing import ON_TIME
from holdfast.desk import points
from holdfast.desk.desk import Desk
from holdfast.workers.duty import ask, log, where

#: Streams fired in one transaction.
BATCH = 100


@dataclass
class Clocks:
    """Fires due clocks through the desk (ESC-06). Several processes share the work: each locks the cases it takes."""

    desk: Desk
    batch: int = BATCH
    name: str = CLOCKS
    pause: float = 1.0
    _late: list[int] = field(default_factory=list)

    def step(self, now: datetime) -> bool:
        """Fire one batch of what is due at ``now``; whether anything was there to take."""
        leave = resting(now)
        if oldest_due_but(now, leave) is None:
            return False
        try:
            taken, failed = self._fire_batch(now, leave)
        except Exception as error:
            # The transaction as a whole was lost; which case it was shows when each goes by itself.
            log.warning("a batch of clocks was not fired: %s", where(error))
            taken = failed = self._due_now(now, leave)
        for stream in failed:
            self._fire_alone(stream, now)
        return bool(taken)

    def late_ms(self) -> int:
        """The worst lateness, in ms, of what was fired since this was last asked."""
        late, self._late = sorted(self._late), []
        if late and late[-1] > ON_TIME * 1000:
            p99 = late[min(len(late) - 1, len(late) * 99 // 100)]
            log.info("fired %d cases; late by at most %d ms, 99%% by %d ms", len(late), late[-1], p99)
        return late[-1] if late else 0

    def _fire_batch(self, now: datetime, leave: list[str]) -> tuple[list[str], list[str]]:
        done: dict[str, int] = {}
        failed: list[str] = []
        with transaction.atomic():
            taken = claim_due(now, self.batch, leave)
            rings, watched = ringing(taken, now), lives()
            for stream, fired in self._fire_together(taken, rings, now, watched):
                if fired:
                    done[stream] = _ms(rings.get(stream, now), now)
                elif ringing([stream], now):
                    failed.append(stream)
            clear_stalled(done)
        points.passing("committed")
        self._late += done.values()
        return taken, failed

    def _fire_together(
        self, taken: list[str], rings: dict[str, datetime], now: datetime, watched: list[Life]
    ) -> list[tuple[str, bool]]:
        """All of a batch in one savepoint; when that fails, each in its own, so that one case cannot hold up the others."""
        if not taken:
            return []
        try:
            with transaction.atomic():
                outcomes = self.desk.fire_all(
                    taken,
                    lambda stream: ask(stream, "FireClocks", why_late=_why(rings.get(stream), now, watched)),
                )
                return [(outcome.stream, outcome.accepted) for outcome in outcomes]
        except Exception as error:
            log.warning("a batch of clocks is taken case by case: %s", where(error))
        fired = []
        for stream in taken:
            try:
                with transaction.atomic():
                    fired.append((stream, self._fire(stream, rings.get(stream), now, watched)))
            except Exception as error:
                log.warning("the clocks of one case were not fired with others: %s", where(error))
                fired.append((stream, False))
        return fired

    def _fire(self, stream: str, due: datetime | None, now: datetime, watched: list[Life]) -> bool:
        """False when the case says that nothing is due: somebody was a moment faster, or its clock rows are wrong."""
        return self.desk.handle_inside(ask(stream, "FireClocks", why_late=_why(due, now, watched))).accepted

    def _fire_alone(self, stream: str, now: datetime) -> None:
        """In a transaction of its own; failing there as well, the case becomes an alarm and rests a while."""
        due = ringing([stream], now).get(stream)
        if due is None:
            return
        try:
            # Tried again when it lost a race: a case may ask something of one that another worker holds.
            fired = self.desk.handle(ask(stream, "FireClocks", why_late=_why(due, now, lives()))).accepted
            # Another worker may have fired it between the two.
            failure = (
                "" if fired or not ringing([stream], now) else "its clock is due and the case says that nothing is"
            )
        except Exception as error:
            log.error("the clocks of one case cannot be fired: %s", where(error))
            fired, failure = False, f"firing its clocks failed ({type(error).__name__})"
        if failure:
            note_stalled(stream, now, failure)
        elif fired:
            clear_stalled([stream])
            self._late.append(_ms(due, now))

    def _due_now(self, now: datetime, leave: list[str]) -> list[str]:
        with transaction.atomic():
            return claim_due(now, self.batch, leave)


def _why(due: datetime | None, now: datetime, watched: list[Life]) -> str:
    return why_late(due, now, watched) if due is not None and _ms(due, now) > ON_TIME * 1000 else ""


def _ms(due: datetime, now: datetime) -> int:
    return max(0, int((now - due).total_seconds() * 1000))
