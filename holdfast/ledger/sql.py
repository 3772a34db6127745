"""Instants and bytes as both database engines keep them, for the statements that rooms write by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection


def stored(at: datetime | None) -> Any:
    """An aware instant as a statement's argument."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def among(column: str, values: Iterable[str]) -> tuple[str, Any]:
    """A condition that ``column`` is one of ``values``, with its one argument: the statement stays the same however many there are."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", list(values)
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))  # noqa: S608


def instant(value: Any) -> datetime:
    """An aware UTC instant from a raw row: SQLite gives text, PostgreSQL a datetime."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@contextmanager
def together() -> Iterator[None]:
    """Statements inside are sent in one go where the engine can (PostgreSQL's pipeline): one round trip instead of many.

    Inside another, it is a part of that one: each end of a pipeline waits for the database, so only the outermost ends it."""
    raw = connection.connection
    if connection.vendor == "postgresql" and hasattr(raw, "pipeline") and not raw.info.pipeline_status:
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
    bound = _binder()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        marks = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {marks}{conflict}",  # noqa: S608
                [cell for row in chunk for cell in bound(row)],
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
    bound = _binder()
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE {table} SET {sets} WHERE "{key}" = %s',  # noqa: S608
            [[*cells, which] for which, *cells in map(bound, rows)],
        )


def _binder() -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What makes a row's cells arguments: the driver of PostgreSQL takes them as they are, that of SQLite takes no instants.

    Asked once for all rows: through Django's connection each question costs more than the answer."""
    return tuple if connection.vendor == "postgresql" else _texts


def _texts(row: Sequence[Any]) -> Sequence[Any]:
    # As Django writes them for SQLite: UTC, with a space, without a zone.
    return [str(cell.astimezone(UTC).replace(tzinfo=None)) if isinstance(cell, datetime) else cell for cell in row]


def _as_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], default=_json_cell)


def _json_cell(cell: Any) -> Any:
    """Called for what JSON has no word for: instants and bytes."""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return "\\x" + cell.hex()
    raise TypeError(f"{type(cell).__name__} is no cell")
