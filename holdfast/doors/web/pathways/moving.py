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
from holdfast.desk.moves import Move, ask_move, do_move, find_move
from holdfast.doors.web.pathways.movable import Preview, preview, read_plan, sure_of
from holdfast.doors.web.pathways.shown import edition_lines, name_of
from holdfast.doors.web.viewer import Seen, seen
from holdfast.pathways.editions import get_edition

DOOR = "web"


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pathway: str) -> HttpResponse:
    """GET shows what would change for each open case; POST asks for the move of those chosen and does it."""
    look = mover(request)
    plan = read_plan(pathway, request.POST if request.method == "POST" else request.GET)
    error = ""
    if request.method == "POST":
        chosen = sure_of(plan, request.POST.getlist("case"))
        error = "" if chosen.cases else _("Choose at least one case.")
        if not error:
            reason = request.POST.get("reason", "")[:2000]
            asked = ask_move(office.the_desk(), chosen, reason, look.viewer.staff, DOOR)
            done = find_move(pathway, asked.number) if asked.refusal is None else None
            if done is not None:
                return _does(request, done, look)
            error = asked.refusal.says if asked.refusal else ""
    context = {
        "shown": preview(plan, look, request.GET.get("page", "1")),
        "editions": edition_lines(pathway, look),
        "reason": request.POST.get("reason", ""),
        "errors": [{"id": "reason", "message": error}] if error else [],
    }
    return render(request, "pathways/move.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: HttpRequest, pathway: str, number: int) -> HttpResponse:
    """A move that was asked for: what is left of it, and for a second person the button that does it."""
    look = mover(request)
    found = find_move(pathway, number) if "\x00" not in pathway else None
    if found is None:
        raise Http404
    if request.method == "POST":
        return _does(request, found, look)
    mine = found.by == look.viewer.staff
    shown: Preview = preview(found.plan, look, request.GET.get("page", "1"), "" if mine else found.by)
    context: dict[str, Any] = {"move": found, "by": name_of(found.by, look), "mine": mine, "shown": shown}
    return render(request, "pathways/moved.html", {**context, "title": get_edition(found.plan.to).title})


def mover(request: HttpRequest) -> Seen:
    """The look of somebody who may move cases. Raises PermissionDenied."""
    look = seen(request)
    if not look.decides():
        raise PermissionDenied(_("Only a governance lead or an administrator may move cases to another edition."))
    return look


def _does(request: HttpRequest, found: Move, look: Seen) -> HttpResponse:
    """Case by case; what stayed is shown on the page of the move."""
    try:
        outcomes = [outcome for _case, outcome in do_move(office.the_desk(), found, look.viewer.staff, DOOR)]
    except Refused as refused:
        raise PermissionDenied(refused.refusal.says) from None
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
