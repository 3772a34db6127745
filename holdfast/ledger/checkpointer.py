"""Puts new entries into the log, and signs where the log stands into a file outside the database."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from holdfast.ledger.checkpoint import (
    NO_PREVIOUS,
    Checkpoint,
    ForgedCheckpoint,
    digest_of,
    key_id,
    load_or_make_signing_key,
    sign,
    verify,
)
from holdfast.ledger.log import Frontier, entry_leaf
from holdfast.ledger.models import Entry, Leaf
from holdfast.ledger.models import Frontier as FrontierRow
from holdfast.ledger.places import signing_key_file, witness_file
from holdfast.people.models import Erasure

#: The aim: never more than this much of the record outside a checkpoint.
MOST_EXPOSED, LONGEST_EXPOSED = 1000, timedelta(seconds=60)
#: How far behind the newest entry entries without a leaf are looked for between two whole looks.
LOOKED_BACK = 10_000
WHOLE_LOOK_EVERY = timedelta(hours=1)

# Not "all ids after the last": PostgreSQL gives an id when a transaction inserts, and the one with the lower id may commit
# later. So what is asked is which entries have no leaf; the log's order is the order of joining, and within a stream that is
# the order of numbers, because writers of one stream wait for each other before they take an id.
_UNLOGGED = """SELECT e.id, e.stream, e.number, e.digest FROM ledger_entry e WHERE e.id > %s
AND NOT EXISTS (SELECT 1 FROM ledger_leaf l WHERE l.entry = e.id) ORDER BY e.id LIMIT %s"""


class RecordCutShort(Exception):
    """The record is not the one that was witnessed outside: it is shorter, or its log gives another root. Nothing may start."""


@dataclass
class Checkpointer:
    """Works for one installation. One at a time holds the frontier's row; run the duty where ``witness`` lies.

    ``witness`` is a file outside the database: signed lines, oldest first. ``looked`` is when all entries were last looked through.
    """

    key: Ed25519PrivateKey
    witness: Path
    origin: str
    looked: datetime | None = None

    def require_whole(self) -> None:
        """Refuse a record shorter than, or other than, what was last witnessed. Raises RecordCutShort, ForgedCheckpoint."""
        last = self.last_witnessed()
        if last is None:
            return
        frontier = Frontier()
        for digest in Leaf.objects.filter(index__lt=last.size).order_by("index").values_list("digest", flat=True):
            frontier.append(entry_leaf(digest))
        if frontier.size < last.size:
            raise RecordCutShort(
                f"The record holds {frontier.size} logged entries, and {last.size} were witnessed at {last.at:%Y-%m-%d %H:%M}"
                " UTC. It was cut short, or is an old backup: run holdfast verify, or restore."
            )
        if frontier.root().hex() != last.root:
            raise RecordCutShort(
                f"The first {last.size} entries are not those that were witnessed at {last.at:%Y-%m-%d %H:%M} UTC."
                " Run holdfast verify."
            )

    def collect(self, now: datetime, most: int = MOST_EXPOSED) -> int:
        """Give up to ``most`` new entries their leaf. Gives how many; committed before any checkpoint speaks of them."""
        whole = self.looked is None or now - self.looked >= WHOLE_LOOK_EVERY
        with transaction.atomic(), connection.cursor() as cursor:
            row = _locked_row()
            frontier = _frontier(row)
            cursor.execute("SELECT COALESCE(MAX(entry), 0) FROM ledger_leaf")
            floor = 0 if whole else max(0, cursor.fetchone()[0] - LOOKED_BACK)
            cursor.execute(_UNLOGGED, [floor, most])
            found = cursor.fetchall()
            if found:
                leaves = [(frontier.size + place, *entry) for place, entry in enumerate(found)]
                cursor.executemany(
                    'INSERT INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (%s,%s,%s,%s,%s)', leaves
                )
                for *_, digest in found:
                    frontier.append(entry_leaf(digest))
                row.size, row.body = frontier.size, frontier.to_json()
                row.save(update_fields=["size", "body"])
        if whole and len(found) < most:
            self.looked = now
        return len(found)

    def checkpoint(self, now: datetime, at_once: bool = False) -> Checkpoint | None:
        """Sign where the log stands, if something is new and it is time: 1,000 entries, or 60 s after the last (or ``at_once``).

        Only what an earlier transaction committed is signed: a machine that dies in between must not find the outside ahead.
        """
        with transaction.atomic():
            row = _locked_row()
            frontier = _frontier(row)
            last = self.last_witnessed(mend=True)
            erased = tuple(Erasure.objects.order_by("person").values_list("person", flat=True))
            if last is not None and last.size >= frontier.size and set(erased) <= set(last.erasures):
                return None
            if last is None and not frontier.size:
                return None
            new = frontier.size - (last.size if last else 0)
            if last is not None and not at_once and new < MOST_EXPOSED and now - last.at < LONGEST_EXPOSED:
                return None
            made = Checkpoint(
                origin=last.origin if last else self.origin,
                size=frontier.size,
                root=frontier.root().hex(),
                at=max(now, last.at) if last else now,
                key_id=key_id(self.key.public_key()),
                previous=digest_of(last) if last else NO_PREVIOUS,
                # What a restored database no longer knows stays on the list, so that nobody comes back.
                erasures=tuple(sorted({*erased, *(last.erasures if last else ())})),
            )
            line = sign(made, self.key)
            _append(self.witness, line)
            row.last_checkpoint = line
            row.save(update_fields=["last_checkpoint"])
        return made

    def last_witnessed(self, mend: bool = False) -> Checkpoint | None:
        """The last whole line outside, with its signature checked; ``mend`` ends or cuts a line that a dying machine left torn.

        Raises ForgedCheckpoint when a whole last line does not hold.
        """
        lines = self.witness.read_bytes().split(b"\n") if self.witness.is_file() else [b""]
        torn = lines.pop()
        if torn:
            try:
                found = verify(torn.decode("utf-8", "replace"), [self.key.public_key()])
            except ForgedCheckpoint:
                if mend:
                    _rewrite_end(self.witness, cut=len(torn))
            else:
                if mend:
                    _rewrite_end(self.witness, add=b"\n")
                return found
        return verify(lines[-1].decode("utf-8", "replace"), [self.key.public_key()]) if lines else None


def the_checkpointer(origin: str) -> Checkpointer:
    """The checkpointer of this installation: its key and its file lie beside the data folder, or where the environment says."""
    return Checkpointer(load_or_make_signing_key(signing_key_file()), witness_file(), origin)


def last_signed() -> datetime | None:
    """When the last checkpoint was signed, as the database remembers it."""
    line = FrontierRow.objects.filter(id=1).values_list("last_checkpoint", flat=True).first()
    return datetime.fromisoformat(json.loads(line)["at"]) if line else None


def oldest_exposed() -> datetime | None:
    """When the oldest entry that is under no checkpoint was recorded; None when all are."""
    line = FrontierRow.objects.filter(id=1).values_list("last_checkpoint", flat=True).first()
    size = json.loads(line)["size"] if line else 0
    last = Leaf.objects.filter(index=size - 1).values_list("entry", flat=True).first() if size else 0
    return Entry.objects.filter(id__gt=last or 0).order_by("id").values_list("recorded_at", flat=True).first()


def _locked_row() -> FrontierRow:
    """The frontier's row, held until the transaction ends: one checkpointer at a time."""
    FrontierRow.objects.get_or_create(id=1)
    return FrontierRow.objects.select_for_update().get(id=1)


def _frontier(row: FrontierRow) -> Frontier:
    """The frontier as kept, or made again from the leaves when it is not theirs: it is derived, they are truth."""
    stored = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    size = 0 if stored is None else stored + 1
    if row.size == size and row.body:
        return Frontier.from_json(row.body)
    frontier = Frontier()
    for digest in Leaf.objects.order_by("index").values_list("digest", flat=True).iterator(chunk_size=10_000):
        frontier.append(entry_leaf(digest))
    return frontier


def _append(path: Path, line: str) -> None:
    """Add one line and wait until it is on the disk."""
    new = not path.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _rewrite_end(path: Path, cut: int = 0, add: bytes = b"") -> None:
    with path.open("r+b") as file:
        file.truncate(file.seek(0, os.SEEK_END) - cut)
        file.seek(0, os.SEEK_END)
        file.write(add)
        file.flush()
        os.fsync(file.fileno())
