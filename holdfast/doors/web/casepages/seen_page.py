"""Who has seen a case: what was shown or sent to whom, when, by which door, under which consent or reason (INF-03, AUD-04)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from holdfast.core.access import refuse_readers
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.naming import Naming
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.versions import version_at
from holdfast.ledger.models import Shown

#: What holds the packet, in the version that had been sent by then.
_WITH_PACKET = frozenset({"packet", "evidence", "evidence-file"})
#: How many of the latest are on the page at first.
SHOWN = 100


@login_required
@require_GET
def seen_by(request: HttpRequest, case: str) -> HttpResponse:
    """For the one who is accountable, supervisors, governance and the last resort; 403 for everybody else."""
    page = opened(request, case, "readers")
    refusal = refuse_readers(page.seen.viewer, page.state, page.seen.directory)
    if refusal is not None:
        raise PermissionDenied(refusal.says)
    rows = Shown.objects.filter(stream=page.stream).order_by("-id")
    most = None if "all" in request.GET else SHOWN
    told = told_of(page, rows[:most])
    context = {"rows": told, "more": rows.count() - len(told)}
    return render(request, "case/seen.html", {**frame(page), **context})


def told_of(page: Opened, rows: Iterable[Shown]) -> list[dict[str, Any]]:
    """Each row in words, latest first."""
    return [
        {
            "at": row.at,
            "who": page.naming.someone(row.to),
            "what": _WHAT().get(row.what, row.what),
            "version": version_at(page.record, row.at) if row.what in _WITH_PACKET else 0,
            "door": _DOORS().get(row.door, row.door),
            "under": _under(page.naming, row.under),
        }
        for row in rows
    ]


def _under(naming: Naming, under: str) -> str:
    return "; ".join(naming.fact(line) for line in under.split("; ")) if under else _("own organisation")


def _WHAT() -> dict[str, str]:
    return {
        "case": _("The case"),
        "packet": _("The packet"),
        "message": _("A message with a link, nothing of the case in it"),
        "card": _("The person's card"),
        "evidence": _("The evidence"),
        "evidence-file": _("The evidence as a file"),
        "readers": _("Who has seen it"),
        "timeline": _("What happened, entry by entry"),
    }


def _DOORS() -> dict[str, str]:
    return {
        "web": _("signed in"),
        "api": _("by a program"),
        "link": _("by the secure link"),
        "email": _("by e-mail"),
        "mailbox": _("by e-mail"),
        "phone": _("by telephone"),
        "fax": _("by fax"),
        "portal": _("by their portal"),
    }
