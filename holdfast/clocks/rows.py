"""Clock rows: written with the entry that armed them, found when due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection

from holdfast.core.state import State
from holdfast.ledger.sql import among, instant, put_rows, stored

Armed = tuple[str, str, datetime]


def armed(state: State | None) -> set[Armed]:
    """The clocks that a case's state has running: (id, promise, rings). The window's own promise is called ``window``."""
    if state is None:
        return set()
    running = {(p.clock, p.id, p.rings) for p in state.promises.values() if p.owed}
    if state.window_rings is not None:
        running.add((state.window_clock, "window", state.window_rings))
    return running


def put_clocks(stream: str, gone: Iterable[Armed], new: Iterable[Armed]) -> None:
    """Take out the clocks of one stream that stopped and put in those that were armed. Only the desk calls this."""
    put_all([id for id, _, _ in gone], [(id, stream, promise, rings) for id, promise, rings in new])


def put_all(gone: Sequence[str], new: Sequence[tuple[str, str, str, datetime]]) -> None:
    """The same for several streams: ids that go, and (id, stream, promise, rings) that come."""
    if gone:
        which, ids = among("id", gone)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM clock WHERE {which}", [ids])  # noqa: S608
    put_rows("clock", ("id", "stream", "promise", "rings"), new)


def clocks_of(stream: str) -> set[Armed]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, promise, rings FROM clock WHERE stream = %s", [stream])
        return {(id, promise, instant(rings)) for id, promise, rings in cursor.fetchall()}


def claim_due(now: datetime, most: int, but: Collection[str] = ()) -> list[str]:
    """Lock the heads of up to ``most`` streams with a due clock, oldest due first, passing over those somebody else holds.

    ``but`` are streams to leave alone for now: stalled ones, which would otherwise stand first in every batch for ever.

    On PostgreSQL the heads are locked with SKIP LOCKED; on SQLite the caller's IMMEDIATE transaction is the lock.
    """
    # Enough clock rows to fill the batch even if several belong to one case.
    left = f" AND stream NOT IN ({','.join(['%s'] * len(but))})" if but else ""
    first = f"SELECT stream, rings FROM clock WHERE rings <= %s{left} ORDER BY rings LIMIT %s"  # noqa: S608
    due = f"SELECT stream, MIN(rings) AS rings FROM ({first}) d GROUP BY stream"  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT h.stream FROM ({due}) c JOIN ledger_head h ON h.stream = c.stream"  # noqa: S608
                " ORDER BY c.rings LIMIT %s FOR UPDATE OF h SKIP LOCKED",
                [stored(now), *but, most * 4, most],
            )
        else:
            cursor.execute(f"SELECT stream FROM ({due}) c ORDER BY rings LIMIT %s", [stored(now), *but, most * 4, most])  # noqa: S608
        return [stream for (stream,) in cursor.fetchall()]


def oldest_due(now: datetime) -> datetime | None:
    """When the oldest clock that is due should have fired."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(rings) FROM clock WHERE rings <= %s", [stored(now)])
        (rings,) = cursor.fetchone()
    return None if rings is None else instant(rings)
