"""What happened to offers, in the past tense: events of a case like those of ``events``, which gives them on (BEY-15)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OffersMade:
    """Several teams were asked to take a part; nobody has it until one of them accepts (BEY-15)."""

    party: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferTaken:
    party: str
    team: str


@dataclass(frozen=True, slots=True)
class OfferDeclined:
    party: str
    team: str


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """Another team was quicker."""

    party: str
    team: str
