"""Sealed values that the record commits to and the vault has no more: nothing makes them again, so it must be seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from holdfast.desk.difference import Difference
from holdfast.people.vault import Vault


def lost_values(stream: str, person: str, bodies: list[bytes], vault: Vault) -> Iterator[Difference]:
    """Of somebody who was not erased: otherwise a value that was taken away would look like one that was erased."""
    if _asked("SELECT 1 FROM person_erasure WHERE person = %s", person):
        return
    if vault.find_key(person) is None:
        yield Difference(
            "person_key", stream, "the key is missing and nobody was erased: look in a backup", mends=False
        )
    kept = _asked("SELECT commitment FROM person_sealed WHERE stream = %s AND person = %s", stream, person)
    committed = {found for body in bodies if b'"sealed"' in body for found in _commitments(json.loads(body)["events"])}
    lost = committed - kept
    if lost:
        says = f"{len(lost)} values are missing and nobody was erased: look in a backup"
        yield Difference("person_sealed", stream, says, mends=False)


def damaged_values(stream: str, person: str, vault: Vault) -> Iterator[Difference]:
    """Rows that are there and do not open with the person's key: altered, or put back from elsewhere."""
    _, damaged = vault.look(person, stream)
    if damaged:
        says = f"{len(damaged)} values are damaged and cannot be read: look in a backup"
        yield Difference("person_sealed", stream, says, mends=False)


def _asked(statement: str, *arguments: str) -> set[Any]:
    """The first cell of each row that there is."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return {row[0] for row in cursor.fetchall()}


def _commitments(plain: Any) -> Iterator[str]:
    if isinstance(plain, list):
        for item in plain:
            yield from _commitments(item)
    elif isinstance(plain, dict):
        if sealed := plain.get("sealed"):
            yield sealed
        for item in plain.values():
            yield from _commitments(item)
