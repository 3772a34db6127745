"""The part of `holdfast pathway` that changes what new cases start on: propose, proposals, approve, reject, publish."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from holdfast.doors.cli.pathway_files import print_faults, read_whole
from holdfast.pathways.fault import PathwayFaults

if TYPE_CHECKING:
    from holdfast.desk.envelope import Outcome


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `propose|proposals|approve|reject|publish`."""
    propose = actions.add_parser("propose", help="put a file forward as a new edition, for a second person to approve")
    propose.add_argument("pathway", help="the id of a shipped pathway, or a file")
    _by(propose, "who proposes it")
    propose.set_defaults(run=_propose)
    listed = actions.add_parser("proposals", help="list proposed editions and what became of each")
    listed.add_argument("pathway", nargs="?", default="", help="the id of one pathway; all if none is given")
    listed.set_defaults(run=_list)
    approve = actions.add_parser("approve", help="approve a proposed edition: new cases then start on it")
    _which(approve)
    _by(approve, "who approves it: a governance lead or an administrator, and not who proposed it")
    approve.set_defaults(run=_approve)
    reject = actions.add_parser("reject", help="reject a proposed edition, or take back one's own")
    _which(reject)
    _by(reject, "who rejects it")
    reject.add_argument("--reason", required=True, help="why, in a sentence: it stays to be read")
    reject.set_defaults(run=_reject)
    publish = actions.add_parser("publish", help="propose and approve in one go, where both persons are at hand")
    publish.add_argument("pathway", help="the id of a shipped pathway, or a file")
    _by(publish, "who proposes it; 'system' alone only while no case was ever opened")
    publish.add_argument("--approved-by", default="", metavar="STAFF", help="who approves it: somebody else")
    publish.set_defaults(run=_publish)


def _by(parser: argparse.ArgumentParser, says: str) -> None:
    parser.add_argument("--by", required=True, metavar="STAFF", help=f"{says} (an id of the directory)")


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pathway", help="the id of the pathway")
    parser.add_argument("number", type=int, help="the number of the proposal")


def _propose(arguments: argparse.Namespace) -> int:
    """Exit 0 if it waits now, 1 if it has faults or may not be proposed, 2 if it cannot be read."""
    from holdfast.desk.office import the_desk
    from holdfast.desk.proposing import propose_edition

    file = read_whole(arguments.pathway)
    if isinstance(file, int):
        return file
    try:
        outcome = propose_edition(the_desk(), file.text, arguments.by, "cli")
    except PathwayFaults as faults:
        print_faults(arguments.pathway, file.placed(faults.faults))
        return 1
    id = outcome.stream.partition(":")[2]
    return _said(
        outcome,
        f"Proposal {outcome.number} of {id} waits for a second person: pathway approve {id} {outcome.number} --by STAFF",
    )


def _list(arguments: argparse.Namespace) -> int:
    from holdfast.desk.proposals import list_proposals

    for one in list_proposals(arguments.pathway):
        decided = f" by {one.decided_by}" if one.decided_by else ""
        reason = f": {one.reason}" if one.reason else ""
        print(
            f"{one.pathway} {one.number}: {one.title}, edition {one.digest[:12]}, proposed by {one.by}"
            f" on {one.at:%Y-%m-%d %H:%M} UTC; {one.status}{decided}{reason}"
        )
    return 0


def _approve(arguments: argparse.Namespace) -> int:
    from holdfast.desk.office import the_desk
    from holdfast.desk.proposing import approve_edition

    outcome = approve_edition(the_desk(), arguments.pathway, arguments.number, arguments.by, "cli")
    return _said(outcome, f"{arguments.pathway}: published. New cases start on it; open cases stay on theirs.")


def _reject(arguments: argparse.Namespace) -> int:
    from holdfast.desk.office import the_desk
    from holdfast.desk.proposing import reject_edition

    given = arguments.pathway, arguments.number, arguments.by, arguments.reason
    return _said(
        reject_edition(the_desk(), *given, "cli"), f"{arguments.pathway}: proposal {arguments.number} is rejected."
    )


def _publish(arguments: argparse.Namespace) -> int:
    """Exit 0 if it is published now or was before, 1 if it may not be, 2 if it cannot be read."""
    from holdfast.desk.office import the_desk
    from holdfast.desk.proposing import publish_edition

    file = read_whole(arguments.pathway)
    if isinstance(file, int):
        return file
    try:
        outcome = publish_edition(the_desk(), file.text, arguments.by, "cli", arguments.approved_by)
    except PathwayFaults as faults:
        print_faults(arguments.pathway, file.placed(faults.faults))
        return 1
    both = f"proposed by {arguments.by}, approved by {arguments.approved_by}" if arguments.approved_by else "set up"
    done = "published already; nothing changed" if outcome.again else f"published: {both}"
    return _said(outcome, f"{arguments.pathway}: {done}.")


def _said(outcome: Outcome, done: str) -> int:
    if outcome.refusal is not None:
        print(outcome.refusal.says, file=sys.stderr)
        return 1
    print(done)
    return 0
