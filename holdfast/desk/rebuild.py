"""Rebuild: every derived row made again from the record, stream by stream, and compared with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction

from holdfast.desk.difference import Difference
from holdfast.desk.remade_case import Replayed, lacking_messages, put_right, replay, wrong_rows
from holdfast.desk.remade_head import check_head, kind_of, outdated
from holdfast.desk.remade_pool import remake_pool
from holdfast.desk.remade_rooms import remake_directory, remake_frontier, remake_person, strays
from holdfast.desk.remade_values import damaged_values, lost_values
from holdfast.desk.shelf import DERIVED, Shelf, look
from holdfast.ledger.store import read_heads
from holdfast.people.vault import Vault

#: Names fetched with one statement; and how many streams and entries are looked at together.
AT_ONCE = 500
STREAMS, ENTRIES = 200, 2_000
#: Streams whose writers wait at the same time.
LOCKED = 50
#: The tables that hold rows of cases.
ROWS = frozenset(table.name for table in DERIVED)

#: The entries of a stream, and what a case's come to.
Recorded = tuple[list[bytes], Replayed | None]
Records = dict[str, Recorded]


def compare(vault: Vault) -> list[Difference]:
    """Every way in which the derived tables are not what the record gives; nothing is changed."""
    return list(rebuild(vault, write=False))


def compare_streams(vault: Vault, streams: Iterable[str]) -> list[Difference]:
    """The same for these streams alone."""
    return [found for stream in streams for found in _locked([stream], {}, vault, write=False)]


def rebuild(vault: Vault, write: bool) -> Iterator[Difference]:
    """The differences as they are found; with ``write`` a few streams at a time are put right, in a transaction of their own.

    Many streams are looked at together first, and nobody waits for that. Writers may come in between, so those that seem to
    differ are looked at again with their heads locked: only what is found then is told and put right. Memory: the entries of one
    lot, or of one stream when it has more. A message is queued again only when the outbox lacks it, nothing says that it was tried,
    and its case is open.
    """
    for lot in _lots():
        records, doubtful = _doubtful(lot, vault, write)
        for start in range(0, len(doubtful), LOCKED):
            yield from _careful(doubtful[start : start + LOCKED], records, vault, write)
    for part in (remake_frontier, strays):
        with transaction.atomic():
            found = list(part(write))
        yield from found


def _doubtful(streams: Sequence[str], vault: Vault, write: bool) -> tuple[Records, list[str]]:
    """What the streams' entries give, and those that a look without locks does not find in order.

    With ``write`` also those whose head an older engine folded."""
    shelf, records, doubtful = look(streams, vault), Records(), set[str]()
    for stream in streams:
        if kind_of(stream) == "pool":
            doubtful.add(stream)  # its rows are found by writing them, which only a transaction takes back
            continue
        try:
            records[stream] = _record(stream, shelf)
        except Exception:  # whatever it is, the look under the lock meets it as well and says it
            doubtful.add(stream)
    shelf.know(_persons(records))
    for stream, (_, record) in records.items():
        try:
            differs = any(True for _ in _found(stream, record, shelf, write=False))  # the first one is enough
            if differs or (write and outdated(shelf.heads.get(stream))):
                doubtful.add(stream)
        except Exception:
            doubtful.add(stream)
    return records, [stream for stream in streams if stream in doubtful]


def _careful(streams: Sequence[str], known: Records, vault: Vault, write: bool) -> Iterator[Difference]:
    """All of them together; one by one if that fails, so that one that cannot be read, or a lost race, costs the others nothing."""
    try:
        found = _locked(streams, known, vault, write)
    except Exception:
        if len(streams) == 1:
            raise
        for stream in streams:
            yield from _locked([stream], known, vault, write)
    else:
        yield from found


def _locked(streams: Sequence[str], known: Records, vault: Vault, write: bool) -> list[Difference]:
    """The differences, found and put right with the heads locked. What was replayed before serves if the entries are the same."""
    with transaction.atomic():
        read_heads(streams)
        shelf = look(streams, vault)
        records = Records()
        for stream in streams:
            before = known.get(stream)
            same = before is not None and before[0] == shelf.bodies[stream]
            records[stream] = before if before is not None and same else _record(stream, shelf)
        shelf.know(_persons(records))
        found, wrong = list[Difference](), dict[str, Replayed]()
        for stream, (_, record) in records.items():
            here = list(_found(stream, record, shelf, write))
            if record is not None and any(difference.table in ROWS for difference in here):
                wrong[stream] = record
            found += here
        if write:
            put_right(wrong)
    return found


def _record(stream: str, shelf: Shelf) -> Recorded:
    bodies = shelf.bodies[stream]
    return bodies, replay(stream, bodies) if kind_of(stream) == "case" else None


def _persons(records: Records) -> set[str]:
    return {person for stream, (_, record) in records.items() if (person := _person(stream, record))}


def _person(stream: str, record: Replayed | None) -> str:
    """Whom a stream is about, if it is about a person."""
    if record is not None:
        return record.state.subject
    return stream.partition(":")[2] if kind_of(stream) == "person" else ""


def _found(stream: str, record: Replayed | None, shelf: Shelf, write: bool) -> Iterator[Difference]:
    """The differences of one stream, as they are found. ``write`` puts right all but the rows of a case."""
    person = _person(stream, record)
    match kind_of(stream):
        case "case" if record is not None:
            yield from wrong_rows(stream, record, shelf)
            yield from lacking_messages(stream, record, shelf, write)
            yield from lost_values(stream, person, shelf)
            yield from damaged_values(stream, person, shelf)
        case "directory":
            yield from remake_directory(shelf.bodies[stream], write)
        case "pool":
            yield from remake_pool(stream, shelf.bodies[stream], write)
        case "person":
            yield from remake_person(person, shelf, write)
            yield from lost_values(stream, person, shelf)
    yield from check_head(stream, shelf, record.state if record is not None else None, write)


def _lots() -> Iterator[list[str]]:
    """The name of every stream that has an entry, in lots of so many streams and entries; a longer stream is a lot of its own."""
    lot: list[str] = []
    entries = 0
    for stream, count in _streams():
        if lot and (len(lot) == STREAMS or entries + count > ENTRIES):
            yield lot
            lot, entries = [], 0
        lot.append(stream)
        entries += count
    if lot:
        yield lot


def _streams() -> Iterator[tuple[str, int]]:
    """Each stream that has an entry, and how many it has, a few hundred at a time."""
    after = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT stream, COUNT(*) FROM ledger_entry WHERE stream > %s GROUP BY stream ORDER BY stream LIMIT %s",
                [after, AT_ONCE],
            )
            found = cursor.fetchall()
        if not found:
            return
        yield from found
        after = found[-1][0]
