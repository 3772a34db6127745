"""`holdfast backup FOLDER`: the database and the outside checkpoints, with a manifest; never the keys."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `backup FOLDER`."""
    parser = subparsers.add_parser("backup", help="back the record up into a new folder, while everybody works on")
    parser.add_argument("folder", help="a folder that is new or empty")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when done, 1 when it could not be done."""
    from django.db.utils import Error

    from holdfast.assurance.backup import make_backup
    from holdfast.assurance.postgres import ProgramFailed

    folder = Path(arguments.folder)
    try:
        manifest = make_backup(folder, datetime.now(UTC))
    except (OSError, ProgramFailed) as fault:
        print(fault, file=sys.stderr)
        return 1
    except Error as error:
        print(f"The database refused ({type(error).__name__}).", file=sys.stderr)
        return 1
    print(f"Backed up into {folder}: {manifest.entries} entries, {manifest.logged} of them in the log.")
    print(manifest.keys)
    return 0
