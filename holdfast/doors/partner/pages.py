"""The pages of a visit: the packet with the answer to give, the form of one answer, and the way out."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdfast.desk.showing import note_shown
from holdfast.doors.partner import visits
from holdfast.doors.partner.answering import Answering, explain, put_answer, read_answer
from holdfast.doors.partner.exchange import exchange
from holdfast.doors.partner.models import Visit
from holdfast.doors.partner.quiet import quiet
from holdfast.doors.partner.room import Room, open_room, taken_by
from holdfast.doors.partner.sent_packet import first_page, sections, sent_packet
from holdfast.doors.partner.standing import standing
from holdfast.doors.web.casepages.accountable import (
    accountable,
    emergency_contact,
    emergency_number,
    named_roles,
    teams,
)
from holdfast.doors.web.casepages.case_page import person_line
from holdfast.doors.web.casepages.clocks import clock_of
from holdfast.doors.web.casepages.everybody import further


@quiet
@require_GET
def visit(request: HttpRequest) -> HttpResponse:
    """The packet on one page, then the answer."""
    found = _arrive(request)
    if found is None:
        return _shut(request)
    room, came = found
    page, sent = room.page, sent_packet(room.page)
    offered = room.offered()
    main = next((deed for deed in offered if (step := room.find_step(deed.target)) and step.moves_to), None)
    form = _form(request, room, came, main.target) if main else None
    context = {
        **first_page(page, sent),
        "rest": sections(page, sent),
        "form": form,
        "others": [deed for deed in offered if deed is not main],
        "owed": [clock_of(page, promise) for promise in room.owed()],
        "accountable": accountable(page),
        "roles": named_roles(page),
        "teams": teams(page),
        "further": further(page.file, room.directory, sent.answers),
        "said": exchange(room),
        "standing": standing(room),
    }
    return render(request, "partner/visit.html", _frame(room, came) | context)


@quiet
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, step: str) -> HttpResponse:
    """The form of one answer on GET; given on POST, once for each form. 404 for a step that no link may take."""
    found = _arrive(request)
    if found is None:
        return _shut(request)
    room, came = found
    form = _form(request, room, came, step)
    if request.method == "POST":
        form = read_answer(room, form.step, request.POST)
        outcome = None
        if not form.typed.errors:
            outcome = put_answer(form, came, request.POST, room.page.seen.now)
            if outcome is None:
                return _shut(request)
            if outcome.accepted:
                response = HttpResponseRedirect(reverse("link-visit"), status=303)
                visits.remember_who(response, came, form.who)
                return response
        if outcome is not None and outcome.refusal is not None:
            explain(form, outcome.refusal)
            form.room = open_room(came, room.page.seen.now) or room
    possible = any(deed.target == form.step.id for deed in form.room.offered())
    context = {"form": form, "possible": possible, "sent": sent_packet(form.room.page)}
    return render(request, "partner/answer.html", _frame(form.room, came) | context)


@quiet
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The visit is over: the next person at this screen sees nothing."""
    came = visits.find(request, visits.now())
    response = render(request, "partner/shut.html", {"left": True})
    if came is not None:
        visits.end(came, response)
    return response


def _shut(request: HttpRequest) -> HttpResponse:
    """Nothing to see; to a team that proved itself and was not the first to accept it says who was (BEY-15)."""
    came = visits.find(request, visits.now())
    return render(request, "partner/shut.html", {"taken": taken_by(came) if came is not None else ""})


def _arrive(request: HttpRequest) -> tuple[Room, Visit] | None:
    now = visits.now()
    came = visits.find(request, now)
    room = open_room(came, now) if came is not None else None
    if room is not None:
        page = room.page
        note_shown(page.state, page.pathway, room.directory, f"team:{room.team.id}", "packet", visits.CHANNEL, now)
    return (room, came) if room is not None and came is not None else None


def _form(request: HttpRequest, room: Room, came: Visit, step: str) -> Answering:
    found = room.find_step(step)
    if found is None:
        raise Http404
    who = visits.who_was(request, came)
    return Answering(room, found, who if room.directory.in_team(who, room.team.id) else "")


def _frame(room: Room, came: Visit) -> dict[str, Any]:
    page = room.page
    return {
        "room": room,
        "page": page,
        "person": person_line(page),
        "zone": page.seen.zone,
        "now": page.seen.now,
        "ends": came.ends_at,
        "tier": page.naming.tier(page.state.tier),
        "emergency": page.pathway.emergency,
        "emergency_number": emergency_number(page),
        "emergency_contact": emergency_contact(page),
    }
