"""A refusal is a value: why not, what is missing, who can supply it, and what is possible instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is lacking; ``supplied_by`` names the duty or person who can supply it (GAT-01)."""

    what: str
    says: str
    supplied_by: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """``code`` is an adjective with underscores; ``says`` is one kind sentence; ``instead`` names deeds that are possible."""

    code: str
    says: str
    missing: tuple[Missing, ...] = ()
    instead: tuple[str, ...] = ()
