"""A case goes on by another edition of its pathway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.core.answers import Answer


@dataclass(frozen=True, slots=True)
class EditionMoved:
    """``kinds`` gives each promise its obligation in the edition ``to``, ``owes`` who owes each open one there.

    ``asked_by`` is who asked for the move, where that was somebody else than who did it."""

    frm: str
    to: str
    kinds: Mapping[str, str]
    owes: Mapping[str, str]
    reason: Answer
    asked_by: str = ""
