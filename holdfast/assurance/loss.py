"""What an old backup lacks, by the checkpoints kept outside; and the line of checkpoints cut where a person accepted the loss."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from holdfast.assurance.witnessed import Witness
from holdfast.ledger.places import witness_file


@dataclass(frozen=True, slots=True)
class Loss:
    """Leaves ``kept`` to ``witnessed`` - 1 of the log are lost: recorded after ``since`` (None: not known) and by ``until``."""

    kept: int
    witnessed: int
    since: datetime | None
    until: datetime
    root: str

    @property
    def entries(self) -> int:
        return self.witnessed - self.kept

    def __str__(self) -> str:
        since = f"after {self.since.isoformat()} and " if self.since else ""
        return (
            f"The backup holds {self.kept} logged entries; {self.witnessed} were witnessed outside."
            f" Entries {self.kept} to {self.witnessed - 1} of the log ({self.entries} entries, recorded {since}by"
            f" {self.until.isoformat()}) are not in it."
        )


def loss_of(logged: int, witness: Witness) -> Loss | None:
    """What a record of so many logged entries lacks; nothing when it is as long as what was witnessed."""
    last = witness.last
    if last is None or last.size <= logged:
        return None
    before = [one.checkpoint.at for one in witness.genuine if one.checkpoint.size <= logged]
    return Loss(logged, last.size, before[-1] if before else None, last.at, last.root)


def cut_witness(witness: Witness, kept: int, now: datetime) -> Path:
    """Go on from the last checkpoint that fits; the whole line as it was is set aside under another name, which is given.

    Whoever keeps a later checkpoint elsewhere sees the break, and the record says who accepted it.
    """
    file = witness_file()
    aside = file.with_name(f"{file.stem}.until-{now:%Y%m%dT%H%M%SZ}{file.suffix}")
    fitting = "".join(one.line + "\n" for one in witness.genuine if one.checkpoint.size <= kept)
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w", encoding="utf-8") as new:
        new.write(fitting)
        new.flush()
        os.fsync(new.fileno())
    os.link(file, aside)
    draft.replace(file)
    return aside
