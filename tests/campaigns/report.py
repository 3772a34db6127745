"""A campaign: a long run in chunks of figures, each with its RESULT, and the report that keeps them."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.ground import ENGINES

WHOLE, FAULTS = "RESULT whole", "RESULT FAULTS"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one part of a campaign found: ``figures`` are lines of text; ``whole`` says that nothing was wrong."""

    title: str
    figures: tuple[str, ...]
    whole: bool

    def text(self) -> str:
        figures = "".join(f"- {figure}\n" for figure in self.figures)
        return f"## {self.title}\n\n{figures}\n{WHOLE if self.whole else FAULTS}\n"


@dataclass(frozen=True, slots=True)
class Campaign:
    """``name`` is that of its module here, ``about`` what was done and which control run shows that it can fail.

    ``numbers`` are its options, all whole numbers, with what they are when nobody says. ``alone`` gives chunks that need no
    engine; ``at_engine`` the chunk of one engine, in a process of its own since Django is set up once in a process.
    """

    name: str
    title: str
    about: str
    numbers: Mapping[str, int]
    at_engine: Callable[[str, argparse.Namespace], Chunk] | None = None
    alone: Callable[[argparse.Namespace], Iterable[Chunk]] | None = None
    module: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "module", f"tests.campaigns.{self.name}")

    def main(self) -> int:
        """Run what the command line asks, print the report and keep it where ``--report`` says; 1 where something was wrong."""
        asked = self._asked()
        if asked.engine and self.at_engine is not None:
            chunk = self.at_engine(asked.engine, asked)
            print(chunk.text(), flush=True)
            return 0 if chunk.whole else 1
        texts, whole = [self.heading(asked)], True
        for chunk in self.alone(asked) if self.alone is not None else ():
            texts.append(chunk.text())
            whole &= chunk.whole
        for engine in ENGINES if self.at_engine is not None else ():
            text, went = self._elsewhere(engine, asked)
            texts.append(text)
            whole &= went
        report = "\n".join(texts)
        print(report)
        if asked.report:
            asked.report.write_text(report, encoding="utf-8")
        return 0 if whole else 1

    def heading(self, asked: argparse.Namespace) -> str:
        """Title, day, commit and the command line that does it again, and what it is about."""
        again = " ".join(["python", "-m", self.module, *self._words(asked)])
        return f"# Campaign: {self.title}\n\nRun {datetime.now(UTC):%Y-%m-%d}, commit {commit()}: `{again}`.\n\n{self.about}\n"

    def _elsewhere(self, engine: str, asked: argparse.Namespace) -> tuple[str, bool]:
        command = [sys.executable, "-W", "ignore", "-m", self.module, "--engine", engine, *self._words(asked)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if WHOLE in done.stdout or FAULTS in done.stdout:
            return done.stdout.rstrip() + "\n", done.returncode == 0
        return Chunk(engine, (f"it broke off: {done.stderr[-2000:].rstrip()}",), False).text(), False

    def _words(self, asked: argparse.Namespace) -> list[str]:
        return [word for name in self.numbers for word in (f"--{name}", str(getattr(asked, name)))]

    def _asked(self) -> argparse.Namespace:
        parser = argparse.ArgumentParser(prog=f"python -m {self.module}", description=self.title)
        for name, usual in self.numbers.items():
            parser.add_argument(f"--{name}", type=int, default=usual)
        if self.at_engine is not None:
            parser.add_argument("--engine", choices=ENGINES)
        parser.add_argument("--report", type=Path)
        parser.set_defaults(engine=None)
        return parser.parse_args()


def commit() -> str:
    """The commit that runs."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    return done.stdout.strip()
