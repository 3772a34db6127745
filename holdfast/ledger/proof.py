"""The check of a whole ledger: its streams against its log, and its log against the checkpoints kept outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfast.ledger.chain import Fault, FaultKind, Row, check_stream, recorded_at
from holdfast.ledger.checkpoint import Checkpoint
from holdfast.ledger.log import EMPTY_ROOT, Frontier, entry_leaf
from holdfast.ledger.witness import check_checkpoints

Leaf: TypeAlias = tuple[int, str, int, str]
"""One leaf of the log: index (0..), stream, number, the entry's digest (64 hex)."""

Word: TypeAlias = Literal["proved", "consistent", "broken"]

_FAR = float("inf")


@dataclass(frozen=True, slots=True)
class ProvedUpTo:
    """The last outside checkpoint that the log bears out: its number of leaves, and its instant."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Exposed:
    """The entries under no outside checkpoint: how many, and the seconds since the oldest was recorded."""

    entries: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found; the first fault is the one that stands first in the record."""

    word: Word
    faults: list[Fault]
    proved_up_to: ProvedUpTo | None
    exposed: Exposed


class _Findings:
    """Faults with their position in the log, so that the first wrong entry can be named first."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, FaultKind], tuple[float, Fault]] = {}

    def add(self, position: float, fault: Fault) -> None:
        self._found.setdefault((fault.stream, fault.number, fault.kind), (position, fault))

    def in_order(self) -> list[Fault]:
        return [fault for _, fault in sorted(self._found.values(), key=lambda found: found[0])]


class _Log:
    """The log as stored, read once: where each entry's leaf is, and the root at each size that was checkpointed."""

    def __init__(self, leaves: Iterable[Leaf], sizes: set[int], findings: _Findings) -> None:
        self.places: dict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
        self.at_edges: dict[int, tuple[str, int]] = {}
        self.roots = {0: EMPTY_ROOT.hex()}
        frontier = Frontier()
        for index, stream, number, digest in leaves:
            position = frontier.size
            if index != position:
                says = f"the log has leaf {index} ({stream} entry {number}) where leaf {position} belongs"
                findings.add(position, Fault(stream, number, "broken-log", says))
            if number in self.places[stream]:
                says = f"the log holds {stream} entry {number} twice"
                findings.add(position, Fault(stream, number, "duplicate", says))
            elif number != len(self.places[stream]) + 1:
                says = f"the log holds {stream} entry {number} out of order"
                findings.add(position, Fault(stream, number, "reordered", says))
            self.places[stream].setdefault(number, (position, digest))
            if position in sizes:
                self.at_edges[position] = (stream, number)
            try:
                frontier.append(entry_leaf(digest))
            except ValueError:
                findings.add(position, Fault(stream, number, "edited", f"the log's leaf {position} is not a digest"))
                frontier.append(b"")
            if frontier.size in sizes:
                self.roots[frontier.size] = frontier.root().hex()
        self.size = frontier.size


def check_ledger(
    streams: Iterable[tuple[str, Iterable[Row]]],
    leaves: Iterable[Leaf],
    heads: Mapping[str, tuple[int, str]],
    checkpoint_lines: Iterable[str],
    public_keys: Iterable[Ed25519PublicKey],
    now: datetime,
) -> Report:
    """Check every entry, the log and the outside checkpoints against one another.

    `streams` gives each stream once with its rows by number (as `itertools.groupby` does over rows in order), `leaves`
    the log by index, `heads` the number and digest of each stream's last entry, `checkpoint_lines` what was kept
    outside, oldest first. The word is *broken* with any fault; *proved* when a checkpoint bears the log out;
    *consistent* when there is none: then whoever owns the database could have rewritten all of it.
    """
    findings = _Findings()
    checkpoints, faults = check_checkpoints(checkpoint_lines, public_keys)
    for fault in faults:
        findings.add(_FAR, fault)
    log = _Log(leaves, {checkpoint.size for checkpoint in checkpoints}, findings)
    proved = _last_borne_out(log, checkpoints, findings)
    exposed, oldest = 0, None
    seen: set[str] = set()
    for stream, stored in streams:
        if stream in seen:
            findings.add(_FAR, Fault(stream, 0, "duplicate", f"the stream {stream} is there twice"))
        seen.add(stream)
        rows = list(stored)
        _check_against_log(stream, rows, log.places.get(stream, {}), heads.get(stream), findings)
        for number, _, body in rows:
            place = log.places.get(stream, {}).get(number)
            if place is None or proved is None or place[0] >= proved.size:
                exposed += 1
                at = recorded_at(body)
                oldest = at if oldest is None or (at is not None and at < oldest) else oldest
    for stream in sorted((set(log.places) | set(heads)) - seen):
        _check_against_log(stream, [], log.places.get(stream, {}), heads.get(stream), findings)
    faults = findings.in_order()
    word: Word = "broken" if faults else "proved" if proved is not None and proved.size else "consistent"
    upto = ProvedUpTo(proved.size, proved.at) if proved is not None else None
    # A recorded time after `now` would give less than no time: the clock of whoever checks may be slow.
    seconds = max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0
    return Report(word, faults, upto, Exposed(exposed, seconds))


