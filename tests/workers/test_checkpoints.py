"""Checkpoints: every entry joins the log once, and where it stands lies signed outside the database."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections, transaction

from holdfast.ledger.checkpoint import ForgedCheckpoint
from holdfast.ledger.checkpointer import Checkpointer, RecordCutShort, last_signed, oldest_exposed
from holdfast.ledger.models import Entry, Frontier, Head, Leaf
from holdfast.ledger.proof import check_ledger
from holdfast.people.models import Erasure
from holdfast.workers.checkpoints import Checkpoints
from tests.installation import START, Installation

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)


def checkpointer(folder: Path, key: Ed25519PrivateKey = KEY) -> Checkpointer:
    return Checkpointer(key, folder / "witness" / "checkpoints.log", "test")


def report(outside: Checkpointer, now):
    rows: dict[str, list] = {}
    for entry in Entry.objects.order_by("stream", "number"):
        rows.setdefault(entry.stream, []).append((entry.number, entry.digest, bytes(entry.body)))
    leaves = Leaf.objects.order_by("index").values_list("index", "stream", "number", "digest")
    heads = {head.stream: (head.number, head.digest) for head in Head.objects.all()}
    lines = outside.witness.read_text("utf-8").splitlines()
    return check_ledger(rows.items(), leaves, heads, lines, [KEY.public_key()], now)


@pytest.mark.requirement("AUD-03")
def test_the_whole_record_is_proved_by_what_lies_outside(works, tmp_path):
    outside = checkpointer(tmp_path)
    works.house.sent()
    assert works.go(Checkpoints(outside)) == 0
    found = report(outside, works.house.now)
    assert found.word == "proved" and found.faults == [] and found.exposed.entries == 0
    assert last_signed() == works.house.now and oldest_exposed() is None
    outside.require_whole()


def test_a_checkpoint_is_signed_after_sixty_seconds_or_a_thousand_entries_and_only_for_something_new(works, tmp_path):
    outside = checkpointer(tmp_path)
    duty = Checkpoints(outside)
    case = works.house.open()
    duty.step(works.house.now)
    works.house.wait(seconds=120)
    duty.step(works.house.now)
    assert len(outside.witness.read_text().splitlines()) == 1, "nothing new"
    case.fill()
    duty.step(works.house.now)
    assert len(outside.witness.read_text().splitlines()) == 2
    case.fill()
    works.house.wait(seconds=30)
    duty.step(works.house.now)
    assert len(outside.witness.read_text().splitlines()) == 2, "not yet"
    assert oldest_exposed() is not None
    works.house.wait(seconds=30)
    duty.step(works.house.now)
    assert len(outside.witness.read_text().splitlines()) == 3
    assert report(outside, works.house.now).faults == []


def test_erasures_travel_and_a_list_never_gets_shorter(works, tmp_path):
    outside = checkpointer(tmp_path)
    works.house.open()
    outside.collect(works.house.now)
    Erasure.objects.create(person="p1", erased_at=works.house.now)
    assert outside.checkpoint(works.house.now).erasures == ("p1",)
    Erasure.objects.create(person="p2", erased_at=works.house.now)
    made = outside.checkpoint(works.house.now + timedelta(seconds=61))
    assert made is not None and made.erasures == ("p1", "p2"), "an erasure alone is worth a checkpoint"


@pytest.mark.parametrize("keep", [1, 40, 10_000])
def test_a_line_torn_by_a_dying_machine_is_mended(works, tmp_path, keep):
    outside = checkpointer(tmp_path)
    case = works.house.open()
    Checkpoints(outside).step(works.house.now)
    case.fill()
    works.house.wait(seconds=61)
    Checkpoints(outside).step(works.house.now)
    whole = outside.witness.read_bytes()
    first, second = whole.splitlines(keepends=True)
    outside.witness.write_bytes(first + second[:-1][:keep])
    case.fill()
    works.house.wait(seconds=61)
    Checkpoints(outside).step(works.house.now)
    found = report(outside, works.house.now)
    assert found.word == "proved" and found.faults == []


def test_a_record_shorter_than_what_was_witnessed_does_not_start(works, tmp_path):
    outside = checkpointer(tmp_path)
    works.house.open()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        works.house.sent()
        Checkpoints(outside).step(works.house.now)
        raise ZeroDivisionError  # the database goes back to an earlier state; the outside does not
    with pytest.raises(RecordCutShort, match="cut short"):
        outside.require_whole()


def test_a_record_other_than_what_was_witnessed_does_not_start(works, tmp_path):
    outside = checkpointer(tmp_path)
    works.house.open()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        works.house.sent()
        Checkpoints(outside).step(works.house.now)
        raise ZeroDivisionError
    works.house.sent()
    works.house.sent()
    outside.collect(works.house.now)
    with pytest.raises(RecordCutShort, match="are not those"):
        outside.require_whole()


def test_a_forged_line_outside_stops_the_start(works, tmp_path):
    works.house.open()
    Checkpoints(checkpointer(tmp_path, OTHER)).step(works.house.now)
    with pytest.raises(ForgedCheckpoint):
        checkpointer(tmp_path).require_whole()


def test_the_frontier_is_made_again_from_the_leaves(works, tmp_path):
    outside = checkpointer(tmp_path)
    case = works.house.open()
    Checkpoints(outside).step(works.house.now)
    Frontier.objects.update(size=0, body="")
    case.fill()
    works.house.wait(seconds=61)
    Checkpoints(outside).step(works.house.now)
    assert report(outside, works.house.now).word == "proved"


def test_an_entry_committed_after_a_younger_one_joins_the_log_all_the_same(clean_database, tmp_path):
    """PostgreSQL gives ids before commits: the lower id may be seen later. On SQLite writers queue, and there is nothing to see."""
    if connection.vendor != "postgresql":
        pytest.skip("writers queue on SQLite")
    house = Installation().set_up()
    outside = checkpointer(tmp_path)
    slow, quick = house.open(), house.open()
    outside.collect(START)
    begun, go = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            slow.fill()
            begun.set()
            go.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slowly)
    thread.start()
    begun.wait(20)
    quick.fill()
    assert outside.collect(START) == 1
    go.set()
    thread.join()
    assert outside.collect(START) == 1
    assert list(Leaf.objects.order_by("index").values_list("stream", flat=True))[-2:] == [quick.id, slow.id]
    ids = list(Leaf.objects.order_by("index").values_list("entry", flat=True))
    assert ids[-1] < ids[-2]
    outside.checkpoint(START)
    assert report(outside, START).word == "proved"
