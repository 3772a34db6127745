"""The desk: handle(envelope) gives an outcome. One transaction: lock, recall, decide, append, project, enqueue."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from holdfast.desk import points
from holdfast.desk.answered import asked_digest, remember
from holdfast.desk.envelope import Envelope, Outcome, outcome_from_plain, refused
from holdfast.desk.races import TRIES, lost_race
from holdfast.desk.sitting import Sitting
from holdfast.ledger.sql import together
from holdfast.ledger.store import Read, StoredHead, read_head, read_heads
from holdfast.people.keyring import Keyring
from holdfast.people.vault import Erased, Vault


class Desk:
    """The only way in for a write. ``clock`` replaces the database's clock in rehearsals; ``entropy`` gives random bytes."""

    def __init__(
        self,
        keyring: Keyring,
        clock: Callable[[], datetime] | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.keyring = keyring
        self.clock = clock
        self.entropy = entropy
        self.vault = Vault(keyring, entropy)
        self._secret = keyring.secret("answered")

    def handle(self, envelope: Envelope) -> Outcome:
        """Accept or refuse; a repeated key gets its first answer. Success is returned only after the commit returned."""
        for again in range(TRIES):
            try:
                with transaction.atomic():
                    outcome = self.handle_inside(envelope)
                points.passing("committed")
                return outcome
            except Erased:
                return refused(
                    envelope.stream, "erased", "This person was erased: nothing more can be written about them."
                )
            except (IntegrityError, OperationalError) as error:
                if again + 1 == TRIES or not lost_race(error):
                    raise
        raise AssertionError("unreachable")

    def handle_inside(self, envelope: Envelope) -> Outcome:
        """The same, inside a transaction the caller has begun: for batches of clocks and for decisions on several streams."""
        points.passing("begun")
        read = read_head(envelope.stream, envelope.actor, envelope.key)
        points.passing("read")
        asked = asked_digest(envelope, self._secret) if envelope.key else ""
        if read.outcome:
            return self._again(envelope, read, asked)
        now = self.recorded_at(read)
        head = read.head
        if envelope.version is not None and (head is None or head.number != envelope.version):
            return refused(
                envelope.stream, "stale", "Somebody changed this case since you looked. Look again, then decide."
            )
        sitting = Sitting(self, {envelope.stream: read})
        outcome = sitting.take(envelope, now)
        with together():
            sitting.write()
            if envelope.key:
                remember(envelope, asked, outcome, now)
                points.passing("answered")
        return outcome

    def recorded_at(self, read: Read) -> datetime:
        """Never before the stream's last entry, whatever the clocks say."""
        return self.not_before(self.clock() if self.clock is not None else read.now, read.head)

    def not_before(self, now: datetime, head: StoredHead | None) -> datetime:
        """``now``, or when the stream's last entry was recorded if that is later: recorded time never goes back."""
        return now if head is None else max(now, head.recorded_at)

    def _again(self, envelope: Envelope, read: Read, asked: str) -> Outcome:
        if read.asked != asked:
            return refused(
                envelope.stream, "key_reused", "This key was used for another request. Use a new key for a new request."
            )
        return outcome_from_plain(json.loads(read.outcome))

    def fire_all(self, streams: Sequence[str], envelope: Callable[[str], Envelope]) -> list[Outcome]:
        """One request of the machine to each of several streams, inside a transaction the caller has begun: read together, decided
        one by one, written together. Requests without a key; a fault in one is a fault of all, and the caller takes them singly."""
        points.passing("begun")
        sitting = Sitting(self, read_heads(streams))
        points.passing("read")
        answers = []
        for stream in streams:
            read = sitting.heads.get(stream)
            if read is None:
                answers.append(refused(stream, "unknown_case", "There is no such case."))
            else:
                answers.append(sitting.take(envelope(stream), self.recorded_at(read)))
        sitting.write()
        return answers
