"""A case's derived rows made again from its entries, and compared with what is there."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from holdfast.clocks.rows import armed, put_clocks
from holdfast.core import events as e
from holdfast.core.codec import event_from_plain
from holdfast.core.fold import fold
from holdfast.core.state import State
from holdfast.deliveries.models import Attempt
from holdfast.deliveries.outbox import enqueue, settle
from holdfast.desk.difference import Difference, Rows, differences
from holdfast.desk.shelf import CLOCK, DERIVED, Shelf
from holdfast.pathways.editions import get_edition
from holdfast.worklists.change import Change
from holdfast.worklists.remembered import Remembered
from holdfast.worklists.rows import Row
from holdfast.worklists.tables import TABLES, Table
from holdfast.worklists.writing import clear, replace_all


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it was written: its number, when, and its events."""

    number: int
    at: datetime
    events: tuple[e.Event, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A case as its record gives it: the state, the rows of every derived table, and the entries they come from."""

    state: State
    rows: Mapping[Table, Sequence[Row]]
    told: Sequence[Told]


def replay(case: str, bodies: Sequence[bytes]) -> Replayed:
    """Fold the entries of a case. Raises ``LookupError`` for one that never began. Reads and writes no table but editions."""
    told = [_told(body) for body in bodies]
    state: State | None = None
    remembered = Remembered()
    for entry in told:
        was = None if state is None else state.copy()
        for event in entry.events:
            state = fold(state, event)
        if state is None:
            raise LookupError(f"{case} has no beginning")
        remembered.take(Change(was, state, get_edition(state.edition), entry.number, entry.at, entry.events))
    if state is None:
        raise LookupError(f"{case} has no entries")
    clocks = [(id, case, promise, rings) for id, promise, rings in armed(state)]
    return Replayed(state, {**remembered.rows(), CLOCK: clocks}, told)


def remake(case: str, record: Replayed, shelf: Shelf, write: bool) -> list[Difference]:
    """Compare and, with ``write``, put right: then in the caller's transaction, which holds the head's lock."""
    found = [
        d
        for table in DERIVED
        for d in differences(
            table.name, case, _keyed(table, case, shelf.rows[table][case]), _keyed(table, case, record.rows[table])
        )
    ]
    if write and found:
        forget_rows(case)
        replace_all(case, {table: record.rows[table] for table in TABLES})
        put_clocks(case, (), armed(record.state))
    return [*found, *_outbox(case, record, shelf.messages[case], write)]


def forget_rows(case: str) -> None:
    """Take every derived row of a case out."""
    clear(case)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clock WHERE stream = %s", [case])


def _told(body: bytes) -> Told:
    plain = json.loads(body)
    at = datetime.fromisoformat(plain["recorded"])
    return Told(plain["number"], at, tuple(event_from_plain(event) for event in plain["events"]))


def _keyed(table: Table, case: str, rows: Iterable[Sequence[Any]]) -> Rows:
    keyed: dict[Hashable, dict[str, Any]] = {}
    for cells in rows:
        row = dict(zip(table.columns, cells, strict=True))
        key = tuple(row[name] for name in table.key)
        keyed[key[0] if len(key) == 1 else key or case] = row
    return keyed


def _outbox(case: str, record: Replayed, queued: Set[str], write: bool) -> list[Difference]:
    """Messages that the record issued and the outbox lacks: queued only when the case is open and nothing says that they left."""
    told, state = record.told, record.state
    issued = {n.key: (entry, n) for entry in told for n in entry.events if isinstance(n, e.NoticeIssued)}
    ended = {n.key: "sent" for entry in told for n in entry.events if isinstance(n, e.NoticeSent)}
    ended |= {n.key: "failed" for entry in told for n in entry.events if isinstance(n, e.NoticeFailed)}
    lacking = sorted(set(issued) - queued)
    tried = set(Attempt.objects.filter(key__in=lacking).values_list("key", flat=True)) if lacking else set()
    found = []
    for key in lacking:
        entry, notice = issued[key]
        status = ended.get(key) or ("queued" if key not in tried and state.status == "open" else "withheld")
        found.append(
            Difference("delivery", key, f"a message of the record is missing; a rebuild puts it in as {status}")
        )
        if write:
            enqueue(case, entry.number, [notice], entry.at)
            if status != "queued":
                settle(key, status)
    return found
