"""A sitting: the requests of one transaction and what they ask of other cases, decided one after another and written together."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from holdfast.core import commands as c
from holdfast.core.asks import Asked
from holdfast.core.codec import ENGINE, command_to_plain, event_to_plain
from holdfast.core.decide import Accepted, decide
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.core.work import SYSTEM, Refused
from holdfast.desk import points
from holdfast.desk.entry import compose
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.leads import follow_opening
from holdfast.desk.pools import follow
from holdfast.desk.prepared import Prepared, write
from holdfast.desk.reading import Reader
from holdfast.desk.surroundings import Surroundings
from holdfast.directory.snapshot import load as load_directory
from holdfast.ledger.chain import digest
from holdfast.ledger.kept import state_to_text
from holdfast.ledger.refold import folded
from holdfast.ledger.store import NewEntry, Read, StoredHead, read_head
from holdfast.pathways.editions import UnknownEdition, find_edition, get_edition, latest_edition
from holdfast.worklists.change import Change

if TYPE_CHECKING:
    from holdfast.desk.desk import Desk

#: More asks than this from one deed are a bulk run, which is a case of its own (design, section 4).
MOST_ASKS = 20
TOO_MANY = Refusal("too_many_asks", f"This would change more than {MOST_ASKS} other cases at once. Take them in parts.")
#: Whoever was asked is not there any more: the deed goes on without, and the case that asked has it on record.
GONE = frozenset({"ended", "unknown_case", "unknown_person", "settled_before"})


@dataclass(slots=True)
class Sitting:
    """``heads`` are the locked heads, as what was decided so far leaves them. Nothing is written before ``write``."""

    desk: Desk
    heads: dict[str, Read] = field(default_factory=dict)
    prepared: list[Prepared] = field(default_factory=list)
    directories: dict[int, Directory] = field(default_factory=dict)

    def take(self, envelope: Envelope, now: datetime) -> Outcome:
        """One request and all that it asks. Refused as a whole, with the refusal of the ask, unless a machine asked it: a clock
        that goes must go, so what it asks in vain is dropped and put on record."""
        kept, heads = len(self.prepared), dict(self.heads)
        first = self._one(envelope, now, None)
        if isinstance(first, Refusal):
            return self._refused(envelope.stream, first)
        refusal = self._run(envelope, first, now) or self._follow(envelope, self.prepared[kept:])
        if refusal is not None:
            del self.prepared[kept:]
            self.heads = heads
            return self._refused(envelope.stream, refusal)
        head = self.head(envelope.stream)
        return Outcome(True, envelope.stream, head.number if head else 0, None, first.kinds())

    def write(self) -> None:
        if self.prepared:
            write(self.prepared, self.desk.vault)
        for one in self.prepared:
            if one.change.was is None and one.change.pathway.subject == "person":
                follow_opening(one.envelope, one.change.now, one.entry.recorded_at)

    def _follow(self, envelope: Envelope, made: Sequence[Prepared]) -> Refusal | None:
        """What is asked of pools of slots, after every case is locked: a slot that is gone refuses the deed that wanted it."""
        if len(made) == 1:
            return follow(self.desk, made[0].change, envelope)
        try:
            with transaction.atomic():
                for one in made:
                    if (refusal := follow(self.desk, one.change, envelope)) is not None:
                        raise Refused(refusal)
        except Refused as refused:
            return refused.refusal
        return None

    def read(self, stream: str) -> Read:
        """The stream's head, locked; as this sitting leaves it, if it has been here."""
        if stream not in self.heads:
            self.heads[stream] = read_head(stream, "", "")
        return self.heads[stream]

    def directory(self, read: Read) -> Directory:
        """The directory as this look at the database found it; a batch has one, and asks for it once."""
        known = self.directories.get(read.directory)
        if known is None:
            known = self.directories[read.directory] = load_directory(read.directory)
        return known

    def head(self, stream: str) -> StoredHead | None:
        return self.read(stream).head

    def state(self, stream: str) -> State | None:
        head = self.head(stream)
        return None if head is None else folded(stream, head)

    def _run(self, envelope: Envelope, first: Prepared, now: datetime) -> Refusal | None:
        waiting = deque((envelope.stream, ask) for ask in first.asks)
        asked = 0
        while waiting:
            asker, ask = waiting.popleft()
            asked += 1
            answer = self._asked(envelope, ask, now) if asked <= MOST_ASKS else TOO_MANY
            if isinstance(answer, Prepared):
                waiting.extend((ask.case, more) for more in answer.asks)
            elif answer.code in GONE or ask.may_fail or envelope.actor == SYSTEM:
                self._note_dropped(envelope, asker, ask, answer.code, now)
            else:
                return answer
        return None

    def _asked(self, envelope: Envelope, ask: Asked, now: datetime) -> Prepared | Refusal:
        inner = Envelope(ask.case, Ask(type(ask.command).__name__), SYSTEM, envelope.door, received=envelope.received)
        return self._one(inner, now, ask.command)

    def _note_dropped(self, envelope: Envelope, asker: str, ask: Asked, code: str, now: datetime) -> None:
        """On the case that asked; what nobody asked for there is noted where it was to happen, if anything can be."""
        on, case = (ask.case, "") if ask.may_fail else (asker, ask.case)
        if self.head(on) is not None:
            self._asked(envelope, Asked(on, c.NoteDropped(ask.what, code, case)), now)

    def _one(self, envelope: Envelope, now: datetime, command: c.Command | None) -> Prepared | Refusal:
        """One command decided, and made into what is to be written. ``command`` is given where another case asks for it."""
        read = self.read(envelope.stream)
        head = read.head
        now = self.desk.not_before(now, head)
        state = None if head is None else folded(envelope.stream, head)
        if head is None and command is not None and not isinstance(command, c.OpenCase):
            return Refusal("unknown_case", "There is no such case.")
        try:
            pathway = edition_for(envelope, head, command)
        except UnknownEdition as error:
            return Refusal("unknown_edition", f"{error}.")
        reader = Reader(envelope.actor, envelope.occurred or now, self.desk.entropy)
        read_command = command or reader.read(envelope.ask, pathway, state)
        if isinstance(read_command, Refusal):
            return read_command
        later: tuple[Asked, ...] = ()
        if isinstance(read_command, c.OpenCase) and head is None:
            opening = read_command if command is not None else replace(read_command, origin="", hears={})
            around = Surroundings(self.desk.vault, reader, self.state, pathway, self.directory(read), now)
            self.read(f"person:{opening.subject}")  # openings for one person, and erasing them, go one after another
            if around.is_nobody(opening):
                return Refusal("unknown_person", "There is nobody under this name to open a case for.")
            read_command, later = around.furnished(opening), around.hearers(opening)
        directory = self.directory(read)
        onto = find_edition(read_command.edition) if isinstance(read_command, c.MoveEdition) else None
        decision = decide(state, read_command, pathway, directory, envelope.actor, now, envelope.occurred, onto)
        points.passing("decided")
        if isinstance(decision, Refusal):
            return decision
        entry, change = self._keep(envelope, read_command, state, onto or pathway, decision, now)
        prepared = Prepared(envelope, entry, change, tuple(reader.to_seal), (*decision.asks, *later))
        self.prepared.append(prepared)
        self.heads[envelope.stream] = replace(read, head=prepared.head())
        return prepared

    def _keep(
        self, envelope: Envelope, command: c.Command, was: State | None, pathway: Pathway, made: Accepted, now: datetime
    ) -> tuple[NewEntry, Change]:
        """The entry that records it, and what it does to the rows."""
        after = made.state
        plain = map(event_to_plain, made.events)
        number, body = compose(
            envelope, self.head(envelope.stream), now, pathway.digest, command_to_plain(command), plain
        )
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
        return entry, Change(was, after, pathway, number, now, made.events)

    def _refused(self, stream: str, refusal: Refusal) -> Outcome:
        head = self.head(stream)
        return Outcome(False, stream, head.number if head else 0, refusal)


def edition_for(envelope: Envelope, head: StoredHead | None, command: c.Command | None) -> Pathway:
    """The edition that a case was opened on, for ever; for a new one the latest. Raises ``UnknownEdition``."""
    if head is not None:
        return get_edition(head.edition)
    asked = command.pathway if isinstance(command, c.OpenCase) else envelope.ask.values.get("pathway", "")
    return latest_edition(str(asked))
