"""The campaign of years, in memory and through the desk on both engines: python -m tests.campaigns.year [--cases N] [--seeds N]."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from bench.ground import ENGINES, fresh, prepare


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


def at_the_desk(engine: str, seed: int, cases: int) -> list[str]:
    prepare(engine)
    with fresh(engine):
        from holdfast.desk.rebuild import rebuild
        from holdfast.people.vault import Vault
        from tests.installation import keyring
        from tests.rehearsal.years import at_the_desk as year_of

        began = time.monotonic()
        report = year_of(seed, cases).run()
        spent = time.monotonic() - began
        differences = list(rebuild(Vault(keyring(), lambda _: b""), write=False))
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(report.counts.items()))
        ends = Counter(end.partition(": ")[2] for end in report.ends.elements())
        return [
            f"## {engine}",
            "",
            f"- seed {seed}, {cases:,} cases, {spent:.0f} s; {counts}",
            f"- ended as: {', '.join(f'{end} {count:,}' for end, count in ends.most_common())}",
            f"- digest of the record {report.digest[:16]}; made again from it: {len(differences)} differences",
            "",
            f"RESULT {'whole' if not differences else 'FAULTS'}",
            "",
        ]


def memory_lines(seeds: int, cases: int) -> list[str]:
    """Two processes share the seeds."""
    began = time.monotonic()
    with get_context("spawn").Pool(2) as pool:
        years = pool.starmap(in_memory, [(seed, cases) for seed in range(1, seeds + 1)])
        again = pool.starmap(in_memory, [(1, cases)])
    spent = time.monotonic() - began
    events, work = sum(year[1] for year in years), sum(year[2] for year in years)
    same = again[0][3] == years[0][3]
    return [
        "## The core alone, in memory",
        "",
        f"- {seeds} seeds of {cases} cases: {events:,} events, every promise checked at each; {spent:.0f} s on two processes",
        f"- {events / work:,.0f} events for each second of processor time, {events / spent:,.0f} a second with both",
        f"- seed 1 played again gives {'the same digest' if same else 'ANOTHER DIGEST'}",
        "",
        f"RESULT {'whole' if same else 'FAULTS'}",
        "",
    ]


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--cases", type=int, default=5_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seeds", type=int, default=100)
    asked.add_argument("--engine", choices=ENGINES)
    asked.add_argument("--report", type=Path)
    options = asked.parse_args()
    if options.engine:
        print("\n".join(at_the_desk(options.engine, options.seed, options.cases)))
        return 0
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    text = ["# Campaign: simulated years", "", f"Run {datetime.now(UTC):%Y-%m-%d}, commit {commit}.", ""]
    text += [
        "The control run that shows a year can fail is",
        "`tests/rehearsal/test_year.py`, with its ladders made silent.",
        "",
    ]
    text += memory_lines(options.seeds, 100)
    for engine in ENGINES:
        command = [sys.executable, "-W", "ignore", "-m", "tests.campaigns.year", "--engine", engine]
        more = ["--cases", str(options.cases), "--seed", str(options.seed)]
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        text += [done.stdout or done.stderr[-2000:]]
    report = "\n".join(text)
    print(report)
    if options.report:
        options.report.write_text(report, encoding="utf-8")
    return 0 if report.count("RESULT whole") == 1 + len(ENGINES) else 1


if __name__ == "__main__":
    sys.exit(main())
