"""A pool's rows made again from its entries, by the code that writes them live, and compared with what is there."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction

from holdfast.capacity.models import SlotRow, WaitingRow
from holdfast.capacity.rows import forget_pool, project_pool
from holdfast.core.pools import pool_event_from_plain
from holdfast.desk.difference import Difference, Rows, differences

_SLOT = ("at", "status", "case", "until", "why", "since", "team", "kind")


def remake_pool(pool: str, bodies: list[bytes], write: bool) -> list[Difference]:
    """Compare and, with ``write``, put right. Runs in the caller's transaction, which holds the head's lock."""
    if not connection.in_atomic_block:
        raise RuntimeError("a pool's rows are found by writing them: that needs a transaction to take back")
    live = _rows_of(pool)
    point = transaction.savepoint()
    forget_pool(pool)
    for body in bodies:
        plain = json.loads(body)
        events = [pool_event_from_plain(event) for event in plain["events"]]
        project_pool(pool, events, datetime.fromisoformat(plain["recorded"]))
    remade = _rows_of(pool)
    found = [d for table, rows in live.items() for d in differences(table, pool, rows, remade[table])]
    if write and found:
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)
    return found


def _rows_of(pool: str) -> dict[str, Rows]:
    slots: Rows = {
        f"{row.slot} {row.turn}": {name: getattr(row, name) for name in _SLOT}
        for row in SlotRow.objects.filter(pool=pool)
    }
    waiting: Rows = {row.case: {"rank": row.rank, "since": row.since} for row in WaitingRow.objects.filter(pool=pool)}
    return {"capacity_slot": slots, "capacity_waiting": waiting}
