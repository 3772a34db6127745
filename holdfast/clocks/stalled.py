"""Alarms: cases whose clocks could not be fired, so that one broken case neither stops the others nor goes unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from holdfast.clocks.models import Clock, Stalled
from holdfast.ledger.sql import among, instant, stored

#: A stalled case is tried again after as many minutes as it has failed times, at most this many.
LONGEST_REST = 60


def note_stalled(stream: str, now: datetime, says: str) -> None:
    """Raise the alarm, or count another failure of a case that has one. ``says`` holds nothing of the case but what failed."""
    _, new = Stalled.objects.get_or_create(stream=stream, defaults={"since": now, "says": says[:300]})
    if not new:
        Stalled.objects.filter(stream=stream).update(tries=F("tries") + 1, says=says[:300])


def clear_stalled(streams: Iterable[str]) -> None:
    """They fired: the alarm is over."""
    these, names = among("stream", streams)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM clock_stalled WHERE {these}", [names])  # noqa: S608


def resting(now: datetime) -> list[str]:
    """The stalled cases that are not to be tried yet: later and later, never given up."""
    rows = Stalled.objects.values_list("stream", "since", "tries")
    return [stream for stream, since, tries in rows if now < since + _rested(tries)]


def _rested(tries: int) -> timedelta:
    """How long after the first failure the next try comes, when it has failed ``tries`` times: 1, 3, 6, 10 ... min."""
    short = min(tries, LONGEST_REST)
    return timedelta(minutes=short * (short + 1) // 2 + max(0, tries - LONGEST_REST) * LONGEST_REST)


def ringing(streams: Collection[str], now: datetime) -> dict[str, datetime]:
    """When the oldest due clock of each stream should have fired; a stream with none due is not in it."""
    these, names = among("stream", streams)
    with connection.cursor() as cursor:
        # Asked of every batch, so in plain SQL.
        cursor.execute(
            f"SELECT stream, MIN(rings) FROM clock WHERE {these} AND rings <= %s GROUP BY stream",  # noqa: S608
            [names, stored(now)],
        )
        return {stream: instant(rings) for stream, rings in cursor.fetchall()}


def adrift() -> dict[str, str]:
    """Streams whose clocks cannot be right, and why: a clock whose case is not there, a case that lives without a clock (I4)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.stream FROM clock c LEFT JOIN ledger_head h ON h.stream = c.stream WHERE h.stream IS NULL"
        )
        lost = {stream: "a clock without a case" for (stream,) in cursor.fetchall()}
        cursor.execute(
            'SELECT w."case" FROM worklist_case w LEFT JOIN clock c ON c.stream = w."case"'
            " WHERE w.status <> 'ended' AND c.stream IS NULL"
        )
        return lost | {stream: "a case that is not over has no clock" for (stream,) in cursor.fetchall()}


def oldest_due_but(now: datetime, but: Collection[str]) -> datetime | None:
    """When the oldest due clock should have fired, those of the streams ``but`` aside."""
    rings = (
        Clock.objects.filter(rings__lte=now)
        .exclude(stream__in=list(but))
        .order_by("rings")
        .values_list("rings", flat=True)
    ).first()
    return None if rings is None else instant(rings)
