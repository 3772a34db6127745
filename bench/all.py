"""Every benchmark on both engines, one after the other, and a page of all tables.  Run: python -m bench.all [--small] [--report FILE]"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.ground import ENGINES

BENCHES = ("clocks", "desk", "pages", "rebuild")
#: Sizes that show only that everything runs: no figure of such a run means anything.
SMALL = {
    "HOLDFAST_BENCH_DUE": "300",
    "HOLDFAST_BENCH_ARMED": "20000",
    "HOLDFAST_BENCH_SECONDS": "1",
    "HOLDFAST_BENCH_SLICES": "1",
    "HOLDFAST_BENCH_CASES": "1000",
    "HOLDFAST_BENCH_TURNS": "5",
    "HOLDFAST_BENCH_ENTRIES": "600",
}
#: One benchmark on one engine that takes longer than this is ended, and the page says so.
LONGEST = 600


def one(bench: str, engine: str, sizes: dict[str, str]) -> tuple[bool, str]:
    """Whether it ran through, and its section of the page."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", f"bench.{bench}", engine],
        env={**os.environ, **sizes},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, failed = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        # As somebody at the keyboard would end it, with all it started: servers and databases are then taken away in order.
        os.killpg(process.pid, signal.SIGINT)
        said, failed = process.communicate()
        failed = f"ended after {LONGEST} s\n{failed}"
    whole = process.returncode == 0
    spent = f"{time.monotonic() - began:.0f} s, load at the end {os.getloadavg()[0]:.1f}"
    text = f"## {bench}, {engine}\n\n{spent}\n\n{said.strip()}\n"
    if not whole:
        text += f"\nNot run through:\n\n```\n{failed[-2000:].strip()}\n```\n"
    return whole, text


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--small", action="store_true", help="a minute or two, to see that everything runs")
    asked.add_argument("--report", type=Path)
    options = asked.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    size = "small: no figure means anything" if options.small else "full size"
    text = f"# Benchmarks\n\nRun {datetime.now(UTC):%Y-%m-%d}, commit {commit.stdout.strip()}, {os.cpu_count()} cores, {size}.\n\n"
    print(text, flush=True)
    whole = True
    for bench in BENCHES:
        for engine in ENGINES:
            ran, section = one(bench, engine, SMALL if options.small else {})
            whole &= ran
            text += section + "\n"
            print(section, flush=True)
            if options.report:
                options.report.write_text(text)  # after each, so that a run that is cut short leaves what it has
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
