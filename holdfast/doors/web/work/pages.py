"""The pages of work that is owed: mine, and my team's."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.core.access import concerned_places
from holdfast.doors.web.viewer import seen
from holdfast.doors.web.work.called import calls_for
from holdfast.doors.web.work.owed import grouped, rows_for
from holdfast.doors.web.work.teams import team_lines
from holdfast.worklists import viewing
from holdfast.worklists.models import CaseRow

PAGE = 25
#: So many calls stand above what is owed; the others are one click away.
MOST_CALLS = 10


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What I owe, most urgent first."""
    look = seen(request)
    owed = viewing.my_work(look.viewer, look.directory, look.now)
    page = Paginator(owed, PAGE).get_page(request.GET.get("page"))
    called = viewing.called_to(look.viewer, look.directory, look.now)
    calls = Paginator(called, MOST_CALLS).get_page(request.GET.get("calls"))
    context = {
        "calls": calls_for(calls.object_list, look),
        "calls_page": calls,
        "page": page,
        "groups": grouped(rows_for(page.object_list, look), look),
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
    slipping = request.GET.get("only") == "late"
    page = Paginator(owed.filter(due_at__lte=look.now) if slipping else owed, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": grouped(rows_for(page.object_list, look), look),
        "team": look.directory.teams[team],
        "teams": team_lines(look, team),
        "slipping": slipping,
        "filters": "only=late&" if slipping else "",
    }
    return render(request, "work/team.html", context)