def _last_borne_out(log: _Log, checkpoints: list[Checkpoint], findings: _Findings) -> Checkpoint | None:
    proved = None
    for checkpoint in checkpoints:
        if checkpoint.size > log.size:
            says = (
                f"the log has {log.size} entries, the checkpoint of {checkpoint.at.isoformat()} holds"
                f" {checkpoint.size}: an old backup, or entries taken from the end"
            )
            findings.add(log.size, Fault("", 0, "old-backup", says))
            break
        if log.roots[checkpoint.size] != checkpoint.root:
            start = proved.size if proved is not None else 0
            stream, number = log.at_edges.get(start, ("", 0))
            says = (
                f"the log was rewritten: an entry from leaf {start} ({stream or 'none'} entry {number}) up to leaf"
                f" {checkpoint.size - 1} is not the one under the checkpoint of {checkpoint.at.isoformat()}"
            )
            # Placed at the checkpoint: a fault that names the very entry, found before it, comes first.
            findings.add(checkpoint.size, Fault(stream, number, "rewritten-log", says))
            break
        if proved is None or checkpoint.size >= proved.size:
            proved = checkpoint
    return proved


def _check_against_log(
    stream: str,
    rows: list[Row],
    places: Mapping[int, tuple[int, str]],
    head: tuple[int, str] | None,
    findings: _Findings,
) -> None:
    def position(number: int) -> float:
        # An entry that is not in the log stands just after the last of its stream that is.
        if number in places:
            return places[number][0]
        before = [index for logged, (index, _) in places.items() if logged < number]
        return max(before) + 0.5 if before else _FAR

    last_logged = max(places, default=0)
    stored = {number: claimed for number, claimed, _ in rows}
    for number, (index, digest) in places.items():
        if number not in stored:
            says = f"{stream} entry {number} is missing: the log holds it as leaf {index}"
            findings.add(index, Fault(stream, number, "missing", says))
        elif stored[number] != digest:
            says = f"{stream} entry {number} is not the one that the log holds as leaf {index}"
            findings.add(index, Fault(stream, number, "edited", says))
    for number in stored:
        if number not in places and number < last_logged:
            says = f"{stream} entry {number} was put in: the log does not hold it, but holds a later one"
            findings.add(position(number), Fault(stream, number, "inserted", says))
    for fault in check_stream(stream, rows):
        findings.add(position(fault.number), fault)
    last = max(stored, default=0)
    if head is None:
        if rows:
            findings.add(position(last), Fault(stream, last, "wrong-head", f"{stream} has entries and no head"))
    elif head[0] < last:
        says = f"{stream} entry {head[0] + 1} was put in: the head says that there are {head[0]}"
        findings.add(position(head[0] + 1), Fault(stream, head[0] + 1, "inserted", says))
    elif head[0] > last:
        says = f"{stream} entry {last + 1} is missing: the head says that there are {head[0]}"
        findings.add(position(last + 1), Fault(stream, last + 1, "missing", says))
    elif head[1] != stored.get(last):
        says = f"{stream} entry {last} is not the one that the head names"
        findings.add(position(last), Fault(stream, last, "wrong-head", says))
