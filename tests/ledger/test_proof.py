"""The whole-ledger check: a thousand tamperings are all detected, and without checkpoints some are not."""

import random
from datetime import timedelta

import pytest

from holdfast.ledger.canonical import canonical
from holdfast.ledger.chain import digest
from holdfast.ledger.checkpoint import NO_PREVIOUS, digest_of, sign, verify

from .stored import SIGNER, START, Stored, stored_ledger
from .tampering import KINDS

TRIALS = 120  # of each of nine kinds: 1,080
CONTROLS = 40  # the first of the same trials
LEDGER = stored_ledger()


def trials(kind: str, count: int = TRIALS) -> list[tuple[Stored, tuple[str, int] | None]]:
    chance = random.Random(f"tamper {kind}")
    tampered = []
    for _ in range(count):
        stored = LEDGER.copy()
        tampered.append((stored, KINDS[kind](stored, chance)))
    return tampered


def test_the_untouched_ledger_is_proved_and_its_exposed_tail_is_told() -> None:
    report = LEDGER.check()
    assert (report.word, report.faults) == ("proved", [])
    assert report.proved_up_to is not None
    assert (report.proved_up_to.size, report.proved_up_to.at) == (40, START + timedelta(minutes=40))
    assert (report.exposed.entries, report.exposed.seconds) == (6, 4800.0)


def test_without_a_checkpoint_it_is_consistent_and_not_proved() -> None:
    report = LEDGER.check(lines=[])
    assert (report.word, report.proved_up_to, report.exposed.entries) == ("consistent", None, 46)
    empty = Stored().check()
    assert (empty.word, empty.exposed.entries, empty.exposed.seconds) == ("consistent", 0, 0.0)


@pytest.mark.hazard("HZ-85")
@pytest.mark.parametrize("kind", KINDS)
def test_every_tampering_is_detected(kind: str) -> None:
    for trial, (stored, named) in enumerate(trials(kind)):
        report = stored.check()
        assert report.word == "broken", f"HZ-85: {kind}, trial {trial} was not detected"
        if named is not None:
            first = report.faults[0]
            assert (first.stream, first.number) == named, f"{kind}, trial {trial}: {first.says}"


@pytest.mark.control_off("HZ-85")
def test_without_outside_checkpoints_the_owner_of_the_database_is_not_detected() -> None:
    missed = {}
    for kind in KINDS:
        missed[kind] = sum(stored.check(lines=[]).word != "broken" for stored, _ in trials(kind, CONTROLS))
    thorough = {"delete", "swap", "truncate", "insert", "re-chain", "replay", "forged checkpoint", "old backup"}
    assert {kind for kind, count in missed.items() if count} == thorough
    assert missed["old backup"] == missed["forged checkpoint"] == CONTROLS
    assert missed["re-chain"] > CONTROLS / 4


def test_a_rewritten_log_is_narrowed_to_the_entries_between_two_checkpoints() -> None:
    stored = LEDGER.copy()
    stream, number, _ = stored.leaves[34]
    bodies = stored.bodies(stream)
    bodies[number - 1]["says"] = "never happened"
    stored.write(stream, bodies)
    stored.relog(stream)
    report = stored.check()
    assert [fault.kind for fault in report.faults] == ["rewritten-log"]
    assert "from leaf 30" in report.faults[0].says
    assert "up to leaf 39" in report.faults[0].says
    assert report.proved_up_to is not None
    assert report.proved_up_to.size == 30


def test_removed_leaves_and_a_removed_log_are_seen() -> None:
    stored = LEDGER.copy()
    del stored.leaves[20]
    assert stored.check().word == "broken"
    stored.leaves.clear()
    assert stored.check().faults[0].kind == "old-backup"


def test_a_gap_in_the_log_and_a_leaf_that_is_no_digest_are_seen() -> None:
    stored = LEDGER.copy()
    stream, number, _ = stored.leaves[5]
    stored.leaves[5] = (stream, number, "nothing")
    fault = stored.check(lines=[]).faults[0]
    assert (fault.stream, fault.number, fault.kind) == (stream, number, "edited")


def test_a_head_that_says_otherwise_is_seen() -> None:
    for head, kind in [((99, "0" * 64), "missing"), ((1, "0" * 64), "inserted"), (None, "wrong-head")]:
        stored = LEDGER.copy()
        if head:
            stored.heads["case-2"] = head
        else:
            del stored.heads["case-2"]
        assert [fault.kind for fault in stored.check().faults] == [kind]
    stored = LEDGER.copy()
    stored.heads["case-2"] = (stored.heads["case-2"][0], "0" * 64)
    assert [fault.kind for fault in stored.check().faults] == ["wrong-head"]


def test_a_stream_that_vanished_is_named() -> None:
    stored = LEDGER.copy()
    del stored.rows["case-3"], stored.heads["case-3"]
    fault = stored.check().faults[0]
    assert (fault.stream, fault.number, fault.kind) == ("case-3", 1, "missing")


def test_a_new_entry_is_exposed_until_the_next_checkpoint() -> None:
    stored = LEDGER.copy()
    number, prev = stored.heads["case-1"]
    recorded = (START + timedelta(minutes=119)).isoformat()
    body = canonical({"stream": "case-1", "number": number + 1, "prev": prev, "recorded": recorded})
    stored.rows["case-1"].append((number + 1, digest(body), body))
    stored.heads["case-1"] = (number + 1, digest(body))
    report = stored.check()  # not in the log yet
    assert (report.word, report.exposed.entries) == ("proved", 7)
    stored.leaves.append(("case-1", number + 1, digest(body)))
    last = verify(stored.lines[-1], [SIGNER.public_key()])
    stored.lines.append(sign(stored.checkpoint(47, last), SIGNER))
    report = stored.check()
    assert (report.word, report.exposed.entries, report.exposed.seconds) == ("proved", 0, 0.0)


def test_a_checkpoint_line_that_is_missing_or_takes_back_an_erasure_is_seen() -> None:
    lines = LEDGER.lines
    assert LEDGER.check(lines=lines[1:]).word == "proved"  # a witness may have begun later
    assert LEDGER.check(lines=[lines[0], *lines[2:]]).faults[0].kind == "broken-checkpoints"
    last = verify(lines[-1], [SIGNER.public_key()])
    bare = LEDGER.checkpoint(46, last)
    taken_back = sign(type(bare)(bare.origin, 46, bare.root, bare.at, bare.key_id, digest_of(last), ()), SIGNER)
    faults = LEDGER.check(lines=[*lines, taken_back]).faults
    assert [fault.number for fault in faults] == [5]
    assert "leaves out an erasure" in faults[0].says
    fork = type(bare)("test", 40, "0" * 64, bare.at, bare.key_id, NO_PREVIOUS, bare.erasures)
    assert "forked" in " ".join(fault.says for fault in LEDGER.check(lines=[*lines, sign(fork, SIGNER)]).faults)
