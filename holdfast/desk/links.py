"""Secure links end with what they were for: the case closes, or the team has no part in it any more."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.state import State
from holdfast.deliveries.links import revoke


def revoke_ended(was: State | None, now: State, at: datetime) -> None:
    """Make worthless the links of a case that closed, and those of teams that are no longer a party. In the deciding transaction.

    A team that was asked together with others and was not the first keeps its link: it leads to a page that says so and
    nothing else (BEY-15)."""
    if was is None:
        return
    if was.status == "open" and now.status != "open":
        revoke(now.case, at)
        return
    for team in set(was.parties.values()) - set(now.parties.values()):
        revoke(now.case, at, team)
