"""A year through the desk and its database: every request takes the only way in, every answer is read from the record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from django.db import connection

from holdfast.core.answers import RawAnswer
from holdfast.core.codec import event_from_plain
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.desk import persons
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.publishing import put_directory
from holdfast.directory.items import Item, item_to_plain
from holdfast.ledger.kept import state_from_text
from holdfast.pathways.editions import get_edition
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.year.grounds import Told

DOOR = "rehearsal"


@dataclass(slots=True)
class Premises:
    """The desk on a virtual clock, in a database whose directory and editions are published already."""

    desk: Desk
    clock: VirtualClock
    directory: Directory
    _last: int = 0
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _items: dict[tuple[str, str], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._last = self._newest()
        self._items = {(kind, ref): body for kind, ref, body in _items(self.directory)}

    def pathway_of(self, case: str) -> Pathway:
        return get_edition(self._head(case)[0])

    def state_of(self, case: str) -> State:
        return state_from_text(self._head(case)[1])

    def find_state(self, case: str) -> State | None:
        _, state = self._head(case)
        return state_from_text(state) if state else None

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
            cursor.execute("SELECT id, stream, body FROM ledger_entry WHERE id > %s ORDER BY id", [self._last])
            rows = cursor.fetchall()
        told = []
        for id, stream, body in rows:
            self._last = max(self._last, id)
            self._hash.update(bytes(body))
            if stream.startswith("case:"):
                entry = json.loads(bytes(body))
                events = tuple(map(event_from_plain, entry["events"]))
                told.append(Told(stream, events, kind=entry["command"]["kind"]))
        return sorted(told, key=lambda one: one.case != case)

    @staticmethod
    def _head(case: str) -> tuple[str, str]:
        """Edition and kept state; both empty for a case that does not exist yet."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT edition, state FROM ledger_head WHERE stream = %s", [case])
            edition, state = cursor.fetchone() or ("", "")
        return edition, state

    @staticmethod
    def _newest() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(id), 0) FROM ledger_entry")
            return int(cursor.fetchone()[0])


def _stop(refusal: Refusal | None) -> NoReturn:
    raise RuntimeError(f"the installation refused what the year needs: {refusal}")


def _items(directory: Directory) -> Sequence[Item]:
    entries = [*directory.organisations.values(), *directory.teams.values(), *directory.staff.values()]
    return [item_to_plain(entry) for entry in [*entries, *directory.absences]]
