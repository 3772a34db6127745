"""Asks: what a decision on one case wants done on another, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.core.commands import Command


@dataclass(frozen=True, slots=True)
class Asked:
    """``command`` for the stream ``case``. Whoever runs it acts as ``system``: a person decided here, and the record says so here.

    ``may_fail`` marks one that must not hold up what it came from, such as telling an open case of a crisis."""

    case: str
    command: Command
    may_fail: bool = False

    @property
    def what(self) -> str:
        """A word for it that names neither a person nor another case: the pathway to begin, or the moment to mark."""
        for name in ("pathway", "moment", "promise"):
            if held := getattr(self.command, name, ""):
                return str(held)
        return type(self.command).__name__
