"""The campaign of years, in memory and through the desk on both engines: python -m tests.campaigns.year [--cases N] [--seeds N]."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context

from bench.ground import fresh, prepare
from tests.campaigns.report import Campaign, Chunk

#: Cases of each year in memory.
IN_MEMORY = 100


def in_memory(seed: int, cases: int) -> tuple[int, int, float, str]:
    """(seed, events, seconds of processor, digest) of one year of the core alone; raises when a promise does not hold."""
    prepare("sqlite")
    from tests.rehearsal.years import in_memory as year_of
    from tests.rehearsal.years import replayed_wrong

    year, ground = year_of(seed, cases)
    began = time.process_time()
    report = year.run()
    spent = time.process_time() - began
    if wrong := replayed_wrong(ground):
        raise AssertionError(f"seed {seed}: I9: {len(wrong)} cases do not fold to what was decided")
    return seed, report.counts["events"], spent, report.digest


def at_the_desk(engine: str, asked: argparse.Namespace) -> Chunk:
    prepare(engine, durable=False)
    with fresh(engine):
        from holdfast.desk.rebuild import rebuild
        from holdfast.people.vault import Vault
        from tests.installation import keyring
        from tests.rehearsal.years import at_the_desk as year_of

        began = time.monotonic()
        report = year_of(asked.seed, asked.cases).run()
        spent = time.monotonic() - began
        differences = list(rebuild(Vault(keyring(), lambda _: b""), write=False))
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(report.counts.items()))
        ends = Counter(end.partition(": ")[2] for end in report.ends.elements())
        figures = (
            f"seed {asked.seed}, {asked.cases:,} cases, {spent:.0f} s; {counts}",
            f"ended as: {', '.join(f'{end} {count:,}' for end, count in ends.most_common())}",
            f"digest of the record {report.digest[:16]}; made again from it: {len(differences)} differences",
        )
        return Chunk(engine, figures, not differences)


def alone(asked: argparse.Namespace) -> Iterator[Chunk]:
    """Two processes share the seeds."""
    began = time.monotonic()
    with get_context("spawn").Pool(2) as pool:
        years = pool.starmap(in_memory, [(seed, IN_MEMORY) for seed in range(1, asked.seeds + 1)])
        again = pool.starmap(in_memory, [(1, IN_MEMORY)])
    spent = time.monotonic() - began
    events, work = sum(year[1] for year in years), sum(year[2] for year in years)
    same = again[0][3] == years[0][3]
    figures = (
        f"{asked.seeds} seeds of {IN_MEMORY} cases: {events:,} events, every promise checked at each; {spent:.0f} s on two processes",
        f"{events / work:,.0f} events for each second of processor time, {events / spent:,.0f} a second with both",
        f"seed 1 played again gives {'the same digest' if same else 'ANOTHER DIGEST'}",
    )
    yield Chunk("The core alone, in memory", figures, same)


YEAR = Campaign(
    "year",
    "simulated years",
    "The control run that shows a year can fail is `tests/rehearsal/test_year.py`, with its ladders made silent.",
    {"cases": 5_000, "seed": 1, "seeds": 100},
    at_the_desk,
    alone,
)

if __name__ == "__main__":
    sys.exit(YEAR.main())
