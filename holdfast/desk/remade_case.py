"""A case's derived rows made again from its entries, by the code that writes them live, and compared with what is there."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from holdfast.clocks.models import Clock
from holdfast.clocks.rows import armed, put_clocks
from holdfast.core import events as e
from holdfast.core.codec import event_from_plain
from holdfast.core.fold import fold
from holdfast.core.state import State
from holdfast.deliveries.models import Attempt, Delivery
from holdfast.deliveries.outbox import enqueue, settle
from holdfast.desk.difference import Difference, Rows, differences
from holdfast.pathways.editions import get_edition
from holdfast.worklists.models import Called, CaseRow, Exceptional, Holding, Part, Promised
from holdfast.worklists.writing import clear, project

#: Each derived table: the column that names the case, and those that tell its rows apart.
TABLES: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (CaseRow, "case", ()),
    (Part, "case", ("concerned",)),
    (Promised, "case", ("promise",)),
    (Called, "case", ("promise", "staff")),
    (Holding, "case", ("turn",)),
    (Exceptional, "case", ("entry", "place")),
    (Clock, "stream", ("id",)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it was written: its number, when, and its events."""

    number: int
    at: datetime
    events: tuple[e.Event, ...]


def remake(case: str, bodies: list[bytes], write: bool) -> tuple[State, list[Difference]]:
    """Compare and, with ``write``, put right. Runs in the caller's transaction, which holds the head's lock."""
    told = [_told(body) for body in bodies]
    live = _rows_of(case)
    point = transaction.savepoint()
    state = _replay(case, told)
    remade = _rows_of(case)
    found = [d for table, rows in live.items() for d in differences(table, case, rows, remade[table])]
    if write and found:
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)
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


def _replay(case: str, told: list[Told]) -> State:
    forget_rows(case)
    state: State | None = None
    for entry in told:
        was = None if state is None else state.copy()
        for event in entry.events:
            state = fold(state, event)
        if state is None:
            raise LookupError(f"{case} has no beginning")
        project(was, state, get_edition(state.edition), entry.number, entry.at, entry.events)
    if state is None:
        raise LookupError(f"{case} has no entries")
    put_clocks(case, (), armed(state))
    return state


def _rows_of(case: str) -> dict[str, Rows]:
    return {model._meta.db_table: _read(model, named, keys, case) for model, named, keys in TABLES}


def _read(model: type[models.Model], named: str, keys: tuple[str, ...], case: str) -> Rows:
    automatic = {"id"} if isinstance(model._meta.pk, models.AutoField | models.BigAutoField) else set()
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in automatic]
    rows: dict[Hashable, dict[str, Any]] = {}
    for row in model._default_manager.filter(**{named: case}).values(*columns):
        key = tuple(row[key] for key in keys)
        rows[key[0] if len(key) == 1 else key or case] = row
    return rows


def _outbox(case: str, told: list[Told], state: State, write: bool) -> list[Difference]:
    """Messages that the record issued and the outbox lacks: queued only when the case is open and nothing says that they left."""
    issued = {n.key: (entry, n) for entry in told for n in entry.events if isinstance(n, e.NoticeIssued)}
    ended = {n.key: "sent" for entry in told for n in entry.events if isinstance(n, e.NoticeSent)}
    ended |= {n.key: "failed" for entry in told for n in entry.events if isinstance(n, e.NoticeFailed)}
    lacking = sorted(set(issued) - set(Delivery.objects.filter(stream=case).values_list("key", flat=True)))
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
