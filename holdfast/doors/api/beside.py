"""The cases beside one: what it came from and led to, and what is still owed there, in the shapes of the API."""

from __future__ import annotations

from typing import Any

from holdfast.core.begun_events import Item
from holdfast.worklists.kin import Kin

STREAM = "case:"


def bare(case: str) -> str:
    """A case as addresses name it."""
    return case.removeprefix(STREAM)


def item_out(item: Item | None) -> dict[str, Any] | None:
    """What a promise asks about, of those things that another case still owed when this one opened (PKT-13)."""
    if item is None:
        return None
    return {"promise": item.promise, "owed": item.owed, "owner": item.owner, "due": item.due}


def kin_out(one: Kin) -> dict[str, Any]:
    """A case beside this one; of one that the caller may not see only that there is one, and its title where that may be told."""
    row = one.row
    if row is None:
        return {"visible": False, "case": "", "pathway": "", "title": one.title, "status": "", "opened": None}
    case, title = bare(row.case), one.title
    more = {"pathway": row.pathway, "title": title, "status": row.status, "opened": row.opened_at}
    return {"visible": True, "case": case, **more}
