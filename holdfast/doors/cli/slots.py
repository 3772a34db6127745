"""`holdfast slots list|open|give-back`: a team's slots of one kind, as the API shows and changes them (STP-03, CAP-06)."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

DOOR = "cli"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `slots list|open|give-back`."""
    parser = subparsers.add_parser("slots", help="what a team keeps free, and for whom")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="the slots still to come, and how many cases wait")
    opened = actions.add_parser("open", help="hold more slots; one that a case waits for is offered at once")
    opened.add_argument("at", nargs="+", metavar="INSTANT", help="when each begins, such as 2026-03-03T09:00+00:00")
    opened.add_argument("--places", type=int, default=1, help="how many at each (default 1)")
    back = actions.add_parser("give-back", help="take a slot away that is not booked")
    back.add_argument("slot", metavar="SLOT", help="its id, as `list` prints it")
    for action, run in ((listed, _list), (opened, _open), (back, _give_back)):
        action.add_argument("--team", required=True, metavar="TEAM")
        action.add_argument("--kind", required=True, metavar="KIND", help="as the pathway calls them, such as step-up")
        action.set_defaults(run=run)
    for action in (opened, back):
        action.add_argument("--by", required=True, metavar="STAFF", help="who of the team answers for it")


def _list(arguments: argparse.Namespace) -> int:
    from holdfast.directory.snapshot import current_version, load

    if arguments.team not in load(current_version()).teams:
        return _no(f"There is no team {arguments.team} in the directory.")
    return _print(arguments)


def _open(arguments: argparse.Namespace) -> int:
    from holdfast.core.capacity import HoldSlots

    try:
        at = tuple(datetime.fromisoformat(text) for text in arguments.at)
    except ValueError as fault:
        return _no(f"That is no date and time: {fault}.")
    if any(one.tzinfo is None for one in at):
        return _no("Give each time with its zone, such as 2026-03-03T09:00+00:00.")
    return _do(arguments, HoldSlots(at, arguments.places))


def _give_back(arguments: argparse.Namespace) -> int:
    from holdfast.core.capacity import ReleaseSlot

    return _do(arguments, ReleaseSlot(arguments.slot))


def _do(arguments: argparse.Namespace, command: object) -> int:
    from typing import cast

    from holdfast.core.capacity import PoolCommand
    from holdfast.core.pools import pool_of
    from holdfast.desk.office import the_desk
    from holdfast.desk.pools import handle_pool

    pool = pool_of(arguments.team, arguments.kind)
    outcome = handle_pool(the_desk(), pool, cast(PoolCommand, command), arguments.by, DOOR)
    if outcome.refusal is not None:
        return _no(outcome.refusal.says)
    return _print(arguments)


def _print(arguments: argparse.Namespace) -> int:
    from holdfast.core.pools import pool_of
    from holdfast.desk.pools import read_pool

    found = read_pool(pool_of(arguments.team, arguments.kind))
    for slot in sorted(found.slots.values(), key=lambda slot: (slot.at, slot.id)):
        until = f" until {slot.until.isoformat()}" if slot.until else ""
        print(f"{slot.id}  {slot.at.isoformat()}  {slot.status}{until}")
    print(f"{len(found.slots)} slots, {len(found.waiting)} cases wait.")
    return 0


def _no(says: str) -> int:
    print(says, file=sys.stderr)
    return 1
