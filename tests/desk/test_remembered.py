"""What rebuild remembers in memory is what the desk writes row by row, after every entry and not only after the last."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from holdfast.core.codec import event_from_plain
from holdfast.core.fold import fold
from holdfast.core.state import State
from holdfast.ledger.sql import instant
from holdfast.ledger.store import bodies
from holdfast.pathways.editions import get_edition
from holdfast.rehearsal.year.troubles import Troubles
from holdfast.worklists import remembered, writing
from holdfast.worklists.change import Change
from holdfast.worklists.models import CaseRow
from holdfast.worklists.remembered import Remembered
from holdfast.worklists.tables import TABLES, Table
from tests.rehearsal.years import at_the_desk

INSTANTS = {"opened_at", "window_ends", "next_ring", "due_at", "rings", "at", "since", "until"}


def written(table: Table, case: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{name}"' for name in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM {table.name} WHERE "{table.of}" = %s', [case])
        rows = cursor.fetchall()
    return sorted((plain(table, row) for row in rows), key=str)


def plain(table: Table, row: Any) -> tuple[Any, ...]:
    named = zip(table.columns, row, strict=True)
    return tuple(
        instant(cell) if name in INSTANTS and cell else bool(cell) if name == "task" else cell for name, cell in named
    )


def first_apart(case: str, filled: set[str]) -> str:
    """Play one case's record both ways; gives the entry and table where they part, or nothing. ``filled``: tables that had rows."""
    writing.clear([case])
    state: State | None = None
    kept = Remembered()
    for body in bodies(case):
        entry = json.loads(body)
        events = tuple(event_from_plain(event) for event in entry["events"])
        was = None if state is None else state.copy()
        for event in events:
            state = fold(state, event)
        assert state is not None
        at = datetime.fromisoformat(entry["recorded"])
        change = Change(was, state, get_edition(state.edition), entry["number"], at, events)
        writing.project_all([change])
        kept.take(change)
        for table, rows in kept.rows().items():
            there = written(table, case)
            filled |= {table.name} if there else set()
            if sorted((plain(table, row) for row in rows), key=str) != there:
                return f"{table.name} at entry {entry['number']} of {state.pathway}"
    return ""


@pytest.fixture
def cases(clean_database: object) -> list[str]:
    year = at_the_desk(5, cases=8, days=90)
    year.troubles = Troubles()
    year.run()
    return list(CaseRow.objects.order_by("case").values_list("case", flat=True))


def test_rows_in_memory_are_the_rows_that_are_written_after_every_entry(
    cases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: set[str] = set()
    assert [apart for case in cases if (apart := first_apart(case, filled))] == []
    assert filled == {table.name for table in TABLES}, "a table without rows would be compared with nothing"
    # The control: what is settled stays in memory as called, and it is seen.
    monkeypatch.setattr(remembered, "settled", lambda was, now: [])
    assert any(first_apart(case, set()).startswith("worklist_called") for case in cases)
