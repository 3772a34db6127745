"""The outbox: notices enqueued with the entry that issued them, leased by workers, and what became of each try."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from holdfast.core.events import NoticeIssued
from holdfast.ledger.sql import among, instant, put_rows, stored

#: The status of what may not be shared now (INF-01).
HELD = "held"


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery that this worker may try now; ``recipient`` is ``staff:<id>`` or ``team:<id>``."""

    key: str
    stream: str
    number: int
    recipient: str
    notice: str
    about: str
    by: str
    due_at: datetime
    tries: int


_QUEUED = ("key", "stream", "number", "recipient", "notice", "about", "by", "status", "due_at", "next_try", "tries")
_QUEUED += ("leased_until", "return_tag")


def enqueue(stream: str, number: int, notices: Iterable[NoticeIssued], at: datetime) -> None:
    """Put notices in the outbox, in the transaction of their entry. One whose key is there already is left as it is."""
    enqueue_all([(stream, number, notice, at) for notice in notices])


def enqueue_all(notices: Sequence[tuple[str, int, NoticeIssued, datetime]]) -> None:
    """The same for several entries: (stream, entry number, notice, recorded at)."""
    if not notices:
        return
    rows = [
        (n.key, stream, number, n.to, n.notice, n.about, n.by, "queued", at, at, 0, None, "")
        for stream, number, n, at in notices
    ]
    put_rows("delivery", _QUEUED, rows, " ON CONFLICT (key) DO NOTHING")


def lease(now: datetime, until: datetime, most: int) -> list[Leased]:
    """Lease up to ``most`` queued deliveries whose time has come; nobody else gets them before ``until``."""
    free = "status = 'queued' AND next_try <= %s AND (leased_until IS NULL OR leased_until <= %s)"
    skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            # Chosen once and for all: a plain subselect may be run again for each row, and then leases more than it gives.
            f"WITH chosen AS MATERIALIZED (SELECT key FROM delivery WHERE {free} ORDER BY next_try LIMIT %s{skip})"  # noqa: S608
            " UPDATE delivery SET leased_until = %s, tries = tries + 1 WHERE key IN (SELECT key FROM chosen)"
            " RETURNING key, stream, number, recipient, notice, about, by, due_at, tries",
            [stored(now), stored(now), most, stored(until)],
        )
        rows = cursor.fetchall()
    return [Leased(*row[:7], instant(row[7]), row[8]) for row in rows]


def settle(key: str, status: str, return_tag: str = "") -> None:
    """It left, or never will: sent, by-hand, failed or withheld."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery SET status = %s, leased_until = NULL, return_tag = CASE WHEN %s = '' THEN return_tag ELSE %s END"
            " WHERE key = %s",
            [status, return_tag, return_tag, key],
        )


def hold_back(key: str, at: datetime) -> None:
    """It may not leave now and is not lost: it waits for the case to change, and the first time is noted."""
    settle(key, HELD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM delivery_attempt WHERE key = %s AND outcome = %s", [key, HELD])
        known = cursor.fetchone() is not None
    if not known:
        note_attempt(key, at, "none", HELD, "may_not_be_shared")


def release(streams: Collection[str], at: datetime) -> None:
    """What was held back for these cases is asked about again at once."""
    if not streams:
        return
    which, these = among("stream", streams)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE delivery SET status = 'queued', next_try = %s WHERE {which} AND status = %s",  # noqa: S608
            [stored(at), these, HELD],
        )


def put_back(key: str, next_try: datetime) -> None:
    """Try again later."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery SET leased_until = NULL, next_try = %s WHERE key = %s", [stored(next_try), key])


def note_attempt(key: str, at: datetime, channel: str, outcome: str, code: str = "", provider: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_attempt (key, at, channel, outcome, code, provider) VALUES (%s,%s,%s,%s,%s,%s)",
            [key, stored(at), channel, outcome, code[:60], provider[:200]],
        )
