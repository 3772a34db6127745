"""The desk: handle(envelope) gives an outcome. One transaction: lock, recall, decide, append, project, enqueue."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from holdfast.clocks.rows import armed, put_clocks
from holdfast.core import events as e
from holdfast.core.codec import ENGINE, command_to_plain, event_to_plain, state_from_plain, state_to_plain
from holdfast.core.decide import Accepted, decide
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.deliveries.outbox import enqueue
from holdfast.desk import points
from holdfast.desk.answered import asked_digest, remember
from holdfast.desk.entry import compose
from holdfast.desk.envelope import Envelope, Outcome, outcome_from_plain, refused
from holdfast.desk.reading import Reader
from holdfast.desk.refold import refold
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.chain import digest
from holdfast.ledger.sql import together
from holdfast.ledger.store import NewEntry, Read, StoredHead, append, bodies, read_head
from holdfast.pathways.editions import UnknownEdition, get_edition, latest_edition
from holdfast.people.keyring import Keyring
from holdfast.people.vault import Vault
from holdfast.worklists.writing import project

#: How often a transaction that lost a race is tried again before the caller is told.
TRIES = 5


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
            except (IntegrityError, OperationalError) as error:
                if again + 1 == TRIES or not _lost_race(error):
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
        outcome = self._decide(envelope, read, now)
        if envelope.key:
            remember(envelope, asked, outcome, now)
            points.passing("answered")
        return outcome

    def recorded_at(self, read: Read) -> datetime:
        """Never before the stream's last entry, whatever the clocks say."""
        now = self.clock() if self.clock is not None else read.now
        return now if read.head is None else max(now, read.head.recorded_at)

    def _again(self, envelope: Envelope, read: Read, asked: str) -> Outcome:
        if read.asked != asked:
            return refused(
                envelope.stream, "key_reused", "This key was used for another request. Use a new key for a new request."
            )
        return outcome_from_plain(json.loads(read.outcome))

    def _decide(self, envelope: Envelope, read: Read, now: datetime) -> Outcome:
        state = None if read.head is None else folded(envelope.stream, read.head)
        try:
            pathway = self._pathway(envelope, read.head)
        except UnknownEdition as error:
            return refused(envelope.stream, "unknown_edition", f"{error}.")
        reader = Reader(envelope.actor, envelope.occurred or now, self.entropy)
        command = reader.read(envelope.ask, pathway, state)
        if isinstance(command, Refusal):
            return Outcome(False, envelope.stream, refusal=command)
        directory = load_directory(read.directory)
        decision = decide(state, command, pathway, directory, envelope.actor, now, envelope.occurred)
        points.passing("decided")
        if isinstance(decision, Refusal):
            return Outcome(False, envelope.stream, read.head.number if read.head else 0, decision)
        number = self._record(envelope, read.head, now, pathway, command_to_plain(command), decision, state)
        if reader.to_seal:
            self.vault.put(decision.state.subject, envelope.stream, number, reader.to_seal)
        return Outcome(True, envelope.stream, number, None, tuple(type(event).__name__ for event in decision.events))

    def _pathway(self, envelope: Envelope, head: StoredHead | None) -> Pathway:
        if head is not None:
            return get_edition(head.edition)
        return latest_edition(str(envelope.ask.values.get("pathway", "")))

    def _record(
        self,
        envelope: Envelope,
        head: StoredHead | None,
        now: datetime,
        pathway: Pathway,
        command: dict[str, Any],
        decision: Accepted,
        was: State | None,
    ) -> int:
        number, body = compose(envelope, head, now, pathway.digest, command, map(event_to_plain, decision.events))
        state = decision.state
        entry = NewEntry(
            stream=envelope.stream,
            kind="case",
            number=number,
            digest=digest(body),
            recorded_at=now,
            body=body,
            edition=pathway.digest,
            engine=ENGINE,
            state=json.dumps(state_to_plain(state), separators=(",", ":")),
            holder=state.holder,
        )
        before, after = armed(was), armed(state)
        with together():
            append(entry)
            points.passing("entry")
            project(was, state, pathway, number, now, decision.events)
            points.passing("worklists")
            put_clocks(envelope.stream, before - after, after - before)
            points.passing("clocks")
            enqueue(envelope.stream, number, [n for n in decision.events if isinstance(n, e.NoticeIssued)], now)
            points.passing("deliveries")
        return number


def folded(stream: str, head: StoredHead) -> State:
    """The state kept on the head, or folded again from the entries when another engine made it."""
    if head.engine == ENGINE:
        return state_from_plain(json.loads(head.state))
    return refold(bodies(stream))


def _lost_race(error: Exception) -> bool:
    """A duplicate number or key, a serialization failure, a deadlock, a busy database: another try may find it settled."""
    code = getattr(error.__cause__, "sqlstate", "") or ""
    text = str(error)
    return code in ("23505", "40001", "40P01") or "UNIQUE constraint failed" in text or "locked" in text
