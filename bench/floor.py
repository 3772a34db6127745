"""The raw floor: one durable transaction of the rows that a command of ours must write, by the driver alone."""

from __future__ import annotations

import sqlite3
import time

EVENT = "x" * 600

POSTGRES_TABLES = """
CREATE TABLE floor_state (id int PRIMARY KEY, body text, version int);
CREATE TABLE floor_event (id bigserial PRIMARY KEY, state int, body text);
CREATE TABLE floor_deadline (state int PRIMARY KEY, due timestamptz);
CREATE INDEX floor_due ON floor_deadline (due);
CREATE TABLE floor_outbox (id bigserial PRIMARY KEY, state int, body text);
INSERT INTO floor_state SELECT n, 'state', 0 FROM generate_series(1, 1000) n;
"""
# One round trip for the reading with its lock, one for all writes.
POSTGRES_WRITE = """
WITH a AS (INSERT INTO floor_event (state, body) VALUES (%(s)s, %(e)s), (%(s)s, %(e)s)),
     b AS (UPDATE floor_state SET body = %(e)s, version = version + 1 WHERE id = %(s)s),
     c AS (INSERT INTO floor_deadline VALUES (%(s)s, now()) ON CONFLICT (state) DO UPDATE SET due = excluded.due)
INSERT INTO floor_outbox (state, body) VALUES (%(s)s, %(e)s)
"""
SQLITE_TABLES = """
CREATE TABLE floor_state (id INTEGER PRIMARY KEY, body TEXT, version INT);
CREATE TABLE floor_event (id INTEGER PRIMARY KEY, state INT, body TEXT);
CREATE TABLE floor_deadline (state INTEGER PRIMARY KEY, due TEXT);
CREATE INDEX floor_due ON floor_deadline (due);
CREATE TABLE floor_outbox (id INTEGER PRIMARY KEY, state INT, body TEXT);
"""


def make_tables(url: str, owner_url: str) -> None:
    """The floor's own tables, beside ours."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as raw:
            raw.executescript(SQLITE_TABLES)
            raw.executemany("INSERT INTO floor_state VALUES (?, 'state', 0)", [(n,) for n in range(1, 1001)])
        return
    import psycopg

    with psycopg.connect(owner_url, autocommit=True) as raw:
        raw.execute(POSTGRES_TABLES)


def run(number: int, seconds: float, url: str) -> int:
    """Units done by one raw client in ``seconds``."""
    return _sqlite(number, seconds, url) if url.startswith("sqlite") else _postgres(number, seconds, url)


def _sqlite(number: int, seconds: float, url: str) -> int:
    raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        state = (number * 100 + done) % 1000 + 1
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("SELECT body, version FROM floor_state WHERE id = ?", (state,)).fetchone()
        raw.executemany("INSERT INTO floor_event (state, body) VALUES (?, ?)", [(state, EVENT), (state, EVENT)])
        raw.execute("UPDATE floor_state SET body = ?, version = version + 1 WHERE id = ?", (EVENT, state))
        raw.execute(
            "INSERT INTO floor_deadline VALUES (?, datetime('now')) ON CONFLICT (state) DO UPDATE SET due = excluded.due",
            (state,),
        )
        raw.execute("INSERT INTO floor_outbox (state, body) VALUES (?, ?)", (state, EVENT))
        raw.execute("COMMIT")
        done += 1
    return done


def _postgres(number: int, seconds: float, url: str) -> int:
    import psycopg

    done, end = 0, time.perf_counter() + seconds
    with psycopg.connect(url) as raw:
        while time.perf_counter() < end:
            state = (number * 100 + done) % 1000 + 1
            raw.execute("SELECT body, version FROM floor_state WHERE id = %s FOR UPDATE", (state,)).fetchone()
            raw.execute(POSTGRES_WRITE, {"s": state, "e": EVENT})
            raw.commit()
            done += 1
    return done
