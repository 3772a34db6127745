"""The whole record checked against itself and against the checkpoints kept outside, in one consistent look (AUD-03)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from holdfast.assurance.witnessed import Witness
from holdfast.ledger.chain import Fault, Row
from holdfast.ledger.models import Head
from holdfast.ledger.proof import Leaf, Report, check_ledger
from holdfast.pathways.digest import digest_of
from holdfast.pathways.models import Edition

AT_ONCE = 2_000
#: Where an entry's canonical body names an edition: the one it was decided under, or the one it published.
_EDITION = re.compile(rb'"edition":"([0-9a-f]{64})"')
_PUBLISHED = re.compile(rb'"digest":"([0-9a-f]{64})","event":"EditionPublished"')


def check_record(witness: Witness, keys: Sequence[Ed25519PublicKey], now: datetime) -> Report:
    """Check every entry, the log, the editions and the checkpoints. Nobody is kept from writing meanwhile.

    ``witness`` is read before: the record may have grown since, and must never have shrunk.
    """
    named: set[str] = set()
    with one_look():
        heads = {
            stream: (number, digest)
            for stream, number, digest in Head.objects.values_list("stream", "number", "digest")
        }
        report = check_ledger(_streams(named), _leaves(), heads, witness.lines, keys, now)
        wrong = _editions(named)
    return replace(report, word="broken", faults=[*report.faults, *wrong]) if wrong else report


@contextmanager
def one_look() -> Iterator[None]:
    """Everything read inside is from one instant, without a lock on writers."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "BEGIN DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _streams(named: set[str]) -> Iterator[tuple[str, Iterator[Row]]]:
    """The entries by stream; the editions that they name are added to ``named`` as they pass."""
    sql = "SELECT stream, number, digest, body FROM ledger_entry ORDER BY stream, number, id"
    for stream, rows in groupby(_rows(sql), key=itemgetter(0)):
        yield stream, (_noting(row, named) for row in rows)


def _noting(row: Any, named: set[str]) -> Row:
    _, number, digest, stored = row
    body = bytes(stored)
    named.update(found.decode() for pattern in (_EDITION, _PUBLISHED) for found in pattern.findall(body))
    return number, digest, body


def _leaves() -> Iterator[Leaf]:
    yield from _rows('SELECT "index", stream, number, digest FROM ledger_leaf ORDER BY "index"')


def _rows(sql: str) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while found := cursor.fetchmany(AT_ONCE):
            yield from found


def _editions(named: set[str]) -> list[Fault]:
    """Editions are inside the record: each has the digest it was published under, every one that an entry names is there, and no
    other. What a head says is derived, and proves nothing."""
    faults = []
    for edition in Edition.objects.order_by("pathway", "digest").iterator():
        if digest_of(bytes(edition.body)) != edition.digest:
            says = (
                f"the edition {edition.digest[:12]} of {edition.pathway} was edited: its text does not have its digest"
            )
            faults.append(Fault(f"pathway:{edition.pathway}", 0, "edited", says))
    there = set(Edition.objects.values_list("digest", flat=True))
    for digest in sorted(named - there):
        faults.append(Fault("", 0, "missing", f"the edition {digest[:12]} is missing, and the record names it"))
    for digest in sorted(there - named):
        faults.append(Fault("", 0, "inserted", f"the edition {digest[:12]} is there, and no entry published it"))
    heads = Head.objects.exclude(edition="").order_by("edition").values_list("edition", flat=True).distinct()
    for digest in sorted(set(heads) - named):
        faults.append(Fault("", 0, "wrong-head", f"a head stands on the edition {digest[:12]}, which no entry names"))
    return faults
