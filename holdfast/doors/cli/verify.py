"""`holdfast verify`: check the whole record against its outside checkpoints, or an evidence file with nothing but itself."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfast.ledger.bundle import check_bundle
from holdfast.ledger.checkpoint import public_text, read_public_key

MOST_FAULTS = 20


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `verify [FILE] [--key KEY] [--checkpoints FILE]`."""
    parser = subparsers.add_parser("verify", help="check the whole record, or an evidence file (needs no database)")
    parser.add_argument("file", nargs="?", help="an evidence file; without it the whole record is checked")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY",
        help="a public key that you trust, as text; may be repeated",
    )
    parser.add_argument("--checkpoints", metavar="FILE", help="other outside checkpoints than this installation's own")
    parser.set_defaults(run=_run, needs_django=False)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when it holds, 1 when it does not, 2 when it cannot be checked."""
    try:
        keys = [read_public_key(text) for text in arguments.key]
    except ValueError:
        print("--key is not a public key: it is 44 characters of base64, as verify prints it.", file=sys.stderr)
        return 2
    if arguments.file:
        return _file(Path(arguments.file), keys)
    return _record(keys, Path(arguments.checkpoints) if arguments.checkpoints else None)


def _file(path: Path, keys: list[Ed25519PublicKey]) -> int:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        print(f"{path} cannot be read.", file=sys.stderr)
        return 2
    verdict = check_bundle(text, keys or None)
    for fault in verdict.faults:
        print(f"BROKEN: {fault.says}")
    if not verdict.ok:
        print("The file does not hold.")
        return 1
    print(f"The file holds: {verdict.case}, {verdict.says}.")
    if verdict.proved_to is not None:
        print(f"Proved up to the checkpoint of {verdict.proved_to.at.isoformat()} ({verdict.proved_to.size} entries).")
    if verdict.exposed:
        print(f"Under no checkpoint, so vouched for by the signing key alone: entries {verdict.exposed}.")
    return 0


def _record(keys: list[Ed25519PublicKey], checkpoints: Path | None) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    django.setup()
    from holdfast.assurance.record import check_record
    from holdfast.assurance.witnessed import known_keys, read_witness

    trusted = keys or known_keys()
    witness = read_witness(trusted, checkpoints)
    if witness.lines and not trusted:
        print("There are checkpoints and no key to read them with: give --key KEY.", file=sys.stderr)
        return 2
    report = check_record(witness, trusted, datetime.now(UTC))
    print(f"The record is {report.word}.")
    for fault in report.faults[:MOST_FAULTS]:
        print(f"BROKEN: {fault.says}")
    if len(report.faults) > MOST_FAULTS:
        print(f"and {len(report.faults) - MOST_FAULTS} more faults")
    if report.proved_up_to is not None:
        print(
            f"Proved up to {report.proved_up_to.size} entries, by the checkpoint of {report.proved_up_to.at.isoformat()}."
        )
    else:
        print("Nothing is proved: no checkpoint that bears this record out lies outside the database.")
    print(
        f"Exposed: {report.exposed.entries} entries under no checkpoint, the oldest {report.exposed.seconds:.0f} s old."
    )
    if witness.torn:
        print("The last line of the checkpoints is torn, as by a machine that stopped; the worker mends it.")
    print(f"Public key: {', '.join(public_text(key) for key in trusted) or 'none yet'}")
    return 1 if report.faults else 0
