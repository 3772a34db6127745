"""The desk: handle(envelope) gives an outcome. One transaction: lock, recall, decide, append, project, enqueue."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from holdfast.clocks.rows import armed, put_all
from holdfast.core import events as e
from holdfast.core.codec import ENGINE, command_to_plain, event_to_plain
from holdfast.core.conditions import ALWAYS
from holdfast.core.decide import decide
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.deliveries.outbox import enqueue_all, release
from holdfast.desk import points
from holdfast.desk.answered import asked_digest, remember
from holdfast.desk.entry import compose
from holdfast.desk.envelope import Envelope, Outcome, outcome_from_plain, refused
from holdfast.desk.leads import follow_opening
from holdfast.desk.links import revoke_ended
from holdfast.desk.pools import follow
from holdfast.desk.races import TRIES, lost_race
from holdfast.desk.reading import Reader
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.chain import digest
from holdfast.ledger.kept import state_from_text, state_to_text
from holdfast.ledger.refold import refold
from holdfast.ledger.sql import together
from holdfast.ledger.store import NewEntry, Read, StoredHead, append_all, bodies, read_head, read_heads
from holdfast.pathways.editions import UnknownEdition, get_edition, latest_edition
from holdfast.people.keyring import Keyring
from holdfast.people.vault import Erased, ToSeal, Vault
from holdfast.worklists.writing import Change, project_all


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

    def fire_all(self, streams: Sequence[str], envelope: Callable[[str], Envelope]) -> list[Outcome]:
        """One request of the machine to each of several streams, inside a transaction the caller has begun: read together, decided
        one by one, written together. Requests without a key; a fault in one is a fault of all, and the caller takes them singly."""
        points.passing("begun")
        reads = read_heads(streams)
        points.passing("read")
        answers: dict[str, Outcome | Prepared] = {}
        for stream in streams:
            read = reads.get(stream)
            if read is None:
                answers[stream] = refused(stream, "unknown_case", "There is no such case.")
            else:
                answers[stream] = self._followed(envelope(stream), read, self.recorded_at(read))
        prepared = [answer for answer in answers.values() if isinstance(answer, Prepared)]
        if prepared:
            self._write(prepared)
        return [a.outcome() if isinstance(a, Prepared) else a for a in answers.values()]

    def _decide(self, envelope: Envelope, read: Read, now: datetime) -> Outcome:
        prepared = self._followed(envelope, read, now)
        if isinstance(prepared, Outcome):
            return prepared
        self._write([prepared])
        if prepared.change.was is None and prepared.change.pathway.subject == "person":
            follow_opening(envelope, prepared.change.now, now)
        return prepared.outcome()

    def _followed(self, envelope: Envelope, read: Read, now: datetime) -> Outcome | Prepared:
        """The decision, and what it asks of the pools of slots done: a slot that is gone refuses the deed that wanted it."""
        prepared = self._prepare(envelope, read, now)
        if isinstance(prepared, Outcome):
            return prepared
        refusal = follow(self, prepared.change, envelope)
        if refusal is None:
            return prepared
        return Outcome(False, envelope.stream, read.head.number if read.head else 0, refusal)

    def _prepare(self, envelope: Envelope, read: Read, now: datetime) -> Outcome | Prepared:
        """Decide, and make everything that is to be written; nothing is written yet."""
        head = read.head
        state = None if head is None else folded(envelope.stream, head)
        try:
            pathway = self._pathway(envelope, head)
        except UnknownEdition as error:
            return refused(envelope.stream, "unknown_edition", f"{error}.")
        if head is None and pathway.subject == "person" and self._is_nobody(envelope):
            return refused(envelope.stream, "unknown_person", "There is nobody under this name to open a case for.")
        reader = Reader(envelope.actor, envelope.occurred or now, self.entropy)
        command = reader.read(envelope.ask, pathway, state)
        if isinstance(command, Refusal):
            return Outcome(False, envelope.stream, refusal=command)
        directory = load_directory(read.directory)
        decision = decide(state, command, pathway, directory, envelope.actor, now, envelope.occurred)
        points.passing("decided")
        if isinstance(decision, Refusal):
            return Outcome(False, envelope.stream, head.number if head else 0, decision)
        events = map(event_to_plain, decision.events)
        number, body = compose(envelope, head, now, pathway.digest, command_to_plain(command), events)
        after = decision.state
        entry = NewEntry(
            stream=envelope.stream,
            kind="case",
            number=number,
            digest=digest(body),
            recorded_at=now,
            body=body,
            edition=pathway.digest,
            engine=ENGINE,
            state=state_to_text(after),
            holder=after.holder,
        )
        return Prepared(entry, Change(state, after, pathway, number, now, decision.events), tuple(reader.to_seal))

    def _write(self, prepared: Sequence[Prepared]) -> None:
        """All rows of all entries, a few statements in one round trip."""
        with together():
            append_all([p.entry for p in prepared])
            points.passing("entry")
            project_all([p.change for p in prepared])
            points.passing("worklists")
            before = {p.entry.stream: armed(p.change.was) for p in prepared}
            after = {p.entry.stream: armed(p.change.now) for p in prepared}
            put_all(
                [id for stream in before for id, _, _ in before[stream] - after[stream]],
                [(id, stream, p, rings) for stream in after for id, p, rings in after[stream] - before[stream]],
            )
            points.passing("clocks")
            enqueue_all([notice for p in prepared for notice in p.notices()])
            for p in prepared:
                if p.change.pathway.sharing != ALWAYS:
                    # Whether it may leave now is asked again, by the worker, of the case as this entry leaves it.
                    release(p.entry.stream, p.entry.recorded_at)
            points.passing("deliveries")
        for p in prepared:
            revoke_ended(p.change.was, p.change.now, p.change.at)
            self.vault.put(p.change.now.subject, p.entry.stream, p.entry.number, p.to_seal)

    def _is_nobody(self, envelope: Envelope) -> bool:
        """Not registered, or erased: nothing could be written down in such a case."""
        ask = envelope.ask
        return ask.kind == "OpenCase" and self.vault.find_key(str(ask.values.get("subject", ""))) is None

    def _pathway(self, envelope: Envelope, head: StoredHead | None) -> Pathway:
        if head is not None:
            return get_edition(head.edition)
        return latest_edition(str(envelope.ask.values.get("pathway", "")))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decision ready to be written: the entry, what it does to the case's rows, and the values to seal."""

    entry: NewEntry
    change: Change
    to_seal: tuple[ToSeal, ...]

    def outcome(self) -> Outcome:
        kinds = tuple(type(event).__name__ for event in self.change.events)
        return Outcome(True, self.entry.stream, self.entry.number, None, kinds)

    def notices(self) -> list[tuple[str, int, e.NoticeIssued, datetime]]:
        entry = self.entry
        issued = [event for event in self.change.events if isinstance(event, e.NoticeIssued)]
        return [(entry.stream, entry.number, notice, entry.recorded_at) for notice in issued]


def folded(stream: str, head: StoredHead) -> State:
    """The state kept on the head, or folded again from the entries when another engine made it."""
    if head.engine == ENGINE:
        return state_from_text(head.state)
    return refold(bodies(stream))
