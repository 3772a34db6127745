"""The campaign of tampering: python -m tests.campaigns.tampering [--trials N] [--seed N] [--engine NAME] [--report FILE]."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.ground import fresh, prepare
from tests.campaigns.report import Campaign, Chunk

CONTROLS = 360


def one_engine(engine: str, asked: argparse.Namespace) -> Chunk:
    """The untouched record, the trials, and the control run without outside checkpoints."""
    prepare(engine)
    with fresh(engine) as url, tempfile.TemporaryDirectory(prefix="holdfast-witness-") as folder:
        from tests.faults.owned import check, small_record, take_in_hand
        from tests.faults.tampering_trials import run_trials
        from tests.installation import Installation

        owned = small_record(Installation(seed=asked.seed).set_up(), Path(folder))
        take_in_hand(url.replace("holdfast_app:", "holdfast_owner:"))
        untouched = check(owned)
        began = time.monotonic()
        tally = run_trials(owned, asked.trials, asked.seed)
        spent = time.monotonic() - began
        control = run_trials(owned, CONTROLS, asked.seed, witnessed=False)
        tail = untouched.exposed
        whole = (
            untouched.word == check(owned).word == "proved"
            and (tail.entries, tail.seconds) == (owned.tail, (owned.now - owned.tail_since).total_seconds())
            and tally.total == asked.trials
            and not tally.missed
            and not tally.faults
            and control.missed.total() > 0
        )
        missed = ", ".join(f"{kind} {count}" for kind, count in sorted(control.missed.items()))
        figures = (
            f"untouched: {untouched.word}, {len(owned.sizes)} checkpoints over {owned.sizes[-1]} entries;"
            f" exposed tail {tail.entries} entries, {tail.seconds:.0f} s",
            *tally.lines(),
            f"control without outside checkpoints: {control.missed.total()} of {control.total} missed ({missed})",
            f"{spent:.0f} s",
        )
        return Chunk(engine, figures, whole)


TAMPERING = Campaign(
    "tampering",
    "tampering with a stored ledger",
    "Tamperings by raw SQL as the owner of the database with its guards removed; each must be seen, and what it wronged be\n"
    "named. The control run without outside checkpoints shows that the trials can miss one.",
    {"trials": 10_000, "seed": 1},
    one_engine,
)

if __name__ == "__main__":
    sys.exit(TAMPERING.main())
