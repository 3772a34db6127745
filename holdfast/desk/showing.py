"""Writing down that something of a case was shown or sent: to whom, by which door, under which consent or reason (INF-03, AUD-04)."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.conditions import ALWAYS, because
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.sharing import own_team
from holdfast.core.state import State
from holdfast.ledger.shown import Showing, note

#: Why somebody of another organisation sees a case of a pathway that asks for no consent.
PART = "has a part in the case"


def note_shown(
    state: State, pathway: Pathway, directory: Directory, to: str, what: str, door: str, at: datetime
) -> None:
    """``to`` is ``staff:<id>`` or ``team:<id>``. One row; it is there before the page is, or the page is not shown."""
    note(Showing(state.case, at, to, what, door, _under(state, pathway, directory, to)))


def _under(state: State, pathway: Pathway, directory: Directory, to: str) -> str:
    if _organisation(to, directory) == _organisation(f"team:{own_team(state, pathway)}", directory):
        return ""
    if pathway.sharing == ALWAYS:
        return PART
    return "; ".join(because(pathway.sharing, facts_of(state, pathway, directory)))


def _organisation(who: str, directory: Directory) -> str:
    kind, _, id = who.partition(":")
    known = directory.teams.get(id) if kind == "team" else directory.staff.get(id)
    return known.organisation if known is not None else ""
