"""Why nothing of a case may be sent outside now, and what waits for it to change (INF-01)."""

from __future__ import annotations

from typing import Any

from holdfast.core.conditions import ALWAYS
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.phrases import Phrases
from holdfast.core.sharing import may_share
from holdfast.core.state import State
from holdfast.deliveries.models import Delivery
from holdfast.deliveries.outbox import HELD
from holdfast.doors.web.casepages.opened import Opened


def sharing_of(stream: str, state: State, pathway: Pathway, directory: Directory) -> dict[str, Any]:
    """``allowed``; ``says``: when it would be, in the pathway's words; ``waiting``: recipient and instant of what is held back."""
    allowed = may_share(state, pathway, directory)
    if pathway.sharing == ALWAYS:
        return {"allowed": allowed, "says": "", "waiting": []}
    rows = Delivery.objects.filter(stream=stream, status=HELD).order_by("due_at", "key")
    waiting = [{"to": row.recipient, "since": row.due_at} for row in rows]
    return {"allowed": allowed, "says": Phrases(pathway).condition(pathway.sharing), "waiting": waiting}


def withheld(page: Opened) -> dict[str, Any] | None:
    """For the case page; None while there is nothing to say."""
    shown = sharing_of(page.stream, page.state, page.pathway, page.seen.directory)
    if shown["allowed"] and not shown["waiting"]:
        return None
    shown["waiting"] = [{**one, "to": page.naming.someone(one["to"])} for one in shown["waiting"]]
    return shown
