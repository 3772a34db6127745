"""`holdfast intake`: take in a FHIR Bundle or a file of HL7 v2 messages, and say what became of each."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.core.arrivals import BYTES_AT_MOST

if TYPE_CHECKING:
    from holdfast.desk.intake import Received

_WORDS = {"used": "used", "unmatched": "waits for somebody", "unreadable": "cannot be read", "repeat": "came before"}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `intake FILE`."""
    parser = subparsers.add_parser("intake", help="take in a FHIR Bundle or HL7 v2 messages from a file")
    parser.add_argument("file", metavar="FILE", help='the file, or "-" for the standard input')
    parser.add_argument(
        "--as",
        dest="staff",
        default="system",
        metavar="STAFF",
        help="who hands it in; nobody in particular if not given",
    )
    parser.add_argument("--zone", default="UTC", help="where times without a zone are from (default UTC)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 if all was used or came before, 1 if something waits for a person, 2 if there is nothing to read."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from django.utils import timezone

    from holdfast.desk.intake import receive
    from holdfast.desk.office import the_desk
    from holdfast.doors.arriving import read_parts

    try:
        ZoneInfo(arguments.zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return _unusable(f"{arguments.zone} is not a time zone; write it as Europe/London.")
    if arguments.staff != "system" and not _active(arguments.staff):
        return _unusable(f"{arguments.staff} is not an active member of staff of the directory.")
    try:
        raw = _bytes(arguments.file)
    except OSError as error:
        return _unusable(f"{arguments.file} cannot be opened: {error.strerror}.")
    if len(raw) > BYTES_AT_MOST:
        return _unusable(f"{arguments.file} is larger than 10 MB. Ask the sender to divide it; nothing was taken in.")
    parts, readings = read_parts(raw, zone=arguments.zone)
    found = receive(the_desk(), raw, readings, "cli", arguments.staff, timezone.now(), parts=parts)
    for number, one in enumerate(found, start=1):
        _tell(number, one)
    return 1 if any(one.waits for one in found) else 0


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(BYTES_AT_MOST + 1)
    with Path(file).open("rb") as opened:
        return opened.read(BYTES_AT_MOST + 1)


def _active(staff: str) -> bool:
    from holdfast.directory.snapshot import current_version, load

    person = load(current_version()).staff.get(staff)
    return person is not None and person.active


def _tell(number: int, one: Received) -> None:
    print(f"Message {number} ({one.message_id}): {_WORDS.get(one.status, one.status)}")
    print(f"  {one.says}")
    if one.case:
        print(f"  case: {one.case.removeprefix('case:')}")
    if one.used:
        print(f"  used, each to be confirmed: {', '.join(one.used)}")
    for unused in one.unused:
        count = f" ({unused.count})" if unused.count > 1 else ""
        print(f"  not used: {unused.what}{count}: {unused.why}")
    if one.waits:
        print(f"  waits for: {one.owner}")


def _unusable(says: str) -> int:
    print(says, file=sys.stderr)
    return 2
