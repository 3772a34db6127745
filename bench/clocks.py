"""Clocks fired a second against raw SKIP LOCKED: 10,000 due, 10,000 and 1,000,000 armed.  Run: python -m bench.clocks [sqlite|postgres]"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta

from bench.ground import each_engine, fresh, memory_mb, prepare, settle, show, together

DUE = int(os.environ.get("HOLDFAST_BENCH_DUE", "10000"))
ARMED = int(os.environ.get("HOLDFAST_BENCH_ARMED", "1000000"))
SECONDS = float(os.environ.get("HOLDFAST_BENCH_SECONDS", "6"))


def stage(due: int) -> datetime:
    """``due`` cases whose receipt clock is due; gives the instant at which it is."""
    from holdfast.rehearsal.bulk import copy_cases
    from tests.installation import Installation

    house = Installation().set_up()
    case = house.sent()
    copy_cases(house.desk, case.id, due, lambda n: f"case:{n:032x}", [case.person], outbox=True)
    return case.promise("receipt").rings + timedelta(seconds=1)


def arm(count: int, start: int) -> None:
    """Clocks that ring in years: rows beside those that are due, as a large installation has them."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO clock (id, stream, promise, rings) SELECT 'far.' || n, 'far:' || n, 'window',"
                " timestamptz '2035-01-01 00:00:00Z' + n * interval '1 second' FROM generate_series(%s, %s) n",
                [start, start + count - 1],
            )
            cursor.execute("ANALYZE clock")
        elif count:
            cursor.execute(
                "INSERT INTO clock (id, stream, promise, rings)"
                " WITH RECURSIVE far(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM far WHERE n < %s)"
                " SELECT 'far.' || n, 'far:' || n, 'window', datetime('2035-01-01', n || ' seconds') FROM far",
                [start, start + count - 1],
            )
            cursor.execute("ANALYZE clock")


def fire(number: int, seconds: float, engine: str, url: str, now: datetime) -> int:
    """Cases fired by one worker process: full decision, entry and delivery each."""
    prepare(engine)
    from tests.database.supply import point_to

    point_to(url)
    from holdfast.desk.desk import Desk
    from holdfast.workers.clocks import Clocks
    from tests.installation import keyring

    clocks = Clocks(Desk(keyring(), clock=lambda: now))
    done, end, spent = 0, time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end and clocks.step(now):
        done += len(clocks._late)
        clocks.late_ms()
    each = (time.process_time() - spent) * 1000 / max(1, done)
    print(f"clock worker {number}: {done:,} fired, {each:.2f} ms of its processor each, {memory_mb():.0f} MB at most")
    return done


def raw_fire(number: int, seconds: float, engine: str, url: str, now: datetime) -> int:
    """The floor: claim 100 due rows, re-arm them, and write one event row each, by the driver alone."""
    if engine == "sqlite":
        return _raw_sqlite(seconds, url, now)
    import psycopg

    done, end = 0, time.perf_counter() + seconds
    with psycopg.connect(url) as raw:
        while time.perf_counter() < end:
            rows = raw.execute(
                "SELECT id FROM floor_clock WHERE rings <= %s ORDER BY rings LIMIT 100 FOR UPDATE SKIP LOCKED", [now]
            ).fetchall()
            ids = [id for (id,) in rows]
            raw.execute(
                "WITH a AS (UPDATE floor_clock SET rings = rings + interval '2 hours' WHERE id = ANY(%s) RETURNING id)"
                " INSERT INTO floor_fired (clock, body) SELECT id, repeat('x', 600) FROM a",
                [ids],
            )
            raw.commit()
            if not ids:
                break
            done += len(ids)
    return done


def _raw_sqlite(seconds: float, url: str, now: datetime) -> int:
    import sqlite3

    raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    raw.execute("PRAGMA synchronous=FULL")
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        raw.execute("BEGIN IMMEDIATE")
        ids = [
            id
            for (id,) in raw.execute(
                "SELECT id FROM floor_clock WHERE rings <= ? ORDER BY rings LIMIT 100", (now.timestamp(),)
            )
        ]
        raw.executemany("UPDATE floor_clock SET rings = rings + 7200 WHERE id = ?", [(id,) for id in ids])
        raw.executemany("INSERT INTO floor_fired (clock, body) VALUES (?, ?)", [(id, "x" * 600) for id in ids])
        raw.execute("COMMIT")
        if not ids:
            break
        done += len(ids)
    return done


def make_floor(engine: str, url: str, due: int, now: datetime) -> None:
    if engine == "sqlite":
        import sqlite3

        with sqlite3.connect(url.removeprefix("sqlite:///")) as raw:
            raw.executescript(
                "CREATE TABLE floor_clock (id INTEGER PRIMARY KEY, rings REAL); CREATE INDEX floor_rings ON floor_clock (rings);"
                "CREATE TABLE floor_fired (id INTEGER PRIMARY KEY, clock INT, body TEXT);"
            )
            raw.executemany("INSERT INTO floor_clock (rings) VALUES (?)", [(now.timestamp() - 1,)] * due)
        return
    import psycopg

    with psycopg.connect(url.replace("holdfast_app:", "holdfast_owner:"), autocommit=True) as raw:
        raw.execute("CREATE TABLE floor_clock (id bigserial PRIMARY KEY, rings timestamptz)")
        raw.execute("CREATE INDEX floor_rings ON floor_clock (rings)")
        raw.execute("CREATE TABLE floor_fired (id bigserial PRIMARY KEY, clock bigint, body text)")
        raw.execute(
            "INSERT INTO floor_clock (rings) SELECT %s FROM generate_series(1, %s)", [now - timedelta(seconds=1), due]
        )
        raw.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO holdfast_app")


def run(engine: str) -> None:
    prepare(engine)
    rows = []
    workers = 2 if engine == "postgres" else 1
    for armed in (DUE, ARMED):
        with fresh(engine) as url:
            began = time.perf_counter()
            now = stage(DUE)
            make_floor(engine, url, DUE * 20, now)
            staged = time.perf_counter() - began
            arm(max(0, armed - DUE), 1)
            settle(url)
            print(
                f"{DUE:,} due in {staged:.0f} s, {armed:,} armed in {time.perf_counter() - began - staged:.0f} s more"
            )
            raw = together(workers, raw_fire, engine, url, now, seconds=min(SECONDS, 3))
            began = time.perf_counter()
            done = together(workers, fire, engine, url, now, seconds=SECONDS) * SECONDS
            spent = min(SECONDS, time.perf_counter() - began)
            ours = done / spent
            rows.append(
                (engine, str(workers), f"{DUE:,}", f"{armed:,}", f"{raw:.0f}", f"{ours:.0f}", f"{ours / raw:.3f}")
            )
    show(rows, ("engine", "workers", "due", "armed", "raw/s", "fired/s", "ratio"))


if __name__ == "__main__":
    each_engine("bench.clocks", run, sys.argv[1:])
