"""Heartbeats: when each duty of each worker was last heard from, whether clocks are watched now, and when they were not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Max

from holdfast.clocks.models import Heartbeat, Stalled
from holdfast.ledger.sql import instant, stored

#: A duty beats at least this often while it lives.
BEATS_EVERY = timedelta(seconds=5)
#: Silence longer than this is taken for death, so that it is seen on every page within two minutes (HZ-77).
SILENCE = timedelta(seconds=90)
#: Silence shorter than this is one worker taking over from another, not a gap.
_SEAM = timedelta(seconds=15)
_KEPT = timedelta(days=90)
CLOCKS = "clocks"

Life = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether clocks are watched. ``minutes`` since a worker was last heard from (None: never); ``stalled`` counts cases whose
    clocks failed; ``says`` is one sentence for people, empty when all is well."""

    ok: bool
    minutes: int | None
    says: str
    stalled: int = 0


def beat(worker: str, duty: str, started: datetime, now: datetime, lateness_ms: int = 0) -> None:
    """Say that this duty of this worker lives; ``lateness_ms`` is the latest of what it fired since it last said so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clock_heartbeat (worker, duty, beat_at, started_at, lateness_ms) VALUES (%s,%s,%s,%s,%s)"
            " ON CONFLICT (worker) DO UPDATE SET beat_at = excluded.beat_at, lateness_ms = excluded.lateness_ms",
            [worker[:100], duty[:40], stored(now), stored(started), lateness_ms],
        )


def last_beat(duty: str = CLOCKS) -> datetime | None:
    """When this duty was last heard from, in any worker."""
    last: datetime | None = Heartbeat.objects.filter(duty=duty).aggregate(at=Max("beat_at"))["at"]
    return last


def freshness(now: datetime) -> Freshness:
    """Whether a worker watches the clocks at ``now``: asked by every page and by ``/health``."""
    last = last_beat()
    stalled = Stalled.objects.count()
    cases = "1 case" if stalled == 1 else f"{stalled} cases"
    failed = f"The clocks of {cases} failed to act: somebody must look." if stalled else ""
    if last is None:
        return Freshness(False, None, "No clock worker has ever been heard from.", stalled)
    silent = now - last
    minutes = max(0, int(silent.total_seconds() // 60))
    if silent > SILENCE:
        unit = "minute" if minutes == 1 else "minutes"
        return Freshness(
            False, minutes, f"The clock worker has not been heard from for {minutes} {unit}. {failed}".strip(), stalled
        )
    return Freshness(True, minutes, failed, stalled)


def lives() -> list[Life]:
    """When each worker watched the clocks: from its start to its last beat. Read once for many clocks."""
    return list(Heartbeat.objects.filter(duty=CLOCKS).values_list("started_at", "beat_at"))


def why_late(due: datetime, now: datetime, watched: Sequence[Life]) -> str:
    """Why a clock due at ``due`` is noticed only at ``now``: the gap in which no worker watched the clocks, or "" (ESC-06)."""
    if any(started <= due <= last for started, last in watched):
        return ""
    before = max((last for _, last in watched if last < due), default=None)
    after = min((started for started, _ in watched if due < started <= now), default=now)
    until = f"{after:%Y-%m-%d %H:%M} UTC"
    if before is None:
        return f"no worker was running until {until}"
    return "" if after - before <= _SEAM else f"no worker was running from {before:%Y-%m-%d %H:%M} to {until}"


def prune(now: datetime) -> None:
    """Forget workers that died long ago; the last one to have lived is kept whatever its age."""
    last = last_beat()
    old = Heartbeat.objects.filter(beat_at__lt=now - _KEPT)
    (old.exclude(beat_at=last) if last else old).delete()


def database_now() -> datetime:
    """What the time is for every worker alike: the database's clock, or this machine's where the database is a file."""
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return instant(cursor.fetchone()[0])
