"""The way to write down what an external team says by telephone: shown only while something waits for their answer (BEY-13)."""

from __future__ import annotations

from typing import Any

from holdfast.core.phrases import listed
from holdfast.core.sharing import may_share
from holdfast.core.telephone import answers_open, teams_to_answer
from holdfast.doors.web.casepages.opened import Opened


def telephone(page: Opened) -> dict[str, Any] | None:
    """Where to go and whose answer is waited for; None when nobody's is, or this reader may not write it down."""
    directory = page.seen.directory
    asked = teams_to_answer(page.state, page.pathway, directory, page.actor)
    waiting = [t for t in asked if answers_open(page.state, page.pathway, directory, t.id, page.seen.now)]
    if not waiting or not may_share(page.state, page.pathway, directory):
        return None
    return {"url": page.url("telephone"), "teams": listed([team.name for team in waiting])}
