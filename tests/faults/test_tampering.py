"""A stored ledger tampered with by whoever owns the database: all of it is seen, up to the last checkpoint outside (AUD-03)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.pathways.digest import digest_of
from tests.database.supply import Database
from tests.faults.owned import Owned, check, small_record, take_in_hand
from tests.faults.tampering import KINDS
from tests.faults.tampering_trials import run_trials
from tests.installation import Installation

#: On each of two databases in CI, so more than 1,000 in all; a campaign does more.
TRIALS = int(os.environ.get("HOLDFAST_TAMPERINGS", "504"))
CONTROLS = 180


@pytest.fixture
def owned(clean_database: Database, tmp_path: Path) -> Owned:
    record = small_record(Installation().set_up(), tmp_path)
    take_in_hand(clean_database.owner_url)
    return record


@pytest.mark.requirement("AUD-03")
def test_the_untouched_record_is_proved_and_its_exposed_tail_is_told(owned: Owned) -> None:
    report = check(owned)
    print(f"exposed tail: {report.exposed.entries} entries, {report.exposed.seconds:.0f} s")
    assert (report.word, report.faults) == ("proved", [])
    assert report.proved_up_to is not None and report.proved_up_to.size == owned.sizes[-1]
    assert report.exposed.entries == owned.tail
    assert timedelta(seconds=report.exposed.seconds) == owned.now - owned.tail_since
    without = check(owned, [])
    assert (without.word, without.proved_up_to) == ("consistent", None)


@pytest.mark.requirement("AUD-03")
def test_every_tampering_is_seen_and_the_wronged_entry_named(owned: Owned) -> None:
    tally = run_trials(owned, TRIALS, seed=1)
    print(*tally.lines(), sep="\n")
    assert tally.total >= 500, "fewer tamperings were tried than the record is said to withstand"
    assert set(tally.trials) == set(KINDS) and min(tally.trials.values()) >= 50
    assert not tally.missed, "\n".join(tally.lines())
    assert not tally.faults, "\n".join(tally.lines())
    assert check(owned).word == "proved", "the trials did not leave the record as it was"


@pytest.mark.requirement("AUD-03")
def test_an_edition_put_in_anothers_place_is_seen_though_the_heads_follow(owned: Owned) -> None:
    ((digest, stored),) = owned.sql("SELECT digest, body FROM pathway_edition")
    body = bytes(stored).replace(b'"24 h"', b'"90 d"', 1)
    other = digest_of(body)
    assert other != digest
    owned.sql("UPDATE pathway_edition SET digest = %s, body = %s", other, body)
    owned.sql("UPDATE ledger_head SET edition = %s WHERE edition = %s", other, digest)
    says = [fault.says for fault in check(owned).faults]
    assert any(digest[:12] in line and "missing" in line for line in says), says
    assert any(other[:12] in line and "no entry" in line for line in says), says


def test_without_checkpoints_outside_a_thorough_tampering_is_not_seen(owned: Owned) -> None:
    """The control run: the same trials miss what only the outside can tell."""
    tally = run_trials(owned, CONTROLS, seed=1, witnessed=False)
    thorough = {"delete", "swap", "truncate", "insert", "re-chain", "forged checkpoint", "old backup"}
    assert thorough <= set(tally.missed), "\n".join(tally.lines())
