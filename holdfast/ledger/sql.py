"""Instants and bytes as both database engines keep them, for the statements that rooms write by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection


def stored(at: datetime | None) -> Any:
    """An aware instant as a statement's argument."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def instant(value: Any) -> datetime:
    """An aware UTC instant from a raw row: SQLite gives text, PostgreSQL a datetime."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@contextmanager
def together() -> Iterator[None]:
    """Statements inside are sent in one go where the engine can (PostgreSQL's pipeline): one round trip instead of many."""
    raw = connection.connection
    if connection.vendor == "postgresql" and hasattr(raw, "pipeline"):
        with connection.wrap_database_errors, raw.pipeline():
            yield
    else:
        yield


#: Rows of one INSERT of values; more go as one JSON argument where the engine can take a set of rows apart.
CHUNK = 200
FEW = 3


def put_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], conflict: str = "") -> None:
    """Insert rows in as few statements as the engine allows. Cells are text, whole numbers, booleans, bytes, None or aware instants.

    ``table``, ``columns`` and ``conflict`` (what follows the values) are words of the code, never of a user.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql" and len(rows) > FEW:
        # A driver that binds thousands of values spends more on them than the database does: one argument, typed by the table.
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s){conflict}",  # noqa: S608
                [_as_json(columns, rows)],
            )
        return
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        marks = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {marks}{conflict}",  # noqa: S608
                [_argument(cell) for row in chunk for cell in row],
            )


def change_rows(table: str, key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set ``columns`` of the rows whose ``key`` is the first cell of each of ``rows``; the other cells are the values."""
    if connection.vendor == "postgresql" and len(rows) > FEW:
        sets = ", ".join(f'"{name}" = n."{name}"' for name in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM json_populate_recordset(NULL::{table}, %s) n"  # noqa: S608
                f' WHERE {table}."{key}" = n."{key}"',
                [_as_json([key, *columns], rows)],
            )
        return
    sets = ", ".join(f'"{name}" = %s' for name in columns)
    statement = f'UPDATE {table} SET {sets} WHERE "{key}" = %s'  # noqa: S608
    with connection.cursor() as cursor:
        for which, *cells in rows:
            cursor.execute(statement, [*map(_argument, cells), which])


def _argument(cell: Any) -> Any:
    return stored(cell) if isinstance(cell, datetime) else cell


def _as_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    return json.dumps([dict(zip(columns, map(_json_cell, row), strict=True)) for row in rows])


def _json_cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.isoformat()
    return "\\x" + cell.hex() if isinstance(cell, bytes) else cell
