"""The packet: filled in section by section, saved as often as one likes, complete or not, and sent by its own deed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.core.refusals import Refusal
from holdfast.desk.envelope import Ask
from holdfast.doors.web.casepages import packet_form as form
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.offers import SHUT, offer
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.casepages.sending import new_key, send
from holdfast.doors.web.casepages.typed import place_errors, summary
from holdfast.doors.web.casepages.versions import NAMED, unsent, versions
from holdfast.doors.web.forms.posted import wants_row


@login_required
@require_http_methods(["GET", "POST"])
def packet(request: HttpRequest, case: str) -> HttpResponse:
    """The packet's form with what is saved; a POST saves what was changed."""
    page = opened(request, case, "packet")
    if request.method == "POST":
        return _save(request, page, case)
    return render(request, "case/packet.html", _context(page))


@login_required
@require_POST
def completeness(request: HttpRequest, case: str) -> HttpResponse:
    """How complete the packet would be with what is typed; saves nothing."""
    page = opened(request, case, "")
    draft = form.read_draft(page, request.POST, _version(request))
    shown = form.completeness(page, form.as_typed(page, draft, page.seen.now))
    return render(request, "case/completeness.html", {"completeness": shown})


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _save(request: HttpRequest, page: Opened, case: str) -> HttpResponse:
    draft = form.read_draft(page, request.POST, _version(request))
    rows = any(wants_row(view_of(one, None, None, page.seen.zone), request.POST) for one in form.questions(page))
    if rows:
        draft.typed.errors.clear()
        draft.mine = set(draft.typed.posted)
        return render(request, "case/packet.html", _context(page, draft))
    refusal = None if draft.typed.errors else _hand_in(page, draft, request.POST.get("key", "") or new_key())
    if refusal is None and not draft.typed.errors:
        messages.info(request, _("Draft saved. Nothing has been sent.") if draft.mine else _("Nothing was changed."))
        return HttpResponseRedirect(page.url("packet"))
    # A part may have been saved before another was refused: show it all as it stands now, with what was typed.
    page = opened(request, case, "")
    if refusal is not None:
        draft.typed.errors |= place_errors(refusal, form.fields_by_id(page))
    return render(request, "case/packet.html", _context(page, draft, refusal), status=422)


def _hand_in(page: Opened, draft: form.Draft, key: str) -> Refusal | None:
    if draft.fields:
        # No version: each field was set beside what is saved now, and what two people changed was asked about.
        outcome = send(page, Ask("FillPacket", {}, draft.fields), key, None)
        if not outcome.accepted:
            return outcome.refusal
    for named, staff in draft.named.items():
        outcome = send(page, Ask("NameRole", {"named": named, "staff": staff}), f"{key}.{named}", None)
        if outcome.refusal is not None and outcome.refusal.code != "nothing_changed":
            says = outcome.refusal.says
            draft.typed.errors[NAMED + named] = says
            return outcome.refusal
    return None


def _context(page: Opened, draft: form.Draft | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    sent = versions(page)
    state = page.state if draft is None else form.as_typed(page, draft, page.seen.now)
    errors = {} if draft is None else draft.typed.errors
    sending = [deed for deed in page.deeds if _sends(page, deed.target) and deed.command == "TakeStep"]
    return {
        **frame(page),
        "sections": form.sections(page, draft),
        "completeness": form.completeness(page, state),
        "may_fill": any(deed.command == "FillPacket" for deed in page.deeds),
        "deeds": [
            offer(page, deed) for deed in sending if deed.allowed or (deed.refusal and deed.refusal.code == SHUT)
        ],
        "versions": sent,
        "unsent": unsent(page),
        "awaited": _awaited(page),
        "errors": summary(errors, form.fields_by_id(page), refusal),
        "key": new_key(),
        "version": page.file.number,
        "read": [offer(page, deed) for deed in page.deeds if _reads(page, deed.target) and deed.allowed],
    }


def _sends(page: Opened, step: str) -> bool:
    found = page.pathway.find_step(step)
    return found is not None and bool(found.packet)


def _reads(page: Opened, step: str) -> bool:
    """Whether the step answers for having read a packet that came later."""
    found = page.pathway.find_step(step)
    marked = {e.moment for s in page.pathway.steps if s.packet == "amend" for e in s.emits}
    spec = page.pathway.find_obligation(found.about) if found is not None and found.about else None
    return spec is not None and any(opening.moment in marked for opening in spec.opens)


def _awaited(page: Opened) -> Any:
    """When the packet is due to be sent, to this team: until then the receiver sees that it is awaited (PKT-11)."""
    sending = {e.moment for s in page.pathway.steps if s.packet for e in s.emits}
    for promise in page.state.owed():
        spec = page.pathway.find_obligation(promise.kind)
        if spec is not None and sending & set(spec.met_by):
            return promise.due
    return None
