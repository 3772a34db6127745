"""The page of exceptions, for governance leads and for those who oversee a team."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from holdfast.doors.web.oversight.exceptional import KINDS, counts, lines
from holdfast.doors.web.viewer import seen
from holdfast.worklists.viewing import exceptions_for

PAGE = 25


@require_safe
def exceptions(request: HttpRequest) -> HttpResponse:
    """Every exception of the cases one oversees, newest first."""
    look = seen(request)
    if not look.oversees():
        raise PermissionDenied(_("Only governance leads and supervisors see this page."))
    chosen = request.GET.get("kind", "")
    found = exceptions_for(look.viewer, look.directory)
    if chosen in KINDS:
        found = found.filter(kind=chosen)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines(page.object_list, look),
        "counts": counts(look, chosen),
        "chosen": chosen if chosen in KINDS else "",
        "filters": f"kind={chosen}&" if chosen in KINDS else "",
    }
    return render(request, "governance/exceptions.html", context)
