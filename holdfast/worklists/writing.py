"""Writing the read models. Only the desk calls this, in the transaction that decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from holdfast.core import events as e
from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.ledger.sql import stored
from holdfast.worklists.rows import Row, case_row, exception_rows, part_rows, promise_rows

_CASE_COLUMNS = '"case", subject, pathway, edition, status, tier, tier_rank, holder, stage, endpoint, opened_at, window_ends, next_ring'
_PROMISE_COLUMNS = '"case", promise, kind, status, owner, team, due_at, rings, rung, tier_rank, started_by, task'


def project(
    was: State | None, now: State, pathway: Pathway, entry: int, at: datetime, events: Sequence[e.Event]
) -> None:
    """Bring the rows of one case up to its new state."""
    _put("worklist_case", _CASE_COLUMNS, ["case"], [case_row(now, pathway)])
    before, after = promise_rows(was, pathway), promise_rows(now, pathway)
    _put(
        "worklist_promise", _PROMISE_COLUMNS, ["case", "promise"], [r for id, r in after.items() if before.get(id) != r]
    )
    parts = part_rows(now) - (part_rows(was) if was is not None else set())
    _put("worklist_part", '"case", concerned, status, opened_at', ["concerned", "case"], sorted(parts))
    _leave(was, now)
    # The last holder stays on record after the window: a case that comes back is never without a name.
    for event in events:
        if isinstance(event, e.HolderMoved):
            _move_holding(now.case, event.to, event.why, entry, at)
    _insert(
        "worklist_exception",
        '"case", entry, place, kind, what, at, tier_rank',
        exception_rows(now, pathway, entry, at, events),
    )


def _leave(was: State | None, now: State) -> None:
    """Nobody who was concerned is forgotten: they saw it, and the record says so; only the status of their row follows."""
    if was is not None and was.status != now.status:
        with connection.cursor() as cursor:
            cursor.execute('UPDATE worklist_part SET status = %s WHERE "case" = %s', [now.status, now.case])


def _move_holding(case: str, holder: str, why: str, entry: int, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute('UPDATE worklist_holding SET until = %s WHERE "case" = %s AND until IS NULL', [stored(at), case])
        cursor.execute(
            'INSERT INTO worklist_holding ("case", turn, holder, since, until, entry, why)'
            ' SELECT %s, COUNT(*) + 1, %s, %s, NULL, %s, %s FROM worklist_holding WHERE "case" = %s',
            [case, holder, stored(at), entry, why[:300], case],
        )


def clear(case: str) -> None:
    """Take out every row of a case; only rebuild does this, before it makes them again."""
    with connection.cursor() as cursor:
        for table in ("worklist_case", "worklist_part", "worklist_promise", "worklist_holding", "worklist_exception"):
            cursor.execute(f'DELETE FROM {table} WHERE "case" = %s', [case])  # noqa: S608


def _put(table: str, columns: str, key: Iterable[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    names = [name.strip().strip('"') for name in columns.split(",")]
    keys = set(key)
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    target = ", ".join(f'"{name}"' for name in key)
    _insert(table, columns, rows, f" ON CONFLICT ({target}) DO UPDATE SET {updates}")


def _insert(table: str, columns: str, rows: Sequence[Row], conflict: str = "") -> None:
    if not rows:
        return
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}){conflict}",  # noqa: S608
            [tuple(_argument(cell) for cell in row) for row in rows],
        )


def _argument(cell: Any) -> Any:
    return stored(cell) if isinstance(cell, datetime) else cell
