"""The lead of the person, the one plan holder across all their cases: who it is, and the form that moves it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.pathway import Field
from holdfast.desk import office
from holdfast.desk.leads import find_lead, move_lead, teams_of
from holdfast.doors.web.casepages.accountable import lead_of
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.choices import people
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.casepages.sending import DOOR

TO, REASON = "to", "reason"


@login_required
@require_http_methods(["GET", "POST"])
def lead(request: HttpRequest, case: str) -> HttpResponse:
    """The form on GET, the move on POST; refused, it says why and keeps what was typed."""
    page = opened(request, case)
    if request.method == "GET":
        return render(request, "case/lead.html", _context(page))
    to, reason = request.POST.get(TO, ""), request.POST.get(REASON, "")
    desk = office.the_desk()
    outcome = move_lead(desk.vault, desk.recorded_at, page.state.subject, to, reason, page.actor, DOOR)
    if outcome.refusal is not None and outcome.refusal.code != "nothing_changed":
        says = outcome.refusal.says
        return render(request, "case/lead.html", _context(page, to, reason, says), status=422)
    messages.info(request, _("Recorded: the plan holder is %(name)s.") % {"name": page.naming.staff_at(to)})
    return HttpResponseRedirect(page.url("case"))


def _context(page: Opened, to: str = "", reason: str = "", says: str = "") -> dict[str, Any]:
    now = find_lead(page.state.subject)
    teams = [team for team in teams_of(page.state.subject) if team in page.seen.directory.teams]
    choices = people(page, set(), teams, leave_out=now.staff if now else "")
    there = tuple(one for one in choices if page.seen.directory.available(one.value, page.seen.now))
    who = view_of(Field(TO, "staff", _("Who is the plan holder from now on")), None, None, "", there, True)
    why = view_of(Field(REASON, "text", _("Why")), None, None, "", (), True)
    return {
        **frame(page),
        "lead": lead_of(page),
        "fields": [replace(who, value=to or None), replace(why, value=reason or None)],
        "errors": [{"id": "", "message": says}] if says else [],
    }
