"""The page on which somebody's account is closed: first what they hold, then who takes all of it over, in one step (BEY-09)."""

from __future__ import annotations

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.access import NOT_ADMINISTRATOR, may_do_admin
from holdfast.desk import office
from holdfast.desk.leaving import close_person, what_they_hold, who_can_take_over
from holdfast.doors.web.viewer import seen

DOOR = "web"


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, staff: str) -> HttpResponse:
    """For an administrator of their organisation; a refusal leaves everything as it was."""
    look = seen(request)
    person = look.directory.staff.get(staff)
    if person is None:
        raise Http404
    if not may_do_admin(look.viewer, look.directory, person.organisation):
        raise PermissionDenied(NOT_ADMINISTRATOR.says)
    to, fault = request.POST.get("to", ""), ""
    if request.method == "POST":
        outcome = close_person(office.the_desk(), staff, to, look.viewer.staff, DOOR)
        if outcome.refusal is None:
            notes.info(request, _("The account of %(name)s is closed.") % {"name": person.name})
            return redirect("directory-organisation", organisation=person.organisation)
        fault = outcome.refusal.says
    context = {
        "person": person,
        "holds": what_they_hold(staff, look.directory),
        "covers": who_can_take_over(staff, look.directory),
        "to": to,
        "errors": [{"id": "to", "message": fault}] if fault else [],
    }
    return render(request, "administration/leave.html", context, status=422 if fault else 200)
