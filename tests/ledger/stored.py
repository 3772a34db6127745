"""A small stored ledger in memory, as the database and the outside file would hold it, for tests to damage."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.ledger.canonical import canonical, read
from holdfast.ledger.chain import FIRST_PREV, Row, digest
from holdfast.ledger.checkpoint import NO_PREVIOUS, Checkpoint, digest_of, key_id, sign
from holdfast.ledger.log import Frontier, entry_leaf
from holdfast.ledger.proof import Report, check_ledger

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SIGNER = Ed25519PrivateKey.from_private_bytes(b"signer" + b"\0" * 26)
INTRUDER = Ed25519PrivateKey.from_private_bytes(b"intruder" + b"\0" * 24)


@dataclass
class Stored:
    """Rows by stream, leaves (stream, number, digest) by index, heads, and the checkpoint lines kept outside."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    leaves: list[tuple[str, int, str]] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    proved: int = 0

    def copy(self) -> Stored:
        rows = {stream: list(stored) for stream, stored in self.rows.items()}
        return replace(self, rows=rows, leaves=list(self.leaves), heads=dict(self.heads), lines=list(self.lines))

    def check(self, lines: Iterable[str] | None = None) -> Report:
        return check_ledger(
            sorted(self.rows.items()),
            ((index, *leaf) for index, leaf in enumerate(self.leaves)),
            self.heads,
            self.lines if lines is None else lines,
            [SIGNER.public_key()],
            START + timedelta(hours=2),
        )

    def bodies(self, stream: str) -> list[dict[str, object]]:
        return [read(body) for _, _, body in self.rows[stream]]

    def write(self, stream: str, bodies: list[dict[str, object]]) -> None:
        """Store these bodies as the whole of a stream, numbered and chained anew, with its head."""
        self.rows[stream] = []
        prev = FIRST_PREV
        for number, fields in enumerate(bodies, start=1):
            body = canonical({**fields, "stream": stream, "number": number, "prev": prev})
            prev = digest(body)
            self.rows[stream].append((number, prev, body))
        self.heads[stream] = (len(bodies), prev)

    def relog(self, stream: str) -> None:
        """Make the log agree with a stream as it is now: the same leaves, with the entries' present digests."""
        stored = {number: claimed for number, claimed, _ in self.rows[stream]}
        number, leaves = 0, []
        for leaf in self.leaves:
            if leaf[0] != stream:
                leaves.append(leaf)
                continue
            number += 1
            if number in stored:
                leaves.append((stream, number, stored[number]))
        self.leaves = leaves

    def root(self, size: int) -> str:
        frontier = Frontier()
        for _, _, claimed in self.leaves[:size]:
            frontier.append(entry_leaf(claimed))
        return frontier.root().hex()

    def checkpoint(self, size: int, previous: Checkpoint | None, key: Ed25519PrivateKey = SIGNER) -> Checkpoint:
        return Checkpoint(
            origin="test",
            size=size,
            root=self.root(size),
            at=START + timedelta(minutes=size),
            key_id=key_id(key.public_key()),
            previous=digest_of(previous) if previous else NO_PREVIOUS,
            erasures=("person-1",) if size >= 30 else (),
        )


def stored_ledger(streams: int = 4, entries: int = 46, every: int = 10) -> Stored:
    """Make a ledger of interleaved streams with a checkpoint outside after each `every` entries."""
    chance = random.Random(7)
    stored = Stored()
    previous = None
    for place in range(entries):
        stream = f"case-{place % streams if place < 2 * streams else chance.randrange(streams)}"
        number, prev = stored.heads.get(stream, (0, FIRST_PREV))
        recorded = (START + timedelta(minutes=place)).isoformat()
        fields = {"stream": stream, "number": number + 1, "prev": prev, "recorded": recorded, "says": f"deed {place}"}
        body = canonical(fields)
        stored.rows.setdefault(stream, []).append((number + 1, digest(body), body))
        stored.heads[stream] = (number + 1, digest(body))
        stored.leaves.append((stream, number + 1, digest(body)))
        if (place + 1) % every == 0:
            previous = stored.checkpoint(place + 1, previous)
            stored.lines.append(sign(previous, SIGNER))
            stored.proved = place + 1
    return stored
