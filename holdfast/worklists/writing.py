"""Writing the read models. Only the desk calls this, in the transaction that decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from django.db import connection

from holdfast.core import events as e
from holdfast.ledger.sql import among, put_rows, stored
from holdfast.worklists.change import Change
from holdfast.worklists.rows import (
    Row,
    called_rows,
    case_row,
    exception_rows,
    part_rows,
    promise_row,
    promise_rows,
    settled,
)
from holdfast.worklists.tables import CALLED, CASE, EXCEPTION, PART, PROMISE, TABLES, Table

#: What ``part_rows`` is made from.
_CONCERNED = attrgetter("status", "opened", "holder", "parties", "offered", "named", "duties")


def project_all(changes: Sequence[Change]) -> None:
    """Bring the rows of several cases up to their new states, a few statements for all of them."""
    _put(CASE, [case_row(c.now, c.pathway) for c in changes])
    _put(PROMISE, [row for c in changes for row in _promises(c)])
    moved = [(c, part_rows(c.was) if c.was else set(), part_rows(c.now)) for c in changes if _concerns_others(c)]
    _put(PART, [row for _, was, now in moved for row in sorted(now - was)])
    exceptions = [row for c in changes for row in exception_rows(c.now, c.pathway, c.entry, c.at, c.events)]
    put_rows(EXCEPTION.name, EXCEPTION.columns, exceptions)
    called = [row for c in changes for row in called_rows(c.now.case, c.events)]
    _put(CALLED, called)
    for change, was, now in moved:
        _leave(change, {who for _, who, *_ in was} - {who for _, who, *_ in now})
    for change in changes:
        _answered(change)
        # The last holder stays on record after the window: a case that comes back is never without a name.
        for event in change.events:
            if isinstance(event, e.HolderMoved):
                _move_holding(change.now.case, event.to, event.why, change.entry, change.at)


def _promises(change: Change) -> list[Row]:
    """The rows that are new or other than before. Values are shared from one state to the next, so most are the same object."""
    was, now = change.was, change.now
    if was is not None and (was.tier, was.parties, was.edition) == (now.tier, now.parties, now.edition):
        touched = [p for id, p in now.promises.items() if was.promises.get(id) is not p]
        return [promise_row(now, change.pathway, promise) for promise in touched]
    return list(promise_rows(now, change.pathway).values())


def _concerns_others(change: Change) -> bool:
    """Whether anything changed that says who is concerned, or since when: for most entries, and all clocks, nothing did."""
    return change.was is None or _CONCERNED(change.was) != _CONCERNED(change.now)


def _leave(change: Change, gone: set[str]) -> None:
    """A team that is no longer asked sees no further, nor does a person who is no longer named; the record keeps that they did."""
    if change.was is None:
        return
    for who in sorted(gone):
        with connection.cursor() as cursor:
            cursor.execute('DELETE FROM worklist_part WHERE "case" = %s AND concerned = %s', [change.now.case, who])
    if change.was.status != change.now.status:
        with connection.cursor() as cursor:
            cursor.execute(
                'UPDATE worklist_part SET status = %s WHERE "case" = %s', [change.now.status, change.now.case]
            )


def _answered(change: Change) -> None:
    """Whoever was called about something that is settled now need look at it no longer."""
    for promise in settled(change.was, change.now):
        with connection.cursor() as cursor:
            cursor.execute('DELETE FROM worklist_called WHERE "case" = %s AND promise = %s', [change.now.case, promise])


def _move_holding(case: str, holder: str, why: str, entry: int, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute('UPDATE worklist_holding SET until = %s WHERE "case" = %s AND until IS NULL', [stored(at), case])
        cursor.execute(
            'INSERT INTO worklist_holding ("case", turn, holder, since, until, entry, why)'
            ' SELECT %s, COUNT(*) + 1, %s, %s, NULL, %s, %s FROM worklist_holding WHERE "case" = %s',
            [case, holder, stored(at), entry, why[:300], case],
        )


def clear(cases: Iterable[str]) -> None:
    """Take out every row of these cases; only rebuild does this, before it puts in those that the record gives."""
    which, these = among('"case"', cases)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table.name} WHERE {which}", [these])  # noqa: S608


def replace_all(cases: Iterable[str], rows: Mapping[Table, Sequence[Row]]) -> None:
    """Every row of these cases as it should stand, instead of those that are there; only rebuild does this."""
    clear(cases)
    for table, made in rows.items():
        put_rows(table.name, table.columns, made)


def _put(table: Table, rows: Sequence[Row]) -> None:
    if not rows:
        return
    key = ("case", *table.key)
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in table.columns if name not in key)
    target = ", ".join(f'"{name}"' for name in key)
    put_rows(table.name, table.columns, rows, f" ON CONFLICT ({target}) DO UPDATE SET {updates}")
