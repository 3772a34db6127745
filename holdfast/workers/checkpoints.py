"""Checkpoints: new entries join the log, and where it stands is signed outside the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.ledger.checkpointer import MOST_EXPOSED, Checkpointer
from holdfast.workers.duty import Unhurried


@dataclass
class Checkpoints(Unhurried):
    """Logs up to 1,000 entries a step and signs when it is time."""

    checkpointer: Checkpointer
    name: str = "checkpoints"
    pause: float = 15.0

    def step(self, now: datetime) -> bool:
        logged = self.checkpointer.collect(now)
        self.checkpointer.checkpoint(now)
        return logged >= MOST_EXPOSED
