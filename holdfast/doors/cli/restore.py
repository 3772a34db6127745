"""`holdfast restore FOLDER`: put a backup in place, erase again, check it against the outside, and keep sending off until reconciled."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.doors.cli.migrate import ADDRESS, OPENING, OWNER_ENV, migrate

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from holdfast.assurance.witnessed import Witness


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `restore FOLDER` and `restore --reconcile`."""
    parser = subparsers.add_parser("restore", help="put a backup in place; stop web and worker first")
    parser.add_argument("folder", nargs="?", help="the backup")
    parser.add_argument(
        "--into-empty", action="store_true", help="set the record that is there aside and restore in its place"
    )
    parser.add_argument(
        "--accept-loss", action="store_true", help="restore a backup older than what was witnessed outside"
    )
    parser.add_argument("--by", default="", metavar="STAFF", help="who accepts the loss")
    parser.add_argument(
        "--key", action="append", default=[], metavar="KEY", help="a public key that signed checkpoints"
    )
    parser.add_argument("--reconcile", action="store_true", help="list what may have been sent already, and send again")
    parser.add_argument(
        "--settle", action="append", default=[], metavar="MESSAGE", help="with --reconcile: this one did leave"
    )
    parser.set_defaults(run=_run)


class _No(Exception):
    """Why it is not done."""


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when done, 1 when refused or when the record does not hold, 2 when something is missing."""
    from holdfast.assurance.manifest import BadBackup
    from holdfast.assurance.postgres import ProgramFailed

    if bool(arguments.folder) == arguments.reconcile:
        print("Give the backup's folder, or --reconcile.", file=sys.stderr)
        return 2
    try:
        return _reconcile(arguments) if arguments.reconcile else _restore(arguments)
    except (_No, BadBackup, ProgramFailed) as fault:
        print(fault, file=sys.stderr)
        return 1
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2


def _restore(arguments: argparse.Namespace) -> int:
    from django.db import connection

    from holdfast.assurance.loading import is_empty
    from holdfast.assurance.loss import loss_of
    from holdfast.assurance.manifest import read_manifest
    from holdfast.assurance.restore import why_mute

    folder, now = Path(arguments.folder), datetime.now(UTC)
    manifest = read_manifest(folder)
    if manifest.engine != connection.vendor:
        raise _No(f"The backup is of {manifest.engine}, this database is {connection.vendor}.")
    empty = is_empty()
    if not empty and not arguments.into_empty:
        raise _No("This database holds a record. With --into-empty it is set aside, and the backup takes its place.")
    witness, keys = _outside(arguments.key)
    loss = loss_of(manifest.logged, witness)
    if loss is not None:
        print(loss)
        if not arguments.accept_loss or not arguments.by:
            raise _No("Look for a newer backup. If there is none: --accept-loss --by STAFF. Nothing was changed.")
    why = why_mute(manifest.made, loss)
    aside = _load(folder, why, now, empty)
    if aside:
        print(f"What was there is set aside: {aside}")
    migrate(os.environ.get(OWNER_ENV, ""))
    print(f"Restored: {manifest.entries} entries. Sending is off until holdfast restore --reconcile.")
    return _finish(witness, keys, arguments.by if loss is not None else "", now)


def _load(folder: Path, why: str, now: datetime, empty: bool) -> str:
    from django.db import connection
    from django.utils.module_loading import import_string

    from holdfast.assurance.loading import load_postgres, load_sqlite

    if connection.vendor == "sqlite":
        return str(load_sqlite(folder, why, now) or "")
    if not os.environ.get(OWNER_ENV):
        raise ValueError(
            f"{OWNER_ENV} is not set; give the address of the same database for the role that owns its tables"
        )
    owner = import_string(ADDRESS)(os.environ[OWNER_ENV])
    application = str(connection.settings_dict["USER"])
    opening = import_string(OPENING)(str(owner["USER"]), application)
    schema = load_postgres(folder, why, now, owner, opening, empty)
    return f"schema {schema}" if schema else ""


def _finish(witness: Witness, keys: list[Ed25519PublicKey], by: str, now: datetime) -> int:
    from holdfast.assurance.restore import finish
    from holdfast.desk.office import the_desk

    done = finish(the_desk(), witness, keys, by, now)
    if done.erased:
        print(f"{done.erased} persons who were erased are erased here as well.")
    if done.aside is not None:
        print(f"The loss is written into the record, accepted by {by}. The checkpoints as they were: {done.aside}")
    print(f"The record is {done.report.word}.")
    for fault in done.report.faults:
        print(f"BROKEN: {fault.says}")
    return 1 if done.report.faults else 0


def _reconcile(arguments: argparse.Namespace) -> int:
    from holdfast.assurance.restore import erase_again, may_have_left, unmute
    from holdfast.deliveries.outbox import settle
    from holdfast.desk.office import the_desk

    witness, _ = _outside(arguments.key)
    erase_again(the_desk(), witness, datetime.now(UTC))
    waiting = may_have_left()
    unknown = sorted(set(arguments.settle) - {delivery.key for delivery in waiting})
    if unknown:
        raise _No(f"Not among the messages that wait: {', '.join(unknown)}.")
    for key in arguments.settle:
        settle(key, "sent")
    left = [delivery for delivery in waiting if delivery.key not in arguments.settle]
    print(
        f"{len(left)} messages were waiting when the backup was made. Each may have left since, and leaves now (again):"
    )
    for delivery in left:
        print(f"  {delivery.key}  {delivery.notice} to {delivery.recipient}, due {delivery.due_at.isoformat()}")
    print("Sending is on." if unmute() else "Sending was on already.")
    return 0


def _outside(texts: list[str]) -> tuple[Witness, list[Ed25519PublicKey]]:
    from holdfast.assurance.witnessed import known_keys, read_witness
    from holdfast.ledger.checkpoint import read_public_key

    try:
        keys = [read_public_key(text) for text in texts] or known_keys()
    except ValueError as error:
        raise ValueError("--key is not a public key: it is 44 characters of base64, as verify prints it") from error
    witness = read_witness(keys)
    if witness.lines and not witness.genuine:
        raise _No("There are checkpoints outside, and none is signed by a key that is here: give --key KEY.")
    return witness, keys
