"""A small real record in the hands of whoever owns its database: guards gone, every row open to raw SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from holdfast.assurance.witnessed import Witness, read_witness
from holdfast.ledger.canonical import canonical
from holdfast.ledger.chain import FIRST_PREV, digest
from holdfast.ledger.checkpoint import load_or_make_signing_key
from holdfast.ledger.checkpointer import Checkpointer
from holdfast.ledger.proof import Report
from tests.database.supply import point_to
from tests.installation import DECISION_MAKER, SENDER, Installation

Leaf = tuple[int, str, int, str]
"""One leaf of the log: the entry's row id, stream, number, digest; its index is its place."""

BARE = ("ledger_entry", "ledger_leaf", "ledger_head", "pathway_edition")


@dataclass
class Owned:
    """``lines`` are the checkpoints outside, ``sizes`` their sizes; ``tail`` is how many entries were appended since the last.

    ``tail_since`` is when the first of those was recorded; ``now`` when the record is looked at.
    """

    key: Ed25519PrivateKey
    leaves: list[Leaf]
    lines: list[str]
    sizes: list[int]
    tail: int
    tail_since: datetime
    now: datetime

    @property
    def covered(self) -> list[Leaf]:
        """The leaves under the last checkpoint."""
        return self.leaves[: self.sizes[-1]]

    def witness(self, lines: Sequence[str] | None = None) -> Witness:
        return Witness(tuple(self.lines if lines is None else lines), (), False)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def bodies(self, stream: str) -> list[dict[str, Any]]:
        rows = self.sql("SELECT body FROM ledger_entry WHERE stream = %s ORDER BY number, id", stream)
        return [json.loads(bytes(body)) for (body,) in rows]

    def row(self, stream: str, number: int) -> tuple[str, bytes]:
        """Digest and body of one entry."""
        found = self.sql("SELECT digest, body FROM ledger_entry WHERE stream = %s AND number = %s", stream, number)
        return found[0][0], bytes(found[0][1])

    def put(self, stream: str, number: int, claimed: str, body: bytes) -> None:
        """Change one stored entry."""
        sql = "UPDATE ledger_entry SET digest = %s, body = %s WHERE stream = %s AND number = %s"
        self.sql(sql, claimed, body, stream, number)

    def add(self, stream: str, number: int, claimed: str, body: bytes) -> None:
        """Put one more row in."""
        sql = (
            "INSERT INTO ledger_entry (id, stream, number, recorded_at, digest, body)"
            " SELECT MAX(id) + 1, %s, %s, MAX(recorded_at), %s, %s FROM ledger_entry"
        )
        self.sql(sql, stream, number, claimed, body)

    def move_head(self, stream: str, number: int, claimed: str) -> None:
        self.sql("UPDATE ledger_head SET number = %s, digest = %s WHERE stream = %s", number, claimed, stream)

    def write(self, stream: str, bodies: list[dict[str, Any]]) -> None:
        """Store these bodies as the whole of a stream, numbered and chained anew, with its head; none: all of it goes."""
        self.sql("DELETE FROM ledger_entry WHERE stream = %s", stream)
        prev = FIRST_PREV
        for number, fields in enumerate(bodies, start=1):
            body = canonical({**fields, "stream": stream, "number": number, "prev": prev})
            prev = digest(body)
            self.add(stream, number, prev, body)
        if bodies:
            self.move_head(stream, len(bodies), prev)
        else:
            self.sql("DELETE FROM ledger_head WHERE stream = %s", stream)

    def relog(self, stream: str, leaves: Sequence[Leaf] | None = None) -> None:
        """Make the log agree with a stream as it is now: the same places, with the entries' present digests."""
        rows = self.sql("SELECT number, id, digest FROM ledger_entry WHERE stream = %s", stream)
        stored = {number: (id, claimed) for number, id, claimed in rows}
        number, log = 0, []
        for leaf in self.leaves if leaves is None else leaves:
            if leaf[1] != stream:
                log.append(leaf)
                continue
            number += 1
            if number in stored:
                log.append((stored[number][0], stream, number, stored[number][1]))
        self.log(log)

    def log(self, leaves: Sequence[Leaf]) -> None:
        """Store these leaves as the whole log; what is derived from it the checkpointer makes again."""
        self.sql("DELETE FROM ledger_leaf")
        with connection.cursor() as cursor:
            cursor.executemany(
                'INSERT INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (%s,%s,%s,%s,%s)',
                [(index, *leaf) for index, leaf in enumerate(leaves)],
            )
        self.sql("UPDATE ledger_frontier SET size = 0, body = ''")

    def stored_log(self) -> list[Leaf]:
        return stored_log()


def small_record(house: Installation, folder: Path) -> Owned:
    """Six cases in several states, a checkpoint after each round, and a tail that no checkpoint covers."""
    key = load_or_make_signing_key(folder / "keys" / "checkpoint.pem", house.chance.randbytes)
    checkpointer = Checkpointer(key, folder / "witness" / "checkpoints.log", "tampering")

    def checkpoint() -> None:
        house.wait(minutes=2)
        while checkpointer.collect(house.now):
            pass
        assert checkpointer.checkpoint(house.now, at_once=True)

    checkpoint()
    cases = [house.open() for _ in range(6)]
    checkpoint()
    for case in cases[:3]:
        case.fill()
        house.wait(seconds=30)
    checkpoint()
    for case in cases[:2]:
        case.name_everybody()
        case.step("send", SENDER)
    checkpoint()
    cases[0].accept()
    cases[0].contact(reached="nobody")
    checkpoint()
    before = len(stored_log())
    house.wait(minutes=1)
    since = house.now
    for case in cases[3:]:
        case.does("NameRole", SENDER, named="decision-maker", staff=DECISION_MAKER)
        house.wait(seconds=5)
    checkpointer.collect(house.now)  # logged, and not yet signed
    cases[0].contact(reached="nobody")
    cases[2].does("NameRole", SENDER, named="decision-maker", staff=DECISION_MAKER)
    house.wait(seconds=10)
    witness = read_witness([key.public_key()], checkpointer.witness)
    leaves = stored_log()
    assert len(leaves) == before + 3
    sizes = [one.checkpoint.size for one in witness.genuine]
    return Owned(key, leaves, list(witness.lines), sizes, 5, since, house.now)


def stored_log() -> list[Leaf]:
    with connection.cursor() as cursor:
        cursor.execute('SELECT entry, stream, number, digest FROM ledger_leaf ORDER BY "index"')
        return [(entry, stream, number, claimed) for entry, stream, number, claimed in cursor.fetchall()]


def check(owned: Owned, lines: Sequence[str] | None = None) -> Report:
    """The production check, with the outside checkpoints or with those that are given."""
    from holdfast.assurance.record import check_record

    return check_record(owned.witness(lines), [owned.key.public_key()], owned.now)


def take_in_hand(owner_url: str) -> None:
    """Connect as the owner and take every guard away: triggers, keys and uniqueness; the rows stay as they are."""
    point_to(owner_url)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        for table in BARE:
            cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE bare RENAME TO {table}")
