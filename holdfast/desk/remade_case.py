"""A case's derived rows made again from its entries, and compared with what is there."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
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
from holdfast.ledger.sql import instant
from holdfast.pathways.editions import get_edition
from holdfast.worklists.change import Change
from holdfast.worklists.remembered import Remembered
from holdfast.worklists.rows import Row
from holdfast.worklists.tables import TABLES, Table
from holdfast.worklists.writing import clear, replace_all

_CLOCK = Table("clock", ("id", "stream", "promise", "rings"), ("id",), of="stream")
#: Each derived table.
DERIVED = (*TABLES, _CLOCK)
_INSTANTS = frozenset({"opened_at", "window_ends", "next_ring", "due_at", "rings", "at", "since", "until"})


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it was written: its number, when, and its events."""

    number: int
    at: datetime
    events: tuple[e.Event, ...]


def remake(case: str, bodies: list[bytes], write: bool) -> tuple[State, list[Difference]]:
    """Compare and, with ``write``, put right. Runs in the caller's transaction, which holds the head's lock."""
    told = [_told(body) for body in bodies]
    state, made = _replay(case, told)
    found = [
        d
        for table in DERIVED
        for d in differences(table.name, case, _live(table, case), _keyed(table, case, made[table]))
    ]
    if write and found:
        forget_rows(case)
        replace_all(case, {table: made[table] for table in TABLES})
        put_clocks(case, (), armed(state))
    return state, [*found, *_outbox(case, told, state, write)]


def forget_rows(case: str) -> None:
    """Take every derived row of a case out."""
    clear(case)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clock WHERE stream = %s", [case])


def _told(body: bytes) -> Told:
    plain = json.loads(body)
    at = datetime.fromisoformat(plain["recorded"])
    return Told(plain["number"], at, tuple(event_from_plain(event) for event in plain["events"]))


def _replay(case: str, told: list[Told]) -> tuple[State, dict[Table, Sequence[Row]]]:
    """The case folded, and the rows that its record gives: nothing is written to find them."""
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
    return state, {**remembered.rows(), _CLOCK: clocks}


def _live(table: Table, case: str) -> Rows:
    """The rows that are there. By hand, since Django's own way of asking takes longer than the answer, for every case anew."""
    columns = ", ".join(f'"{name}"' for name in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM {table.name} WHERE "{table.of}" = %s', [case])  # noqa: S608
        found = cursor.fetchall()
    instants = [name in _INSTANTS for name in table.columns]
    rows = [[instant(cell) if at and cell else cell for cell, at in zip(row, instants, strict=True)] for row in found]
    return _keyed(table, case, rows)


def _keyed(table: Table, case: str, rows: Iterable[Sequence[Any]]) -> Rows:
    keyed: dict[Hashable, dict[str, Any]] = {}
    for cells in rows:
        row = dict(zip(table.columns, cells, strict=True))
        key = tuple(row[name] for name in table.key)
        keyed[key[0] if len(key) == 1 else key or case] = row
    return keyed


def _outbox(case: str, told: list[Told], state: State, write: bool) -> list[Difference]:
    """Messages that the record issued and the outbox lacks: queued only when the case is open and nothing says that they left."""
    issued = {n.key: (entry, n) for entry in told for n in entry.events if isinstance(n, e.NoticeIssued)}
    ended = {n.key: "sent" for entry in told for n in entry.events if isinstance(n, e.NoticeSent)}
    ended |= {n.key: "failed" for entry in told for n in entry.events if isinstance(n, e.NoticeFailed)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM delivery WHERE stream = %s", [case])
        lacking = sorted(set(issued) - {key for (key,) in cursor.fetchall()})
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
