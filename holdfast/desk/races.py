"""Lost races: what a database says when another try may find it settled."""

from __future__ import annotations

#: How often a transaction that lost a race is tried again before the caller is told.
TRIES = 5


def lost_race(error: Exception) -> bool:
    """A duplicate number or key, a serialization failure, a deadlock, a busy database: another try may find it settled."""
    code = getattr(error.__cause__, "sqlstate", "") or ""
    text = str(error)
    return code in ("23505", "40001", "40P01") or "UNIQUE constraint failed" in text or "locked" in text
