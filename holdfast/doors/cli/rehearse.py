"""`holdfast rehearse`: play a whole case in seconds in a throw-away database, and tell what came of it."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holdfast.rehearsal.run import Rehearsed

#: A Monday; with the same seed and the same first day the ledger is the same to the last byte.
FIRST = "2026-05-04"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `rehearse`."""
    parser = subparsers.add_parser("rehearse", help="play a whole case on a virtual clock and print its timeline")
    parser.add_argument("story", nargs="?", default="main", help="a shipped story, or a file (default: main)")
    parser.add_argument("--seed", type=int, default=1, help="where ids, salts and keys come from (default: 1)")
    parser.add_argument("--first", default=FIRST, metavar="DAY", help=f"the day on which it begins (default: {FIRST})")
    parser.add_argument("--quiet", action="store_true", help="print what came of it, and no timeline")
    parser.set_defaults(run=_run, needs_django=False)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when all went as the story expects, 1 when not, 2 when it cannot be read."""
    from holdfast.rehearsal.fault import StoryFault
    from holdfast.rehearsal.story import read_story, shipped_stories

    shipped = shipped_stories()
    try:
        story = read_story(shipped.get(arguments.story) or Path(arguments.story).read_text(encoding="utf-8"))
        first = datetime.fromisoformat(f"{arguments.first}T12:00:00").replace(tzinfo=UTC)
    except OSError:
        print(f"There is no story called {arguments.story}. Shipped: {', '.join(shipped)}.", file=sys.stderr)
        return 2
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="holdfast-rehearsal-") as folder:
        wake(Path(folder))
        from holdfast.rehearsal.run import rehearse

        began = time.monotonic()
        try:
            rehearsed = rehearse(story, arguments.seed, first)
        except StoryFault as fault:
            print(fault.says, file=sys.stderr)
            return 1
        print(f"{story.title}\n")
        if not arguments.quiet:
            _tell(rehearsed)
        _conclude(rehearsed, time.monotonic() - began, arguments.seed)
        return 0 if rehearsed.as_expected else 1


def wake(folder: Path) -> None:
    """Settings of an installation that lives as long as this command; whatever is installed here is left alone."""
    os.environ["HOLDFAST_DATA"] = str(folder / "data")
    os.environ["HOLDFAST_DATABASE_URL"] = f"sqlite:///{folder / 'rehearsal.sqlite3'}"
    os.environ["HOLDFAST_SECRET_KEY"] = secrets.token_urlsafe(48)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _tell(rehearsed: Rehearsed) -> None:
    zone = ZoneInfo(rehearsed.zone)
    for line in rehearsed.lines:
        due = f"; next due {line.due_at.astimezone(zone):%a %d %b %H:%M}: {line.due}" if line.due_at else ""
        print(
            f"{line.at.astimezone(zone):%a %d %b %H:%M}  {line.who}: {line.what[0] if line.what else 'nothing changed'}"
        )
        for more in line.what[1:]:
            print(f"{'':20}{more}")
        print(f"{'':20}[{line.accountable} is accountable{due}]")
    print()


def _conclude(rehearsed: Rehearsed, seconds: float, seed: int) -> None:
    zone = ZoneInfo(rehearsed.zone)
    print("Who was accountable")
    for name, since, until in rehearsed.holdings:
        end = f"to {until.astimezone(zone):%a %d %b %H:%M}" if until else "on"
        print(f"  {since.astimezone(zone):%a %d %b %H:%M} {end}: {name}")
    print("What an auditor asks")
    for verdict in rehearsed.verdicts:
        print(f"  {verdict.word}: {verdict.says}")
    print("What the story expects")
    for finding in rehearsed.findings:
        print(f"  {'NO' if finding.but else 'yes'}: {finding.says}{f' - {finding.but}' if finding.but else ''}")
    print(f"{rehearsed.entries} entries in {seconds:.1f} s; seed {seed}; ledger {rehearsed.digest}")
