"""Reading a stream's head and appending an entry: one statement each way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from holdfast.ledger.chain import FIRST_PREV
from holdfast.ledger.sql import among, change_rows, instant, put_rows


@dataclass(frozen=True, slots=True)
class StoredHead:
    """A locked head: its number, digest and folded state, and what the database's clock says."""

    number: int
    digest: str
    recorded_at: datetime
    edition: str
    engine: str
    state: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    stream: str
    kind: str
    number: int
    digest: str
    recorded_at: datetime
    body: bytes
    edition: str
    engine: str
    state: str
    holder: str


@dataclass(frozen=True, slots=True)
class Read:
    """What one look at the database told: the head (locked), an earlier answer to the same key, and the directory's version."""

    head: StoredHead | None
    asked: str
    outcome: str
    directory: int
    now: datetime


_EARLIER = "(SELECT {column} FROM desk_answered WHERE scope = %s AND key = %s)"
_VERSION = "COALESCE((SELECT number FROM directory_version WHERE id = 1), 0)"


def _clock() -> str:
    return "clock_timestamp()" if connection.vendor == "postgresql" else "NULL"


def read_head(stream: str, scope: str, key: str, lock: bool = True) -> Read:
    """Lock the stream's head and read all that a decision needs. A stream without a head reads as None; without ``lock``, just look."""
    locking = " FOR UPDATE OF h" if lock and connection.vendor == "postgresql" else ""
    asked, outcome = _EARLIER.format(column="asked"), _EARLIER.format(column="outcome")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {asked}, {outcome}, {_VERSION}, {_clock()}, h.number, h.digest, h.recorded_at, h.edition, h.engine, h.state"  # noqa: S608
            f" FROM ledger_head h WHERE h.stream = %s{locking}",
            [scope, key, scope, key, stream],
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                f"SELECT {asked}, {outcome}, {_VERSION}, {_clock()}",
                [scope, key, scope, key],
            )
            row = (*cursor.fetchone(), None)
    head = None
    if row[4] is not None:
        head = StoredHead(row[4], row[5], instant(row[6]), row[7], row[8], row[9])
    now = instant(row[3]) if row[3] is not None else datetime.now(UTC)
    return Read(head, row[0] or "", row[1] or "", int(row[2]), now)


def read_heads(streams: Sequence[str]) -> dict[str, Read]:
    """Several heads with one statement, locked; for batches that no caller's key comes with."""
    lock = " FOR UPDATE OF h" if connection.vendor == "postgresql" else ""
    these, names = among("h.stream", streams)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT h.stream, {_VERSION}, {_clock()}, h.number, h.digest, h.recorded_at, h.edition, h.engine, h.state"  # noqa: S608
            f" FROM ledger_head h WHERE {these} ORDER BY h.stream{lock}",
            [names],
        )
        rows = cursor.fetchall()
    reads = {}
    for row in rows:
        now = instant(row[2]) if row[2] is not None else datetime.now(UTC)
        head = StoredHead(row[3], row[4], instant(row[5]), row[6], row[7], row[8])
        reads[row[0]] = Read(head, "", "", int(row[1]), now)
    return reads


def append(entry: NewEntry) -> None:
    """Store one entry and move its head."""
    append_all([entry])


def append_all(entries: Sequence[NewEntry]) -> None:
    """Store entries and move their heads. Raises ``IntegrityError`` when somebody else appended one of the numbers first."""
    put_rows("ledger_entry", _ENTRY, [(n.stream, n.number, n.recorded_at, n.digest, n.body) for n in entries])
    new = [(n.stream, *_moved(n), n.kind) for n in entries if n.number == 1]
    moved = [(n.stream, *_moved(n)) for n in entries if n.number != 1]
    if new:
        put_rows("ledger_head", ["stream", *_MOVED, "kind"], new)
    if moved:
        change_rows("ledger_head", "stream", _MOVED, moved)


_ENTRY = ("stream", "number", "recorded_at", "digest", "body")
_MOVED = ("number", "digest", "recorded_at", "edition", "engine", "state", "holder")


def _moved(entry: NewEntry) -> tuple[Any, ...]:
    """What an entry changes of its head, in the order of ``_MOVED``."""
    return tuple(getattr(entry, name) for name in _MOVED)


def rewrite_head(entry: NewEntry) -> None:
    """Put a derived head right again, at the number it has; only rebuild does this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_head SET edition=%s, engine=%s, state=%s, holder=%s WHERE stream=%s AND number=%s",
            [entry.edition, entry.engine, entry.state, entry.holder, entry.stream, entry.number],
        )


def bodies(stream: str) -> Iterator[bytes]:
    """The entries of a stream in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_entry WHERE stream = %s ORDER BY number", [stream])
        for (body,) in cursor.fetchall():
            yield bytes(body)


def previous_digest(head: StoredHead | None) -> str:
    return FIRST_PREV if head is None else head.digest
