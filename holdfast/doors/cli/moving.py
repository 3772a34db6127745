"""`holdfast pathway move|sign-move`: open cases go on by another edition, one by one, and never later without a second person."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from holdfast.core.work import Refused
from holdfast.doors.cli.comparing import LATEST

if TYPE_CHECKING:
    from holdfast.desk.moves import Move, Plan, Shown


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `move` and `sign-move`."""
    move = actions.add_parser(
        "move", help="move open cases to another published edition, or show what that would change"
    )
    move.add_argument("pathway", help="the id of the pathway")
    move.add_argument(
        "--to", default=LATEST, metavar="EDITION", help="the beginning of a digest, or 'latest' (default)"
    )
    for name in ("obligation", "ladder"):
        says = f"the {name} that stands for one that is not there (can be given again)"
        move.add_argument(f"--{name}", action="append", default=[], metavar="OLD=NEW", help=says)
    move.add_argument(
        "--by", required=True, metavar="STAFF", help="who asks for it: a governance lead or an administrator"
    )
    move.add_argument("--reason", default="", help="why, in a sentence")
    move.add_argument("--preview", action="store_true", help="only say what would change for each case")
    move.set_defaults(run=_move)
    sign = actions.add_parser(
        "sign-move", help="as a second person, do what is left of a move that makes a clock longer"
    )
    sign.add_argument("pathway", help="the id of the pathway")
    sign.add_argument("number", type=int, help="the number of the move")
    sign.add_argument("--by", required=True, metavar="STAFF", help="who signs: not who asked for it")
    sign.add_argument(
        "--list",
        default="",
        metavar="NAME",
        help="the name of the list that was read; without it the list is shown and nothing signed",
    )
    sign.set_defaults(run=_sign)


def _move(arguments: argparse.Namespace) -> int:
    """Exit 0 if no case is left behind, 1 if one was refused, 2 if it cannot be asked like this."""
    from holdfast.desk.moves import ask_move, find_move, show_move
    from holdfast.desk.office import the_desk

    plan = _plan(arguments)
    if isinstance(plan, str):
        print(plan, file=sys.stderr)
        return 2
    if arguments.preview:
        try:
            shown = list(show_move(the_desk(), plan, arguments.by))
        except Refused as refused:
            print(refused.refusal.says, file=sys.stderr)
            return 1
        for one in shown:
            _print(one)
        print(f"{len(shown)} open cases are on another edition. Nothing was changed.")
        return int(any(one.refusal for one in shown))
    asked = ask_move(the_desk(), plan, arguments.reason, arguments.by, "cli")
    move = find_move(plan.pathway, asked.number)
    if asked.refusal is not None or move is None:
        print(asked.refusal.says if asked.refusal else "The move was not recorded.", file=sys.stderr)
        return 1
    return _do(move, arguments.by)


def _sign(arguments: argparse.Namespace) -> int:
    """Without the name of a list nothing is signed: what would change is shown, with its name. Exit 1 then."""
    from holdfast.desk.moves import digest_of, find_move, show_move
    from holdfast.desk.office import the_desk

    move = find_move(arguments.pathway, arguments.number)
    if move is None:
        print(f"There is no move {arguments.number} of {arguments.pathway}.", file=sys.stderr)
        return 2
    if arguments.list or move.by == arguments.by:
        return _do(move, arguments.by, arguments.list)
    try:
        shown = list(show_move(the_desk(), move.plan, arguments.by, move.by))
    except Refused as refused:
        print(refused.refusal.says, file=sys.stderr)
        return 1
    for one in shown:
        _print(one)
    signs = sum(not one.refusal for one in shown)
    print(f"Nothing was signed. To sign for these {signs} cases, as they are listed here:")
    print(f"pathway sign-move {move.plan.pathway} {move.number} --by {arguments.by} --list {digest_of(shown)}")
    return 1


def _do(move: Move, actor: str, agreed: str = "") -> int:
    from holdfast.desk.moves import do_move
    from holdfast.desk.office import the_desk

    moved, waits, stays = 0, 0, 0
    try:
        outcomes = list(do_move(the_desk(), move, actor, "cli", agreed))
    except Refused as refused:
        print(refused.refusal.says, file=sys.stderr)
        return 1
    for case, outcome in outcomes:
        if outcome.refusal is None:
            moved += 1
            continue
        waits += outcome.refusal.code == "needs_sign_off"
        stays += 1
        print(f"{case}: stays. {outcome.refusal.says}", file=sys.stderr)
    print(f"{move.plan.pathway}: {moved} cases moved, {stays} stay on their edition.")
    if waits:
        print(f"{waits} need a second person: pathway sign-move {move.plan.pathway} {move.number} --by STAFF")
    return 1 if stays else 0


def _plan(arguments: argparse.Namespace) -> Plan | str:
    """The plan, or what is wrong with how it was asked for."""
    from holdfast.desk.moves import Plan
    from holdfast.pathways.editions import UnknownEdition, find_editions, get_edition, latest_edition

    names: dict[str, dict[str, str]] = {}
    for name in ("obligation", "ladder"):
        pairs = [pair.partition("=") for pair in getattr(arguments, name)]
        if any(not (old and new) for old, _, new in pairs):
            return f"--{name} is written OLD=NEW."
        names[name] = {old: new for old, _, new in pairs}
    try:
        if arguments.to == LATEST:
            edition = latest_edition(arguments.pathway)
        else:
            found = [get_edition(digest) for digest in find_editions(arguments.to)]
            found = [one for one in found if one.id == arguments.pathway]
            if len(found) != 1:
                return (
                    f"{arguments.to}: {'several editions begin' if found else 'no edition of this pathway begins'} so."
                )
            edition = found[0]
    except UnknownEdition as error:
        return str(error)
    return Plan(edition.id, edition.digest, names["obligation"], names["ladder"])


def _print(one: Shown) -> None:
    if one.refusal:
        print(f"{one.case}: {'needs a second person' if one.second else 'cannot move'}. {one.refusal}")
        return
    print(f"{one.case}: moves" + ("." if one.shifts else "; no clock changes."))
    for line in one.others:
        print(f"  {line}")
    for shift in one.shifts:
        way = "later" if shift.due > shift.was else "sooner"
        print(f"  {shift.owed}: {shift.was:%d %b %H:%M} becomes {shift.due:%d %b %H:%M} UTC, {way}")
