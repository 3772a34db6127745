"""Many cases at once for load trials: copies of real cases under new names, with chains of their own, and an entry that says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.streams import record
from holdfast.ledger.chain import FIRST_PREV, digest
from holdfast.ledger.store import read_head

STREAM = "installation"
#: Rows of one INSERT statement.
CHUNK = 500
#: Tables that hold rows of a case beside its entries and head, with the column that names it.
TABLES = {
    "worklist_case": "case",
    "worklist_part": "case",
    "worklist_promise": "case",
    "worklist_holding": "case",
    "clock": "stream",
}


def copy_cases(
    desk: Desk, template: str, count: int, name: Callable[[int], str], subjects: Sequence[str], outbox: bool = False
) -> None:
    """Store ``count`` copies of the case ``template``; copy n is called ``name(n)`` and is about ``subjects[n % len]``.

    Only for rehearsals and benchmarks: the copies were never decided, and the entry in the installation's stream says so. Sealed
    values are not copied, so their text reads as erased. Entries come first, heads next, and then what is derived.
    """
    was = _read(template)
    for start in range(0, count, CHUNK * 4):
        names = [(name(n), subjects[n % len(subjects)]) for n in range(start, min(count, start + CHUNK * 4))]
        with transaction.atomic():
            _insert_entries_and_heads(was, template, names)
            for table in [*TABLES, *(["delivery"] if outbox else [])]:
                columns, rows = was[table]
                if rows:
                    _insert(table, columns, _renamed(rows, template, was["subject"], names))
    with transaction.atomic():
        read = read_head(STREAM, SYSTEM, "")
        envelope = Envelope(STREAM, Ask("BulkLoad"), SYSTEM, "rehearsal")
        event = {"event": "CasesCopied", "template": template, "count": count}
        record(envelope, read.head, desk.recorded_at(read), STREAM, {"kind": "BulkLoad"}, [event], {})


def _read(template: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded_at, body FROM ledger_entry WHERE stream = %s ORDER BY number", [template])
        found["entries"] = [_entry(at, bytes(body)) for at, body in cursor.fetchall()]
        found["ledger_head"] = _rows(cursor, "ledger_head", "stream", template)
        for table, column in {**TABLES, "delivery": "stream"}.items():
            found[table] = _rows(cursor, table, column, template)
        cursor.execute('SELECT subject FROM worklist_case WHERE "case" = %s', [template])
        found["subject"] = cursor.fetchone()[0]
    return found


def _entry(at: Any, body: bytes) -> tuple[int, Any, str, bytes]:
    fields = json.loads(body)
    return fields["number"], at, fields["prev"], body


def _rows(cursor: Any, table: str, column: str, template: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor.execute(f'SELECT * FROM {table} WHERE "{column}" = %s', [template])  # noqa: S608
    columns = [item[0] for item in cursor.description]
    keep = [i for i, name in enumerate(columns) if name != "id" or table == "clock"]
    return [columns[i] for i in keep], [tuple(row[i] for i in keep) for row in cursor.fetchall()]


def _insert_entries_and_heads(was: dict[str, Any], template: str, names: list[tuple[str, str]]) -> None:
    entries: list[tuple[Any, ...]] = []
    heads: list[tuple[Any, ...]] = []
    columns, rows = was["ledger_head"]
    for case, subject in names:
        prev = FIRST_PREV
        for number, at, was_prev, body in was["entries"]:
            # Names and digests need no escape and keys stay where they are, so the bytes stay canonical.
            text = body.replace(template.encode(), case.encode()).replace(was["subject"].encode(), subject.encode())
            stored = text.replace(f'"prev":"{was_prev}"'.encode(), f'"prev":"{prev}"'.encode())
            prev = digest(stored)
            entries.append((case, number, at, prev, stored))
        head = next(_renamed(rows, template, was["subject"], [(case, subject)]))
        heads.append(tuple(prev if column == "digest" else cell for column, cell in zip(columns, head, strict=True)))
    _insert("ledger_entry", ["stream", "number", "recorded_at", "digest", "body"], entries)
    _insert("ledger_head", columns, heads)


def _renamed(
    rows: list[tuple[Any, ...]], template: str, subject: str, names: list[tuple[str, str]]
) -> Iterator[tuple[Any, ...]]:
    for case, person in names:
        for row in rows:
            yield tuple(
                cell.replace(template, case).replace(subject, person) if isinstance(cell, str) else cell for cell in row
            )


def _insert(table: str, columns: list[str], rows: Any) -> None:
    rows = list(rows)
    one = "(" + ", ".join(["%s"] * len(columns)) + ")"
    heads = ", ".join(f'"{column}"' for column in columns)
    step = max(1, min(CHUNK, 30_000 // len(columns)))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), step):
            chunk = rows[start : start + step]
            marks = ", ".join([one] * len(chunk))
            cursor.execute(
                f"INSERT INTO {table} ({heads}) VALUES {marks}",  # noqa: S608
                [cell for row in chunk for cell in row],
            )
