"""A case's derived rows made again from its entries, and compared with what is there."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from holdfast.clocks.rows import armed, put_all
from holdfast.core import events as e
from holdfast.core.codec import event_from_plain
from holdfast.core.fold import fold
from holdfast.core.state import State
from holdfast.deliveries.models import Attempt
from holdfast.deliveries.outbox import enqueue, settle
from holdfast.desk.difference import Difference, Rows, differences
from holdfast.desk.shelf import CLOCK, DERIVED, Shelf
from holdfast.ledger.sql import among
from holdfast.pathways.editions import get_edition
from holdfast.worklists.change import Change
from holdfast.worklists.remembered import Remembered
from holdfast.worklists.rows import Row
from holdfast.worklists.tables import Table
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


def wrong_rows(case: str, record: Replayed, shelf: Shelf) -> Iterator[Difference]:
    """Every row of the case that is not what its record gives."""
    for table in DERIVED:
        live, made = _keyed(table, case, shelf.rows[table][case]), _keyed(table, case, record.rows[table])
        yield from differences(table.name, case, live, made)


def put_right(records: Mapping[str, Replayed]) -> None:
    """All rows of these cases made anew, in the caller's transaction, which holds their heads' locks."""
    if not records:
        return
    made = {table: [row for record in records.values() for row in record.rows[table]] for table in DERIVED}
    clocks = made.pop(CLOCK)
    replace_all(records, made)
    _forget_clocks(records)
    put_all([], [(id, case, promise, rings) for id, case, promise, rings in clocks])


def forget_rows(case: str) -> None:
    """Take every derived row of a case out."""
    clear([case])
    _forget_clocks([case])


def _forget_clocks(cases: Iterable[str]) -> None:
    which, these = among("stream", cases)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM clock WHERE {which}", [these])  # noqa: S608


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


def lacking_messages(case: str, record: Replayed, shelf: Shelf, write: bool) -> list[Difference]:
    """Messages that the record issued and the outbox lacks: queued only when the case is open and nothing says that they left."""
    told, state = record.told, record.state
    issued = {n.key: (entry, n) for entry in told for n in entry.events if isinstance(n, e.NoticeIssued)}
    ended = {n.key: "sent" for entry in told for n in entry.events if isinstance(n, e.NoticeSent)}
    ended |= {n.key: "failed" for entry in told for n in entry.events if isinstance(n, e.NoticeFailed)}
    lacking = sorted(set(issued) - shelf.messages[case])
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
