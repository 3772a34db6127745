"""After a backup is in place and before anybody is served: erasures again, the record checked, a loss written down, sending off."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from holdfast.assurance.loss import Loss, cut_witness, loss_of
from holdfast.assurance.record import check_record
from holdfast.assurance.witnessed import Witness, read_witness
from holdfast.deliveries.models import Delivery, Mute
from holdfast.deliveries.outbox import HELD
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.persons import forget
from holdfast.desk.streams import record
from holdfast.directory.snapshot import forget as forget_directory
from holdfast.ledger.models import Leaf
from holdfast.ledger.proof import Report
from holdfast.ledger.store import read_head

#: The stream in which the record speaks of itself.
RECORD = "record"
WAITING = ("queued", HELD)


@dataclass(frozen=True, slots=True)
class Finished:
    """``aside`` is where the cut line of checkpoints lies, if a loss was accepted; ``erased`` how many were erased again."""

    report: Report
    erased: int
    aside: Path | None


def why_mute(made: datetime, loss: Loss | None) -> str:
    """Why sending is off, in at most 200 characters."""
    lost = f" {loss.entries} entries lost." if loss is not None else ""
    return f"Restored from the backup of {made:%Y-%m-%d %H:%M} UTC.{lost} Run: holdfast restore --reconcile"


def finish(desk: Desk, witness: Witness, keys: list[Ed25519PublicKey], by: str, now: datetime) -> Finished:
    """May be done again. ``by`` is who accepts a loss; without them a record that is too short stays as the check finds it."""
    forget_directory()
    erased = erase_again(desk, witness, now)
    loss = loss_of(Leaf.objects.count(), witness)
    aside = None
    if loss is not None and by:
        # First the note: a machine that stops in between leaves a loss that is written down and still in the way.
        _note(desk, loss, by)
        aside = cut_witness(witness, loss.kept, now)
        witness = read_witness(keys)
    return Finished(check_record(witness, keys, now), erased, aside)


def erase_again(desk: Desk, witness: Witness, now: datetime) -> int:
    """Everybody on the outside list of erasures is erased here as well."""
    for person in witness.erasures:
        with transaction.atomic():
            forget(desk, person, now)
    return len(witness.erasures)


def may_have_left() -> list[Delivery]:
    """Messages that were waiting when the backup was made: each may have been sent since, and nothing here can tell."""
    return list(Delivery.objects.filter(status__in=WAITING).order_by("due_at", "key"))


def unmute() -> bool:
    """Sending is on again; whether it was off."""
    gone, _ = Mute.objects.all().delete()
    return bool(gone)


def _note(desk: Desk, loss: Loss, by: str) -> None:
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(loss).items()}
    with transaction.atomic():
        read = read_head(RECORD, by, "")
        event = {"event": "LossAccepted", **values}
        envelope = Envelope(RECORD, Ask("AcceptLoss"), by, "cli")
        record(envelope, read.head, desk.recorded_at(read), RECORD, {"kind": "AcceptLoss"}, [event], {})
