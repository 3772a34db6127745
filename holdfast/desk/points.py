"""The points of a write at which a test can kill the process; in production they are nothing."""

from __future__ import annotations

NAMES = ("begun", "read", "decided", "entry", "worklists", "clocks", "deliveries", "answered", "committed")
#: Passed only where a stream that is not a case is written: a pool, a person, an edition, a message.
ASIDE = ("recorded",)


def passing(point: str) -> None:
    """A write is passing ``point`` (one of ``NAMES`` or ``ASIDE``). Tests put their own function in this one's place."""
