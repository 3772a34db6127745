"""Whether anything of a case may be shown or sent to others now: the pathway's own condition, asked each time (INF-01, INF-02)."""

from __future__ import annotations

from holdfast.core.conditions import ALWAYS, holds
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import State


def may_share(state: State, pathway: Pathway, directory: Directory) -> bool:
    """True where the pathway has no such condition. A withdrawal counts from the entry that records it."""
    if pathway.sharing == ALWAYS:
        return True
    return holds(pathway.sharing, facts_of(state, pathway, directory))


def own_team(state: State, pathway: Pathway) -> str:
    """The team that has the packet already, because it writes it: the one accountable at the opening."""
    return state.parties.get(pathway.holder_at_opening.partition(".")[0], "")
