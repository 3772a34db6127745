"""What a case came from and what it led to, with a link for those who may see the other case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.links import case_url
from holdfast.pathways.editions import get_edition
from holdfast.worklists.following import came_after, came_before
from holdfast.worklists.kin import Kin, came_from, led_to


def kin(page: Opened) -> list[dict[str, Any]]:
    """The origin first, then what was begun here; a case that the reader may not see is a sentence without a link."""
    looks = page.seen.viewer, page.seen.directory, page.state, page.seen.now
    origin = came_from(*looks)
    before = [_line(_("Came from"), origin, _("another case of this person"))] if origin else []
    looks_back = [Kin(row, get_edition(row.edition).title) for row in came_before(*looks)]
    before += [_line(_("Soon after"), one, "") for one in looks_back]
    after = [_line(_("Soon followed by"), one.kin, "") for one in came_after(*looks)]
    return [*before, *after, *(_line(_("Led to"), one, _("another case of this person")) for one in led_to(*looks))]


def _line(label: str, one: Kin, neutral: str) -> dict[str, Any]:
    at: datetime | None = one.row.opened_at if one.row else None
    url = case_url(one.row.case) if one.row else ""
    return {"label": label, "title": one.title or neutral, "url": url, "at": at, "status": _status(one)}


def _status(one: Kin) -> str:
    if one.row is None:
        return ""
    return {"open": _("open"), "closed": _("closed"), "ended": _("closed")}[one.row.status]
