"""The line of checkpoints kept outside: each signed, each naming the one before, none taking anything back."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from holdfast.ledger.chain import Fault
from holdfast.ledger.checkpoint import Checkpoint, ForgedCheckpoint, digest_of, verify


def check_checkpoints(
    lines: Iterable[str], public_keys: Iterable[Ed25519PublicKey]
) -> tuple[list[Checkpoint], list[Fault]]:
    """Give the genuine checkpoints, oldest first, and the faults (stream "", number: the line, 1..).

    The first line may name one before it: a witness may have begun, or have cut its file, later than the log.
    """
    keys = list(public_keys)
    genuine: list[Checkpoint] = []
    faults: list[Fault] = []
    linked = False  # after a forged line nothing can be said of the next one's link
    for number, line in enumerate(lines, start=1):
        try:
            checkpoint = verify(line, keys)
        except ForgedCheckpoint as error:
            faults.append(Fault("", number, "forged-checkpoint", f"checkpoint line {number}: {error}"))
            linked = False
            continue
        if genuine and (says := _breaks(genuine[-1], checkpoint, linked)):
            faults.append(Fault("", number, "broken-checkpoints", f"checkpoint line {number} {'; it '.join(says)}"))
        genuine.append(checkpoint)
        linked = True
    return genuine, faults


def _breaks(before: Checkpoint, after: Checkpoint, linked: bool) -> list[str]:
    says = []
    if linked and after.previous != digest_of(before):
        says.append("does not follow the line before it: one is missing, repeated or out of order")
    if after.origin != before.origin:
        says.append("comes from another installation")
    if after.size < before.size or after.at < before.at:
        says.append("goes back in size or in time")
    if after.size == before.size and after.root != before.root:
        says.append("gives another root for the same size: the log was forked")
    if not set(before.erasures) <= set(after.erasures):
        says.append("leaves out an erasure that the line before it holds")
    return says
