"""`holdfast erase PERSON`: make everything sealed about one person unreadable for ever, on the word of two people."""

from __future__ import annotations

import argparse
import sys

from holdfast.core.persons import REASONS


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `erase PERSON --reason R --by STAFF --signed-by STAFF`."""
    parser = subparsers.add_parser("erase", help="make everything sealed about one person unreadable for ever")
    parser.add_argument("person", help="the person's pseudonymous id")
    parser.add_argument("--reason", required=True, choices=sorted(REASONS))
    parser.add_argument("--by", required=True, metavar="STAFF", help="who erases: a governance lead")
    parser.add_argument("--signed-by", required=True, metavar="STAFF", help="another governance lead, who agrees")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when done, 1 when refused."""
    from django.db import connection

    from holdfast.desk.office import the_desk
    from holdfast.desk.persons import erase
    from holdfast.doors.doubtful import doubtful_of

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Otherwise what was deleted stays readable in the file's free pages.
            cursor.execute("PRAGMA secure_delete = ON")
    person = arguments.person.removeprefix("person:")
    desk = the_desk()
    found = doubtful_of(desk, person)
    outcome = erase(desk, person, arguments.reason, arguments.by, arguments.signed_by, "cli", found.about)
    if outcome.refusal is not None:
        print(outcome.refusal.says, file=sys.stderr)
        return 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(
        f"Erased, as entry {outcome.number} of person:{person}. The record keeps its chain; what was sealed cannot be read."
    )
    if found.about:
        print(f"With it {len(found.about)} messages in doubt that carry a number of this person.")
    if found.unknown:
        print("Nobody can tell by machine whom these messages in the inbox are about; look at each:")
        for message in found.unknown:
            print(f"  inbox/{message}")
    print("Backups made before now still hold it: a restore erases it again, and they go when their time is over.")
    return 0
