"""A clock that is told the time: a month passes in seconds, and the same way each time."""

from __future__ import annotations

from datetime import datetime, timedelta


class VirtualClock:
    """``now`` is what the desk, the clocks and the post of a rehearsal are told; it never goes back."""

    def __init__(self, at: datetime) -> None:
        """Starts at ``at``, an aware instant. Raises ValueError for one without a zone."""
        if at.utcoffset() is None:
            raise ValueError("a clock needs an instant with its zone")
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Let time pass until ``at``; an instant that is over already changes nothing."""
        self._at = max(self._at, at)

    def advance(self, span: timedelta) -> None:
        """Let ``span`` pass. Raises ValueError for a negative one."""
        if span < timedelta():
            raise ValueError("time does not go back")
        self._at += span
