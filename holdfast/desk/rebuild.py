"""Rebuild: every derived row made again from the record, one stream at a time, and compared with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from holdfast.core.state import State
from holdfast.desk.difference import Difference
from holdfast.desk.remade_case import remake
from holdfast.desk.remade_head import check_head, kind_of
from holdfast.desk.remade_pool import remake_pool
from holdfast.desk.remade_rooms import remake_directory, remake_frontier, remake_person, strays
from holdfast.desk.remade_values import damaged_values, lost_values
from holdfast.ledger.store import bodies, read_head
from holdfast.people.vault import Vault

AT_ONCE = 500


def compare(vault: Vault) -> list[Difference]:
    """Every way in which the derived tables are not what the record gives; nothing is changed."""
    return list(rebuild(vault, write=False))


def compare_streams(vault: Vault, streams: Iterable[str]) -> list[Difference]:
    """The same for these streams alone."""
    found: list[Difference] = []
    for stream in streams:
        with transaction.atomic():
            found += _stream(stream, vault, write=False)
    return found


def rebuild(vault: Vault, write: bool) -> Iterator[Difference]:
    """The differences as they are found; with ``write`` each stream is put right in a transaction of its own.

    Writers of one stream wait while it is looked at, others do not. Memory: one stream's entries. A message is queued again
    only when the outbox lacks it, nothing says that it was tried, and its case is open.
    """
    for stream in _streams():
        with transaction.atomic():
            found = _stream(stream, vault, write)
        yield from found
    for part in (remake_frontier, strays):
        with transaction.atomic():
            found = list(part(write))
        yield from found


def _stream(stream: str, vault: Vault, write: bool) -> list[Difference]:
    read_head(stream, "", "")  # takes the head's lock
    held = list(bodies(stream))
    state: State | None = None
    found: list[Difference] = []
    match kind_of(stream):
        case "case":
            state, found = remake(stream, held, write)
            found += [*lost_values(stream, state.subject, held, vault), *damaged_values(stream, state.subject, vault)]
        case "directory":
            found = remake_directory(held, write)
        case "pool":
            found = remake_pool(stream, held, write)
        case "person":
            person = stream.partition(":")[2]
            found = [*remake_person(person, held, vault, write), *lost_values(stream, person, held, vault)]
    return [*found, *check_head(stream, held, state, write)]


def _streams() -> Iterator[str]:
    """The name of every stream that has an entry, a few hundred at a time."""
    after = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT stream FROM ledger_entry WHERE stream > %s ORDER BY stream LIMIT %s", [after, AT_ONCE]
            )
            names = [name for (name,) in cursor.fetchall()]
        if not names:
            return
        yield from names
        after = names[-1]
