"""Secure links end with what they were for: the case closes, or the team has no part in it any more."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.state import State
from holdfast.deliveries.links import revoke


def revoke_ended(was: State | None, now: State, at: datetime) -> None:
    """Make worthless the links of a case that closed, and those of teams that neither have a part in it nor are asked any more.

    In the deciding transaction."""
    if was is None:
        return
    if was.status == "open" and now.status != "open":
        revoke(now.case, at)
        return
    for team in set(was.teams()) - set(now.teams()):
        revoke(now.case, at, team)
