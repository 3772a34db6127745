"""`holdfast directory`: check and publish the organisations, teams, people and duties of an installation."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

#: Who publishes the first directory: nobody is an administrator before it.
FIRST = "system"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `directory check|publish`."""
    parser = subparsers.add_parser("directory", help="check and publish teams, people, duties and routes")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="read the file and say what is wrong with it")
    check.add_argument("file", type=Path, metavar="FILE", help="YAML, as in the shipped example network")
    check.set_defaults(run=_check)
    publish = actions.add_parser("publish", help="put what the file says into the directory")
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument(
        "--by", metavar="STAFF", help="the administrator who answers for it; not needed the first time"
    )
    publish.set_defaults(run=_publish)


def _check(arguments: argparse.Namespace) -> int:
    from holdfast.directory.fault import DirectoryFault
    from holdfast.rehearsal.network import read_network

    try:
        items = read_network(arguments.file.read_text(encoding="utf-8"), datetime.now(UTC).date())
    except (OSError, UnicodeDecodeError, DirectoryFault) as fault:
        print(f"{arguments.file}: {fault}", file=sys.stderr)
        return 1
    print(f"{arguments.file}: {len(items)} entries, nothing wrong with them.")
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    from holdfast.desk.office import the_desk
    from holdfast.desk.publishing import put_directory
    from holdfast.directory.fault import DirectoryFault
    from holdfast.directory.snapshot import current_version
    from holdfast.rehearsal.network import read_network

    if current_version() and not arguments.by:
        print(
            "There is a directory already: say with --by which administrator answers for the change.", file=sys.stderr
        )
        return 1
    try:
        items = read_network(arguments.file.read_text(encoding="utf-8"), datetime.now(UTC).date())
    except (OSError, UnicodeDecodeError, DirectoryFault) as fault:
        print(f"{arguments.file}: {fault}", file=sys.stderr)
        return 1
    outcome = put_directory(the_desk(), list(items), arguments.by or FIRST, "cli", whole=True)
    if outcome.refusal is not None:
        print(outcome.refusal.says, file=sys.stderr)
        return 1
    print(f"The directory stands at change {outcome.number}. Next: holdfast accounts add STAFF.")
    return 0
