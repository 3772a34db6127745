"""The pages of work that is owed: mine, and my team's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.core.access import concerned_places
from holdfast.doors.web.viewer import Seen, seen
from holdfast.doors.web.work.called import calls_for
from holdfast.doors.web.work.owed import Group, by_tier, grouped, rows_for
from holdfast.doors.web.work.teams import team_lines
from holdfast.worklists import viewing
from holdfast.worklists.models import CaseRow
from holdfast.worklists.owing import Owing

PAGE = 25
#: Asks for the order of a review: those at risk first.
RISK = "risk"
#: So many calls stand above what is owed; the others are one click away.
MOST_CALLS = 10


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What I owe, most urgent first."""
    look = seen(request)
    owed = viewing.my_work(look.viewer, look.directory, look.now)
    risk = request.GET.get("order") == RISK
    page = _page(owed.at_risk_first() if risk else owed, request)
    called = viewing.called_to(look.viewer, look.directory, look.now)
    calls = Paginator(called, MOST_CALLS).get_page(request.GET.get("calls"))
    context = {
        "calls": calls_for(calls.object_list, look),
        "calls_page": calls,
        "page": page,
        "groups": _groups(page.object_list, look, risk),
        "risk": risk,
        "filters": "order=risk&" if risk else "",
        "late": viewing.overdue(look.viewer, look.directory, look.now),
        "held": CaseRow.objects.filter(holder=look.viewer.staff, status="open").count(),
        "teams": team_lines(look),
    }
    return render(request, "work/mine.html", context)


@require_safe
def team_work(request: HttpRequest, team: str) -> HttpResponse:
    """What one team owes; with ``only=late`` what is slipping, the longest overdue first."""
    look = seen(request)
    if team not in look.directory.teams or team not in concerned_places(look.viewer, look.directory):
        raise Http404
    owed = viewing.team_work(look.viewer, look.directory, team)
    risk = request.GET.get("order") == RISK
    slipping = request.GET.get("only") == "late"
    chosen = owed.due_by(look.now) if slipping else owed
    page = _page(chosen.at_risk_first() if risk else chosen, request)
    context = {
        "page": page,
        "groups": _groups(page.object_list, look, risk),
        "risk": risk,
        "team": look.directory.teams[team],
        "teams": team_lines(look, team),
        "slipping": slipping,
        "filters": ("only=late&" if slipping else "") + ("order=risk&" if risk else ""),
    }
    return render(request, "work/team.html", context)


def _page(owed: Any, request: HttpRequest) -> Page[Owing]:
    # ``owed`` is an ``Owed``: it is counted and sliced as a paginator does, and is no sequence of single rows, as its types ask.
    return Paginator(owed, PAGE).get_page(request.GET.get("page"))


def _groups(promised: Iterable[Owing], look: Seen, risk: bool) -> list[Group]:
    rows = rows_for(promised, look)
    return by_tier(rows) if risk else grouped(rows, look)
