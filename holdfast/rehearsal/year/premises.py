"""A year through the desk and its database: every request takes the only way in, every answer is read from the record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from django.db import connection

from holdfast.core.answers import RawAnswer
from holdfast.core.capacity import PoolCommand
from holdfast.core.codec import event_from_plain
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.pools import Pool
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.desk import persons, points
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.pools import handle_pool, read_pool
from holdfast.desk.publishing import put_directory
from holdfast.desk.sharing import shared_now
from holdfast.directory.items import Item, item_to_plain
from holdfast.ledger.kept import state_from_text, state_to_text
from holdfast.pathways.editions import get_edition
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.year.grounds import Told, onward

DOOR = "rehearsal"
_SINCE = """SELECT e.id, e.stream, e.body, h.edition, h.state FROM ledger_entry e JOIN ledger_head h ON h.stream = e.stream
WHERE e.id > %s ORDER BY e.id"""


@dataclass(slots=True)
class Premises:
    """The desk on a virtual clock, in a database whose directory and editions are published already."""

    desk: Desk
    clock: VirtualClock
    directory: Directory
    _last: int = 0
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _items: dict[tuple[str, str], object] = field(default_factory=dict)
    _states: dict[str, State] = field(default_factory=dict)
    _editions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._last = self._newest()
        self._items = {(kind, ref): body for kind, ref, body in _items(self.directory)}

    def pathway_of(self, case: str) -> Pathway:
        return get_edition(self._editions[case])

    def state_of(self, case: str) -> State:
        """As its entries fold, which after each of them is held against what the database keeps."""
        return self._states[case]

    def new_subject(self, now: datetime) -> str:
        """Registers an invented person."""
        self.clock.move_to(now)
        person = "p" + self.desk.entropy(16).hex()
        card = {"person.name": RawAnswer("given", "Robin Vale")}
        outcome = persons.register(self.desk, person, card, [("mrn", person)], SYSTEM, DOOR)
        return person if outcome.accepted else _stop(outcome.refusal)

    def tell(self, case: str, ask: Ask, actor: str, now: datetime, key: str) -> list[Told]:
        self.clock.move_to(now)
        outcome = self.desk.handle(Envelope(case, ask, actor, DOOR, key))
        if outcome.refusal is not None:
            return [Told(case, (), outcome.refusal, outcome.again)]
        if outcome.again:
            return [Told(case, (), None, True)]
        return self._new(case)

    def die(self, case: str, ask: Ask, actor: str, now: datetime, key: str, point: str) -> list[Told]:
        """The write breaks off at ``point``, so its transaction is rolled back unless it was committed."""
        self.clock.move_to(now)
        usual, points.passing = points.passing, _dying(point)
        try:
            self.desk.handle(Envelope(case, ask, actor, DOOR, key))
        except _Died:
            pass
        finally:
            points.passing = usual
        return self._new(case)

    def shows(self, case: str, team: str) -> bool:
        return shared_now(case, team, self.directory)

    def pool(self, pool: str) -> Pool:
        return read_pool(pool)

    def turn(self, pool: str, command: PoolCommand, actor: str, now: datetime) -> list[Told]:
        self.clock.move_to(now)
        outcome = handle_pool(self.desk, pool, command, actor, DOOR)
        return self._new("") if outcome.accepted else _stop(outcome.refusal)

    def change_directory(self, directory: Directory) -> None:
        """What differs is published, as an administrator would publish it."""
        items = _items(directory)
        now = {(kind, ref): body for kind, ref, body in items}
        gone: list[Item] = [(kind, ref, None) for kind, ref in self._items if (kind, ref) not in now]
        changed = [item for item in items if self._items.get(item[:2]) != item[2]]
        outcome = put_directory(self.desk, [*gone, *changed], SYSTEM, DOOR)
        if not outcome.accepted:
            _stop(outcome.refusal)
        self.directory, self._items = directory, now

    def digest(self) -> str:
        return self._hash.hexdigest()

    def _new(self, case: str) -> list[Told]:
        """The entries of cases written since the last request: its own first, then those of other cases that it reached."""
        with connection.cursor() as cursor:
            cursor.execute(_SINCE, [self._last])
            rows = cursor.fetchall()
        last = {stream: id for id, stream, *_ in rows}
        told = []
        for id, stream, body, edition, kept in rows:
            self._last = max(self._last, id)
            self._hash.update(bytes(body))
            if not stream.startswith("case:"):
                continue
            entry = json.loads(bytes(body))
            events = tuple(map(event_from_plain, entry["events"]))
            was = self._states.get(stream)
            now = onward(was, events)
            if now is None:
                raise LookupError(f"{stream} has an entry and no beginning")
            replays = id != last[stream] or state_to_text(now) == kept
            if not replays and (stored := state_from_text(kept)) == now:
                # Mappings in another order; from here on in the order that is kept, so that the texts agree.
                now, replays = stored, True
            self._states[stream], self._editions[stream] = now, edition
            told.append(Told(stream, events, was=was, now=now, kind=entry["command"]["kind"], replays=replays))
        return sorted(told, key=lambda one: one.case != case)

    @staticmethod
    def _newest() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(id), 0) FROM ledger_entry")
            return int(cursor.fetchone()[0])


class _Died(Exception):
    """The process is gone."""


def _dying(at: str) -> Callable[[str], None]:
    def passing(point: str) -> None:
        if point == at:
            raise _Died

    return passing


def _stop(refusal: Refusal | None) -> NoReturn:
    raise RuntimeError(f"the installation refused what the year needs: {refusal}")


def _items(directory: Directory) -> Sequence[Item]:
    entries = [*directory.organisations.values(), *directory.teams.values(), *directory.staff.values()]
    return [item_to_plain(entry) for entry in [*entries, *directory.absences]]
