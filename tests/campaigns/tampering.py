"""The campaign of tampering: python -m tests.campaigns.tampering [--trials N] [--seed N] [--report FILE]; both engines in turn."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.ground import ENGINES, fresh, prepare

CONTROLS = 360


def one_engine(engine: str, trials: int, seed: int) -> list[str]:
    """The untouched record, the trials, and the control run without outside checkpoints; the lines of the report."""
    prepare(engine)
    with fresh(engine) as url, tempfile.TemporaryDirectory(prefix="holdfast-witness-") as folder:
        from tests.faults.owned import check, small_record, take_in_hand
        from tests.faults.tampering_trials import run_trials
        from tests.installation import Installation

        owned = small_record(Installation(seed=seed).set_up(), Path(folder))
        take_in_hand(url.replace("holdfast_app:", "holdfast_owner:"))
        untouched = check(owned)
        began = time.monotonic()
        tally = run_trials(owned, trials, seed)
        spent = time.monotonic() - began
        control = run_trials(owned, CONTROLS, seed, witnessed=False)
        tail = untouched.exposed
        whole = (
            untouched.word == check(owned).word == "proved"
            and (tail.entries, tail.seconds) == (owned.tail, (owned.now - owned.tail_since).total_seconds())
            and tally.total == trials
            and not tally.missed
            and not tally.faults
            and control.missed.total() > 0
        )
        return [
            *(f"## {engine}", ""),
            f"- untouched: {untouched.word}, {len(owned.sizes)} checkpoints over {owned.sizes[-1]} entries;"
            f" exposed tail {tail.entries} entries, {tail.seconds:.0f} s",
            *(f"- {line}" for line in tally.lines()),
            f"- control without outside checkpoints: {control.missed.total()} of {control.total} missed ("
            + ", ".join(f"{kind} {count}" for kind, count in sorted(control.missed.items()))
            + ")",
            f"- {spent:.0f} s",
            *("", f"RESULT {'whole' if whole else 'FAULTS'}", ""),
        ]


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
        "# Campaign: tampering with a stored ledger",
        "",
        f"Run {datetime.now(UTC):%Y-%m-%d}, commit {commit}, seed {options.seed}, {options.trials} tamperings on each engine, by raw SQL",
        "as the owner of the database with its guards removed; each must be seen, and what it wronged be named.",
        "",
    ]
    whole = True
    for engine in ENGINES:
        command = [sys.executable, "-W", "ignore", "-m", "tests.campaigns.tampering", "--engine", engine]
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
