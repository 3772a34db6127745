"""What happened between a case and the slots of a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """A step's answer chose this slot; its pool booked it in the same transaction."""

    field: str
    pool: str
    slot: str


@dataclass(frozen=True, slots=True)
class WaitBegun:
    """No slot is there that suits: the case waits in the pool's line, by risk and age."""

    pool: str


@dataclass(frozen=True, slots=True)
class SlotProposed:
    """A slot came free and is kept for this case until then."""

    pool: str
    slot: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SlotForgone:
    """What was offered was not taken in time, or was withdrawn."""

    pool: str
    slot: str
