"""What happened between this case and others of the same subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseBegun:
    """Another case of the same subject was opened from this one, in the same transaction."""

    case: str
    pathway: str


@dataclass(frozen=True, slots=True)
class AskDropped:
    """What was to be done on another case was not: ``what`` is the pathway or the moment meant, ``code`` why."""

    what: str
    code: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something still owed on another case of the same subject when this one opened: ``owed`` in the words of its pathway."""

    case: str
    promise: str
    owed: str
    owner: str
    due: datetime

    @property
    def place(self) -> str:
        """What a promise here is about when it is about this."""
        return f"{self.case} {self.promise}"


@dataclass(frozen=True, slots=True)
class ItemTakenUp:
    """Promise ``id`` asks what becomes of it (PKT-13)."""

    id: str
    item: Item


@dataclass(frozen=True, slots=True)
class ObligationSettled:
    """It is owed here no more. ``how``: taken-over (``case`` owes it now) or closed (``by`` ended it, from ``case``)."""

    id: str
    how: str
    case: str
    by: str
