"""What is stored of some streams and their persons, one statement for each table however many they are: rebuild compares it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from holdfast.ledger.sql import among, instant
from holdfast.people.vault import SealedRow, Vault
from holdfast.worklists.rows import Row
from holdfast.worklists.tables import TABLES, Table

CLOCK = Table("clock", ("id", "stream", "promise", "rings"), ("id",), of="stream")
#: Each derived table with rows of cases.
DERIVED = (*TABLES, CLOCK)
HEAD = Table(
    "ledger_head",
    ("stream", "number", "digest", "recorded_at", "edition", "engine", "state", "holder", "kind"),
    of="stream",
)
_ENTRY = Table("ledger_entry", ("stream", "number", "body"), of="stream")
_MESSAGE = Table("delivery", ("stream", "key"), of="stream")
_SEALED = Table("person_sealed", ("stream", "person", "number", "path", "commitment", "sealed"), of="stream")
_INSTANTS = frozenset(
    {"opened_at", "window_ends", "next_ring", "due_at", "rings", "at", "since", "until", "recorded_at"}
)


@dataclass(slots=True)
class Shelf:
    """Rows by stream, by table for the derived ones; what a stream has none of is an empty list.

    ``keys`` are the wrapped keys of the persons that were asked about (``know``), ``erased`` those among them who were erased.
    """

    vault: Vault
    bodies: dict[str, list[bytes]]
    heads: dict[str, dict[str, Any]]
    rows: dict[Table, dict[str, list[Row]]]
    messages: dict[str, set[str]]
    sealed: dict[str, list[tuple[str, SealedRow]]]
    keys: dict[str, bytes] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    _unwrapped: dict[str, bytes] = field(default_factory=dict)

    def know(self, persons: Iterable[str]) -> None:
        """Fetch the keys of these persons, and whether they were erased."""
        asked = sorted(set(persons))
        if asked:
            self.keys |= {person: bytes(key) for person, key in _fetch("person_key", ("person", "wrapped"), asked)}
            self.erased |= {person for (person,) in _fetch("person_erasure", ("person",), asked)}

    def find_key(self, person: str) -> bytes | None:
        """The person's key. Raises ``WrongKey`` as the vault does."""
        if person not in self.keys:
            return None
        if person not in self._unwrapped:
            self._unwrapped[person] = self.vault.keyring.unwrap(self.keys[person], person)
        return self._unwrapped[person]

    def sealed_for(self, stream: str, person: str) -> set[str]:
        """The commitments in this stream that a value of this person is kept for."""
        return {row.commitment for whose, row in self.sealed[stream] if whose == person}

    def sealed_rows(self, stream: str) -> list[SealedRow]:
        return [row for _, row in self.sealed[stream]]


def look(streams: Sequence[str], vault: Vault) -> Shelf:
    """Everything of these streams; persons are asked for afterwards, once their names are known. Locks nothing."""
    bodies: dict[str, list[bytes]] = defaultdict(list)
    for stream, _, body in sorted(_of(_ENTRY, streams), key=lambda row: row[:2]):
        bodies[stream].append(bytes(body))
    messages: dict[str, set[str]] = defaultdict(set)
    for stream, key in _of(_MESSAGE, streams):
        messages[stream].add(key)
    sealed: dict[str, list[tuple[str, SealedRow]]] = defaultdict(list)
    for stream, person, number, path, commitment, held in _of(_SEALED, streams):
        sealed[stream].append((person, SealedRow(number, path, commitment, bytes(held))))
    heads = {row[0]: dict(zip(HEAD.columns, row, strict=True)) for row in _of(HEAD, streams)}
    return Shelf(vault, bodies, heads, {table: _by_case(table, streams) for table in DERIVED}, messages, sealed)


def _by_case(table: Table, streams: Sequence[str]) -> dict[str, list[Row]]:
    place, found = table.columns.index(table.of), defaultdict(list)
    for row in _of(table, streams):
        found[row[place]].append(row)
    return found


def _of(table: Table, streams: Sequence[str]) -> list[Row]:
    rows = _fetch(table.name, table.columns, streams, table.of)
    instants = [place for place, name in enumerate(table.columns) if name in _INSTANTS]
    if not instants:
        return rows
    cells = [list(row) for row in rows]
    for row in cells:
        for place in instants:
            if row[place] is not None:
                row[place] = instant(row[place])
    return [tuple(row) for row in cells]


def _fetch(table: str, columns: Sequence[str], names: Sequence[str], of: str = "person") -> list[Row]:
    """By hand, since Django's own way of asking takes longer than the answer."""
    which, these = among(f'"{of}"', names)
    listed = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM {table} WHERE {which}", [these])  # noqa: S608
        return list(cursor.fetchall())
