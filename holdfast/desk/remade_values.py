"""Sealed values that the record commits to and the vault has no more: nothing makes them again, so it must be seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from holdfast.desk.difference import Difference
from holdfast.desk.shelf import Shelf
from holdfast.people.vault import opened_with

_SEALED = re.compile(rb'"sealed":"([^"]+)"')


def lost_values(stream: str, person: str, shelf: Shelf) -> Iterator[Difference]:
    """Of somebody who was not erased: otherwise a value that was taken away would look like one that was erased."""
    if person in shelf.erased:
        return
    if shelf.find_key(person) is None:
        yield Difference(
            "person_key", stream, "the key is missing and nobody was erased: look in a backup", mends=False
        )
    bodies, kept = shelf.bodies[stream], shelf.sealed_for(stream, person)
    # Bytes are canonical, and within a text each quotation mark has an escape: so this finds every commitment, perhaps more.
    if {found.decode() for body in bodies for found in _SEALED.findall(body)} <= kept:
        return
    lost = {found for body in bodies for found in _commitments(json.loads(body)["events"])} - kept
    if lost:
        says = f"{len(lost)} values are missing and nobody was erased: look in a backup"
        yield Difference("person_sealed", stream, says, mends=False)


def damaged_values(stream: str, person: str, shelf: Shelf) -> Iterator[Difference]:
    """Rows that are there and do not open with the person's key: altered, or put back from elsewhere."""
    key = shelf.find_key(person)
    if key is None:
        return
    _, damaged = opened_with(key, stream, shelf.sealed_rows(stream))
    if damaged:
        says = f"{len(damaged)} values are damaged and cannot be read: look in a backup"
        yield Difference("person_sealed", stream, says, mends=False)


def _commitments(plain: Any) -> Iterator[str]:
    if isinstance(plain, list):
        for item in plain:
            yield from _commitments(item)
    elif isinstance(plain, dict):
        if sealed := plain.get("sealed"):
            yield sealed
        for item in plain.values():
            yield from _commitments(item)
