"""The page on which a second person reads a proposed edition and approves or rejects it (HZ-88)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.desk import office
from holdfast.desk.proposals import Proposal, find_proposal, text_of
from holdfast.desk.proposing import approve_edition, refusal_to_decide, reject_edition
from holdfast.doors.web.pathways.marked import marked
from holdfast.doors.web.pathways.proved import proved_then
from holdfast.doors.web.pathways.shown import changes, name_of
from holdfast.doors.web.viewer import Seen, seen
from holdfast.pathways.editions import find_edition
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.load import load_pathway
from holdfast.pathways.words import in_words

DOOR = "web"


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, pathway: str, number: int) -> HttpResponse:
    """GET shows what would change and what was proved; POST decides. A refusal is shown on the same page."""
    look, found = seen(request), find_proposal(pathway, number) if "\x00" not in pathway else None
    if found is None:
        raise Http404
    refusal: Refusal | None = None
    if request.method == "POST":
        refusal = _decide(request, found, look)
        if refusal is None:
            return redirect("pathway", pathway)
    errors = [{"id": "reason" if refusal.code == "reason_missing" else "", "message": refusal.says}] if refusal else []
    context = {**_shown(found, look), "reason": request.POST.get("reason", ""), "errors": errors}
    return render(request, "pathways/proposal.html", context, status=422 if refusal else 200)


def _decide(request: HttpRequest, found: Proposal, look: Seen) -> Refusal | None:
    """Approve or reject, as the button says; what the desk refused, or nothing."""
    desk, actor = office.the_desk(), look.viewer.staff
    if "approve" in request.POST:
        outcome = approve_edition(desk, found.pathway, found.number, actor, DOOR)
        done = _("Approved. New cases start on this edition; open cases stay on theirs until they are moved.")
    else:
        reason = request.POST.get("reason", "")[:2000]
        outcome = reject_edition(desk, found.pathway, found.number, actor, reason, DOOR)
        done = _("The proposal is rejected. It stays to be read, with the reason.")
    if outcome.refusal is None:
        notes.success(request, done)
    return outcome.refusal


def _shown(found: Proposal, look: Seen) -> dict[str, Any]:
    text = text_of(found.pathway, found.number)
    before, after = find_edition(found.base) if found.base else None, _loaded(text)
    return {
        "proposal": found,
        "by": name_of(found.by, look),
        "decided_by": name_of(found.decided_by, look) if found.decided_by else "",
        "mine": found.by == look.viewer.staff,
        "refused": refusal_to_decide(found.pathway, found.number, look.viewer.staff) if found.waits else None,
        "can_reject": look.decides() or found.by == look.viewer.staff,
        "before": before,
        "changes": changes(before, after) if before and after else [],
        "words": marked(in_words(after), 1) if after and not before else "",
        "proof": proved_then(found.proof, text),
        "text": text,
    }


def _loaded(text: str) -> Pathway | None:
    """A file that was proposed long ago may not be readable any more."""
    try:
        return load_pathway(text)
    except PathwayFaults:
        return None
