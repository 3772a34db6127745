"""`holdfast rebuild`: compare every derived row with the record and, with --write, put it right."""

from __future__ import annotations

import argparse


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `rebuild [--write]`."""
    parser = subparsers.add_parser("rebuild", help="compare the derived tables with the record, and put them right")
    parser.add_argument("--write", action="store_true", help="put right what differs; without it nothing is changed")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when nothing differs, 1 when something did."""
    from holdfast.desk.office import the_desk
    from holdfast.desk.rebuild import rebuild

    found = mended = 0
    for difference in rebuild(the_desk().vault, arguments.write):
        print(difference)
        found += 1
        mended += difference.mends and arguments.write
    if not found:
        print("Every derived row is what the record gives.")
        return 0
    said = f"{mended} put right" if arguments.write else "nothing was changed; --write puts them right"
    print(f"{found} differences; {said}.")
    return 1
