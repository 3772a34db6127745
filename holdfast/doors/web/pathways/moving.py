"""The pages on which open cases are moved to another edition: what changes for each, then the move, then the second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from holdfast.core.work import Refused
from holdfast.desk import office
from holdfast.desk.moves import LIST_CHANGED, Move, ask_move, digest_of, do_move, find_move
from holdfast.doors.web.pathways.movable import preview, preview_to_sign, read_plan, sure_of
from holdfast.doors.web.pathways.shown import edition_lines, name_of
from holdfast.doors.web.viewer import Seen, seen
from holdfast.pathways.editions import get_edition

DOOR = "web"


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pathway: str) -> HttpResponse:
    """GET shows what would change for each open case; POST asks for the move of those chosen and does it."""
    look = mover(request)
    sent = request.POST if request.method == "POST" else request.GET
    plan, error = read_plan(pathway, sent), ""
    shown = preview(plan, look, sent.get("page", "1"))
    if request.method == "POST":
        chosen = sure_of(plan, request.POST.getlist("case"), shown)
        error = "" if chosen.cases else _("Choose at least one case.")
        if request.POST.get("agreed") != shown.agreed:
            error = LIST_CHANGED
        if not error:
            reason = request.POST.get("reason", "")[:2000]
            asked = ask_move(office.the_desk(), chosen, reason, look.viewer.staff, DOOR)
            done = find_move(pathway, asked.number) if asked.refusal is None else None
            error = asked.refusal.says if asked.refusal else ""
            if done is not None:
                agreed = digest_of(one.shown for one in shown.cases if one.case in chosen.cases)
                try:
                    return _does(request, done, look, agreed)
                except Refused as refused:
                    error = refused.refusal.says
    context = {
        "shown": shown,
        "editions": edition_lines(pathway, look),
        "reason": request.POST.get("reason", ""),
        "errors": [{"id": "reason", "message": error}] if error else [],
    }
    return render(request, "pathways/move.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: HttpRequest, pathway: str, number: int) -> HttpResponse:
    """A move that was asked for: what is left of it, and for a second person the button that does it, bound to the list they saw."""
    look = mover(request)
    found = find_move(pathway, number) if "\x00" not in pathway else None
    if found is None:
        raise Http404
    mine, page = found.by == look.viewer.staff, request.GET.get("page", "1")
    error = ""
    if request.method == "POST":
        try:
            return _does(request, found, look, "" if mine else request.POST.get("agreed", ""))
        except Refused as refused:
            if refused.refusal.code != "list_changed":
                raise PermissionDenied(refused.refusal.says) from None
            error = refused.refusal.says
    shown = preview(found.plan, look, page) if mine else preview_to_sign(found.plan, look, page, found.by)
    context: dict[str, Any] = {"move": found, "by": name_of(found.by, look), "mine": mine, "shown": shown}
    context["errors"] = [{"id": "list", "message": error}] if error else []
    title = get_edition(found.plan.to).title
    return render(request, "pathways/moved.html", {**context, "title": title}, status=409 if error else 200)


def mover(request: HttpRequest) -> Seen:
    """The look of somebody who may move cases. Raises PermissionDenied."""
    look = seen(request)
    if not look.decides():
        raise PermissionDenied(_("Only a governance lead or an administrator may move cases to another edition."))
    return look


def _does(request: HttpRequest, found: Move, look: Seen, agreed: str) -> HttpResponse:
    """Case by case; what stayed is shown on the page of the move. Raises Refused where the list is not the one that was shown."""
    outcomes = [outcome for _case, outcome in do_move(office.the_desk(), found, look.viewer.staff, DOOR, agreed)]
    done = sum(outcome.refusal is None for outcome in outcomes)
    stays = len(outcomes) - done
    says = [ngettext("%(n)d case moved.", "%(n)d cases moved.", done) % {"n": done}]
    says += (
        [ngettext("%(n)d stays on its edition.", "%(n)d stay on their edition.", stays) % {"n": stays}] if stays else []
    )
    notes.success(request, " ".join(says)) if not stays else notes.warning(request, " ".join(says))
    return (
        redirect("pathway-moved", found.plan.pathway, found.number)
        if stays
        else redirect("pathway", found.plan.pathway)
    )
