"""The campaign of kills: python -m tests.campaigns.kills [--trials N] [--seed N] [--engine NAME] [--report FILE]."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from bench.ground import fresh, prepare
from tests.campaigns.report import Campaign, Chunk

if TYPE_CHECKING:
    from tests.faults.kills import Tally


def one_engine(engine: str, asked: argparse.Namespace) -> Chunk:
    """Three fifths at named points, one fifth of deeds on several streams, one fifth at random."""
    prepare(engine)
    figures: list[str] = []
    whole = True
    for name, share in (("named points", 0.6), ("several streams", 0.2), ("random moments", 0.2)):
        with fresh(engine):
            began = time.monotonic()
            tally = _run(name, asked.seed, int(asked.trials * share))
            whole &= not tally.faults
            figures += [f"{name}, {time.monotonic() - began:.0f} s", *tally.lines()]
    return Chunk(engine, tuple(figures), whole)


def _run(name: str, seed: int, trials: int) -> Tally:
    from tests.faults.kills import run_trials
    from tests.faults.random_kills import random_trials
    from tests.faults.several import inns
    from tests.faults.several_kills import run_several
    from tests.installation import Installation

    if name == "several streams":
        house = inns()
        house.chance.seed(seed)
        return run_several(house, trials)
    run = run_trials if name == "named points" else random_trials
    return run(Installation(seed=seed).set_up(), trials)


KILLS = Campaign(
    "kills",
    "kill -9",
    "The control runs that show the trials can fail are\n"
    "`tests/faults/test_kills.py::test_without_remembered_answers_the_trials_see_commands_applied_twice` and\n"
    "`tests/faults/test_several.py::test_without_one_transaction_the_trials_see_a_part_of_a_deed`.",
    {"trials": 10_000, "seed": 1},
    one_engine,
)

if __name__ == "__main__":
    sys.exit(KILLS.main())
