"""What happened between this case and others of the same subject."""

from __future__ import annotations

from dataclasses import dataclass


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
