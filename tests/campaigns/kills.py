"""The campaign of kills: python -m tests.campaigns.kills [--trials N] [--seed N] [--engine NAME] [--report FILE]."""

from __future__ import annotations

import argparse
import sys
import time

from bench.ground import fresh, prepare
from tests.campaigns.report import Campaign, Chunk


def one_engine(engine: str, asked: argparse.Namespace) -> Chunk:
    """Three quarters at named points, one quarter at random."""
    prepare(engine)
    with fresh(engine):
        from tests.faults.kills import run_trials
        from tests.faults.random_kills import random_trials
        from tests.installation import Installation

        house = Installation(seed=asked.seed).set_up()
        figures, whole = [], True
        for name, run, share in (("named points", run_trials, 0.75), ("random moments", random_trials, 0.25)):
            began = time.monotonic()
            tally = run(house, int(asked.trials * share))
            whole &= not tally.faults
            figures += [f"{name}, {time.monotonic() - began:.0f} s", *tally.lines()]
        return Chunk(engine, tuple(figures), whole)


KILLS = Campaign(
    "kills",
    "kill -9",
    "The control run that shows the trials can fail is\n"
    "`tests/faults/test_kills.py::test_without_remembered_answers_the_trials_see_commands_applied_twice`.",
    {"trials": 10_000, "seed": 1},
    one_engine,
)

if __name__ == "__main__":
    sys.exit(KILLS.main())
