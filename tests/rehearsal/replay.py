"""Play the year of one seed again: python -m tests.rehearsal.replay SEED [--cases N] [--days N] [--engine NAME]."""

from __future__ import annotations

import argparse
import sys

from bench.ground import ENGINES, fresh, prepare


def play(seed: int, cases: int, days: int, engine: str) -> str:
    """The digest of the year; raises the promise that did not hold, in the words of the first time."""
    prepare(engine or "sqlite")
    from tests.rehearsal.years import at_the_desk, in_memory

    if not engine:
        return in_memory(seed, cases, days)[0].run().digest
    with fresh(engine):
        return at_the_desk(seed, cases, days).run().digest


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.rehearsal.replay")
    asked.add_argument("seed", type=int)
    asked.add_argument("--cases", type=int, default=100)
    asked.add_argument("--days", type=int, default=365)
    asked.add_argument(
        "--engine", choices=ENGINES, default="", help="through the desk; without it the core alone, in memory"
    )
    options = asked.parse_args()
    try:
        print(play(options.seed, options.cases, options.days, options.engine))
    except AssertionError as broken:
        print(broken)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
