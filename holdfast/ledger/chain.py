"""The hash chain of one stream: each entry's body names the digest of the entry before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from holdfast.ledger.canonical import NotCanonical, read

FIRST_PREV = "0" * 64
_TAG = b"\x02holdfast entry\x00"

Row: TypeAlias = tuple[int, str, bytes]
"""One stored entry of a stream: number (1..), digest (64 hex), body (canonical JSON bytes)."""

FaultKind: TypeAlias = Literal[
    "edited",  # the body is not the one that was digested, or not the one in the log
    "missing",  # an entry that must be there is not
    "reordered",  # an entry stands in another's place
    "duplicate",  # a number, or an entry, stands there twice
    "inserted",  # an entry that neither the log nor the head knows
    "broken-link",  # an entry does not follow the one before it
    "wrong-stream",  # an entry of another stream
    "backdated",  # recorded before the entry it follows
    "wrong-head",  # the head row disagrees with the last entry
    "broken-log",  # the log's own order has a gap or a repeat
    "rewritten-log",  # the log does not give the root that an outside checkpoint holds
    "old-backup",  # the log is shorter than an outside checkpoint
    "forged-checkpoint",  # a checkpoint whose signature does not hold
    "broken-checkpoints",  # genuine checkpoints that do not follow one another
    "bad-file",  # an evidence file that cannot be read, or does not fit together
    "bad-signature",  # an evidence file whose signature does not hold
    "untrusted-key",  # signed by a key the reader does not trust
    "bad-inclusion",  # an entry that the log under the checkpoint does not hold
    "bad-disclosure",  # a disclosed value that its commitment does not open to, or that no entry commits to
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the record: in which stream, at which number (0: not one entry), and in a sentence."""

    stream: str
    number: int
    kind: FaultKind
    says: str


def digest(body: bytes) -> str:
    """Give the entry's digest: sha256, hex, over a domain tag and the body's bytes."""
    return hashlib.sha256(_TAG + body).hexdigest()


def recorded_at(body: bytes) -> datetime | None:
    """Give the aware instant in the body's `recorded` (ISO 8601), or None when there is none to be read."""
    try:
        return _instant(read(body).get("recorded"))
    except NotCanonical:
        return None


def check_stream(stream: str, rows: Iterable[Row]) -> list[Fault]:
    """Check one stream's entries, given in stored order, and list the faults, the first first.

    A shortened tail cannot be seen from here: that takes the head, the log or a checkpoint (see `proof`).
    """
    stored = list(rows)
    present = {number for number, _, _ in stored}
    seen_numbers: set[int] = set()
    seen_digests: dict[str, int] = {}
    faults: list[Fault] = []
    expected, before, before_at = 1, FIRST_PREV, None
    for number, claimed, body in stored:
        if number in seen_numbers:
            faults.append(Fault(stream, number, "duplicate", f"{stream} has two entries numbered {number}"))
        elif number < expected:
            faults.append(Fault(stream, number, "reordered", f"{stream} entry {number} comes out of order"))
        elif number > expected:
            faults.extend(_gap(stream, expected, number, present))
        followed = number == expected
        seen_numbers.add(number)
        expected = max(expected, number + 1)
        if claimed in seen_digests and number != seen_digests[claimed]:
            says = f"{stream} entry {number} is entry {seen_digests[claimed]} again"
            faults.append(Fault(stream, number, "duplicate", says))
        seen_digests.setdefault(claimed, number)
        found, at = _check_entry(stream, number, claimed, body, before if followed else None)
        faults.extend(found)
        if at is not None and before_at is not None and at < before_at:
            says = f"{stream} entry {number} was recorded before the entry it follows"
            faults.append(Fault(stream, number, "backdated", says))
        before, before_at = claimed, at or before_at
    return faults


def _gap(stream: str, expected: int, number: int, present: set[int]) -> list[Fault]:
    faults = []
    for absent in range(expected, min(number, expected + 1000)):  # one absurd number must not fill the memory
        if absent in present:
            says = f"{stream} entry {absent} comes out of order"
            faults.append(Fault(stream, absent, "reordered", says))
        else:
            faults.append(Fault(stream, absent, "missing", f"{stream} entry {absent} is missing"))
    return faults


def _check_entry(
    stream: str, number: int, claimed: str, body: bytes, before: str | None
) -> tuple[list[Fault], datetime | None]:
    """Check one entry by itself and against the digest before it (None: there is none to compare)."""
    name = f"{stream} entry {number}"
    faults: list[Fault] = []
    if digest(body) != claimed:
        faults.append(Fault(stream, number, "edited", f"{name} was edited: its body does not have its digest"))
    try:
        fields = read(body)
    except NotCanonical as error:
        faults.append(Fault(stream, number, "edited", f"{name} is not a canonical JSON object: {error}"))
        return faults, None
    if fields.get("stream") != stream:
        faults.append(Fault(stream, number, "wrong-stream", f"{name} belongs to another stream"))
    inner = fields.get("number")
    if type(inner) is not int or inner != number:  # True == 1 in Python; not in the record
        faults.append(Fault(stream, number, "reordered", f"{name} says inside that it is another number"))
    if before is not None and fields.get("prev") != before:
        faults.append(Fault(stream, number, "broken-link", f"{name} does not follow the entry before it"))
    return faults, _instant(fields.get("recorded"))


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
