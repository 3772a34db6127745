"""The campaign of kills: python -m tests.campaigns.kills [--trials N] [--seed N] [--report FILE]; both engines, one after the other."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.ground import ENGINES, fresh, prepare


def one_engine(engine: str, trials: int, seed: int) -> list[str]:
    """Three quarters at named points, one quarter at random; the lines of the report."""
    prepare(engine)
    with fresh(engine):
        from tests.faults.kills import run_trials
        from tests.faults.random_kills import random_trials
        from tests.installation import Installation

        house = Installation(seed=seed).set_up()
        lines = [f"## {engine}", ""]
        faults = 0
        for name, run, share in (("named points", run_trials, 0.75), ("random moments", random_trials, 0.25)):
            began = time.monotonic()
            tally = run(house, int(trials * share))
            faults += len(tally.faults)
            lines += [f"**{name}**, {time.monotonic() - began:.0f} s", "", *[f"- {line}" for line in tally.lines()], ""]
        return [*lines, f"RESULT {'whole' if not faults else 'FAULTS'}", ""]


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--trials", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--engine", choices=ENGINES)
    asked.add_argument("--report", type=Path)
    options = asked.parse_args()
    if options.engine:
        print("\n".join(one_engine(options.engine, options.trials, options.seed)))
        return 0
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    text = [
        "# Campaign: kill -9",
        "",
        f"Run {datetime.now(UTC):%Y-%m-%d}, commit {commit}, seed {options.seed}, {options.trials} kills on each engine.",
        "The control run that shows the trials can fail is",
        "`tests/faults/test_kills.py::test_without_remembered_answers_the_trials_see_commands_applied_twice`.",
        "",
    ]
    whole = True
    for engine in ENGINES:
        command = [sys.executable, "-W", "ignore", "-m", "tests.campaigns.kills", "--engine", engine]
        done = subprocess.run(
            [*command, "--trials", str(options.trials), "--seed", str(options.seed)],
            capture_output=True,
            text=True,
            check=False,
        )
        whole &= done.returncode == 0 and "RESULT whole" in done.stdout
        text += [done.stdout or done.stderr[-2000:]]
    report = "\n".join(text)
    print(report)
    if options.report:
        options.report.write_text(report, encoding="utf-8")
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
