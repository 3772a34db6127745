"""The page that opens a case by hand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.desk import office
from holdfast.desk.matching import Doubt
from holdfast.doors.web.links import case_url
from holdfast.doors.web.lists.draft import Draft, faults_of, holders_for, read_draft, teams_for
from holdfast.doors.web.lists.numbers import kinds
from holdfast.doors.web.lists.opened import Known, find_known, open_by_hand
from holdfast.doors.web.viewer import Seen, seen
from holdfast.pathways.editions import list_latest


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST opens the case, or shows what is wrong with everything still there."""
    look = seen(request)
    if not look.teams():
        raise PermissionDenied(_("Only members of a team can open a case."))
    pathways = [pathway for pathway in list_latest() if pathway.subject == "person"]
    pathway = _chosen(pathways, request.POST.get("pathway") or request.GET.get("pathway") or "")
    if request.method != "POST":
        fresh = Draft(uuid4().hex, holder=look.viewer.staff)
        return render(request, "lists/open.html", _context(fresh, pathway, pathways, look))
    draft = read_draft(request.POST, pathway, uuid4().hex)
    return _opened(request, draft, pathway, pathways, look)


def _opened(request: HttpRequest, draft: Draft, pathway: Pathway, pathways: list[Pathway], look: Seen) -> HttpResponse:
    faults = faults_of(draft, pathway, look)
    if faults:
        return _again(request, draft, pathway, pathways, look, faults)
    try:
        known = find_known(office.the_desk(), draft, look)
        if known is not None and not draft.sure:
            return _again(request, draft, pathway, pathways, look, {}, known)
        case = open_by_hand(office.the_desk(), draft, pathway, look)
    except Doubt as doubt:
        return _again(request, draft, pathway, pathways, look, {"number": doubt.says})
    if isinstance(case, Refusal):
        return _again(request, draft, pathway, pathways, look, {"": case.says})
    holder = look.directory.staff[draft.holder].name
    messages.info(request, _("The case is open. %(name)s is accountable from now on.") % {"name": holder})
    return redirect(case_url(case))


def _again(
    request: HttpRequest,
    draft: Draft,
    pathway: Pathway,
    pathways: list[Pathway],
    look: Seen,
    faults: dict[str, str],
    known: Known | None = None,
) -> HttpResponse:
    """The form once more with everything that was typed."""
    context = {**_context(draft, pathway, pathways, look, faults), "known": known}
    return render(request, "lists/open.html", context, status=422)


def _chosen(pathways: list[Pathway], id: str) -> Pathway:
    found = next((pathway for pathway in pathways if pathway.id == id), pathways[0] if pathways and not id else None)
    if found is None:
        raise Http404
    return found


def _context(
    draft: Draft, pathway: Pathway, pathways: list[Pathway], look: Seen, faults: dict[str, str] | None = None
) -> dict[str, Any]:
    faults = faults or {}
    parties = [
        {
            "id": f"party-{party.id}",
            "title": party.title,
            "choices": teams_for(party, pathway, look),
            "chosen": draft.parties.get(party.id, ""),
            "fault": faults.get(f"party-{party.id}", ""),
        }
        for party in pathway.parties
    ]
    return {
        "draft": draft,
        "pathway": pathway,
        "pathways": pathways,
        "person_fields": [
            ("name", _("Name"), "text", draft.name, faults.get("name", "")),
            ("born", _("Date of birth"), "date", draft.born, faults.get("born", "")),
            ("phone", _("Phone, if known"), "tel", draft.phone, ""),
        ],
        "parties": parties,
        "holders": holders_for(pathway, look),
        "kinds": kinds(),
        "faults": faults,
        "errors": [{"id": id, "message": message} for id, message in faults.items()],
        "today": look.now.date(),
    }
