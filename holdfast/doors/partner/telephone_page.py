"""The pages of an answer by telephone: whom they speak for and what they answer, then the same form as on the link (BEY-13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from holdfast.core.access import Viewer
from holdfast.core.pathway import Field
from holdfast.core.refusals import Refusal
from holdfast.core.sharing import may_share
from holdfast.core.telephone import teams_to_answer
from holdfast.desk.envelope import Ask
from holdfast.doors.partner.answering import WHO, Answering, read_answer
from holdfast.doors.partner.room import Room, party_of
from holdfast.doors.partner.sent_packet import sent_packet
from holdfast.doors.partner.telephone import MOST_PIN, Said, take_down
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.sending import new_key
from holdfast.doors.web.casepages.typed import place_errors, summary

PIN, READ_BACK = "pin", "read_back"


@login_required
@require_GET
def telephone(request: HttpRequest, case: str) -> HttpResponse:
    """Which team answers, and what. 404 for those who may not write it down."""
    page = opened(request, case)
    rooms = _rooms(page)
    if not rooms:
        raise Http404
    offered = [{"team": room.team, "deeds": room.offered()} for room in rooms]
    return render(request, "partner/telephone.html", {**frame(page), "offered": offered})


@login_required
@require_http_methods(["GET", "POST"])
def telephone_answer(request: HttpRequest, case: str, team: str, step: str) -> HttpResponse:
    """The form of one answer: who speaks, what they say, that it was read back, and their team's PIN."""
    page = opened(request, case)
    room = next((one for one in _rooms(page) if one.team.id == team), None)
    found = room.find_step(step) if room is not None else None
    if room is None or found is None:
        raise Http404
    form = Answering(room, found)
    if request.method == "POST":
        form = read_answer(room, found, request.POST)
        if WHO in form.typed.errors:
            form.typed.errors[WHO] = _("Choose who of the team is speaking.")
        form.typed.errors |= _unproved(request)
        refusal = _hand_in(form, page, request) if not form.typed.errors else None
        if refusal is not None:
            form.refusal = refusal
            form.typed.errors |= place_errors(refusal, _questions(form))
        elif not form.typed.errors:
            messages.info(request, _("Recorded: %(what)s") % {"what": found.title})
            return HttpResponseRedirect(page.url("case"), status=303)
    form.who_asked = _("Who is speaking")
    context: dict[str, Any] = {
        "form": form,
        "team": room.team,
        "possible": any(deed.target == found.id for deed in room.offered()),
        "read": sent_packet(room.page).version,
        "key": request.POST.get("key", "")[:100] or new_key(),
        "confirmed": request.POST.get(READ_BACK) == "yes",
        "most": MOST_PIN,
        "errors": summary(form.typed.errors, _questions(form), form.refusal),
        "wrong": form.typed.errors,
        "asks": _questions(form),
    }
    return render(request, "partner/telephone_answer.html", {**frame(page), **context})


def _rooms(page: Opened) -> list[Room]:
    """What each team would see: nothing is offered to it as it would be to the one who writes."""
    state, pathway, directory = page.state, page.pathway, page.seen.directory
    if not may_share(state, pathway, directory):
        return []
    theirs = replace(page, seen=replace(page.seen, viewer=Viewer("")))
    teams = teams_to_answer(state, pathway, directory, page.actor)
    return [Room(theirs, team, party) for team in teams if (party := party_of(state, team.id))]


def _unproved(request: HttpRequest) -> dict[str, str]:
    errors = {}
    if request.POST.get(READ_BACK) != "yes":
        errors[READ_BACK] = _("Read it back to them, and say that they confirmed.")
    if not request.POST.get(PIN, "").strip():
        errors[PIN] = _("Ask them for their team's PIN.")
    return errors


def _questions(form: Answering) -> dict[str, Field]:
    """What the form asks, by id: the two last questions are no fields of the step."""
    last = (
        Field(READ_BACK, "flag", _("I read it all back to them, and they confirmed")),
        Field(PIN, "text", _("Their team's PIN, as they read it out")),
    )
    return {one.id: one for one in (*form.questions, *last)}


def _hand_in(form: Answering, page: Opened, request: HttpRequest) -> Refusal | None:
    posted = request.POST
    if posted.get("read", "") != str(sent_packet(page).version):
        return Refusal(
            "changed", _("The packet was changed after you opened this page. Tell them what changed, then ask again.")
        )
    answers = {one.id: form.typed.answers[one.id] for one in form.step.records}
    asked = {"team": form.room.team.id} if page.state.open_offers() else {}
    ask = Ask("TakeStep", {"step": form.step.id, **asked}, answers)
    key = posted.get("key", "")[:100] or new_key()
    said = Said(form.room.team.id, form.who, posted.get(PIN, ""), ask, True, key, page.file.number)
    return take_down(page.file, page.seen.directory, page.actor, said, page.seen.now).refusal
