"""The weekly check: who came back in a crisis soon after a change of care, each beside that change (STP-06)."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from holdfast.doors.web.links import case_url, hex_of
from holdfast.doors.web.viewer import Seen, seen
from holdfast.pathways.editions import get_edition
from holdfast.worklists.following import Followed, followed_for

#: How far back the check looks; what is new since the last one is marked.
LOOKS_BACK, NEW = timedelta(days=28), timedelta(days=7)


@require_safe
def weekly(request: HttpRequest) -> HttpResponse:
    """Every case of the last four weeks that came soon after another, the latest first."""
    look = seen(request)
    if not look.oversees():
        raise PermissionDenied(_("Only governance leads and supervisors see this page."))
    found = followed_for(look.viewer, look.directory, look.now, look.now - LOOKS_BACK)
    return render(request, "governance/weekly.html", {"lines": [_shown(one, look) for one in found]})


def _shown(one: Followed, look: Seen) -> dict[str, object]:
    """Both cases by the beginning of their pseudonyms: whose they are stands on their own pages."""
    holder = look.directory.staff.get(one.before.holder)
    return {
        "title": one.kin.title,
        "at": one.after.opened_at,
        "new": one.after.opened_at > look.now - NEW,
        "url": case_url(one.after.case) if one.kin.row else "",
        "reference": hex_of(one.after.case)[:8],
        "before": get_edition(one.before.edition).title,
        "before_url": case_url(one.before.case),
        "before_reference": hex_of(one.before.case)[:8],
        "holder": holder.name if holder is not None else one.before.holder,
    }
