"""One deed: its form on GET, done on POST; refused, it says why and keeps what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.answers import RawAnswer
from holdfast.core.pathway import Field
from holdfast.core.refusals import Refusal
from holdfast.desk.envelope import Ask, Outcome
from holdfast.doors.web.casepages import deed_form as f
from holdfast.doors.web.casepages.asking import asked_url, facts_with, is_idle, is_needed, unsettled
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.offers import refusal_words
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.questions import read_instant, view_of
from holdfast.doors.web.casepages.sending import STALE, changes_since, new_key, send
from holdfast.doors.web.casepages.timeline import timeline_of
from holdfast.doors.web.casepages.typed import Typed, filled, place_errors, read_form, summary
from holdfast.doors.web.forms.fields import FieldView
from holdfast.doors.web.forms.posted import wants_row


@dataclass
class Attempt:
    """One try at the deed: what was typed, and why it did not happen."""

    typed: Typed = field(default_factory=Typed)
    refusal: Refusal | None = None
    changed: list[dict[str, Any]] = field(default_factory=list)
    occurred: datetime | None = None


@login_required
@require_http_methods(["GET", "POST"])
def deed(request: HttpRequest, case: str, command: str, target: str) -> HttpResponse:
    """The form of a deed of this case; 404 for a deed that the case does not have."""
    page = opened(request, case)
    about = request.GET.get("about", "")
    form = f.find_form(page, command, target, about)
    if request.method == "POST":
        return _do(request, page, form, case, command, target)
    if form is None:
        raise Http404
    return render(request, "case/deed.html", _context(page, form, Attempt()))


def _do(
    request: HttpRequest, page: Opened, form: f.DeedForm | None, case: str, command: str, target: str
) -> HttpResponse:
    if form is None:
        # The same form sent twice: the first time may have settled what it was about. The case tells.
        messages.info(request, _("This has been settled already. The case shows how it stands now."))
        return HttpResponseRedirect(page.url("case"))
    attempt = _read(page, form, request)
    if not any(wants_row(view_of(q, None, None, page.seen.zone), request.POST) for q in form.fields):
        outcome = None if attempt.typed.errors else _hand_in(page, form, attempt, request)
        if outcome is not None and outcome.accepted:
            return _done(request, page, form)
        if outcome is not None:
            page = opened(request, case, "")
            form = f.find_form(page, command, target, request.GET.get("about", "")) or form
            _explain(page, form, attempt, outcome, request)
    return render(request, "case/deed.html", _context(page, form, attempt), status=422)


def _read(page: Opened, form: f.DeedForm, request: HttpRequest) -> Attempt:
    when = _when(form)
    attempt = Attempt(read_form((*form.questions(), *when), request.POST, page.seen.zone, form.options))
    typed = attempt.typed.posted.get(f.WHEN)
    if typed is not None and typed.kind == "given":
        instant = read_instant(str(typed.value), page.seen.zone)
        attempt.occurred = instant if isinstance(instant, datetime) else None
    for one in form.inputs:
        if attempt.typed.posted[one.id].kind == "blank":
            attempt.typed.errors[one.id] = _("Choose one person.")
    for one in form.texts:
        if attempt.typed.posted[one.id].kind == "blank":
            attempt.typed.errors[one.id] = _("Say why, in a sentence.")
    return attempt


def _when(form: f.DeedForm) -> tuple[Field, ...]:
    """When it happened, if not now, and why it is written up late if it is."""
    if not form.timed:
        return ()
    hint = _("Leave it blank if it happens now.")
    late = _("Needed only when it happened long ago.")
    return (
        Field(f.WHEN, "instant", _("When it happened"), hint),
        Field(f.LATE, "text", _("Why it is written up only now"), late),
    )


def _hand_in(page: Opened, form: f.DeedForm, attempt: Attempt, request: HttpRequest) -> Outcome:
    answers = {one.id: attempt.typed.answers[one.id] for one in form.fields}
    values = {**form.values, **{one.id: str(attempt.typed.posted[one.id].value) for one in form.inputs}}
    texts = {one.id: _text(attempt.typed.answers[one.id]) for one in form.texts}
    if form.timed and (late := _text(attempt.typed.answers[f.LATE])):
        texts[f.LATE] = late
    ask = Ask(form.deed.command, values, answers if form.fields else {}, texts)
    version = request.POST.get("version", "")
    key = request.POST.get("key", "") or new_key()
    return send(page, ask, key, int(version) if version.isdecimal() else None, attempt.occurred)


def _text(answer: RawAnswer) -> str:
    return str(answer.value) if answer.how == "given" else ""


def _explain(page: Opened, form: f.DeedForm, attempt: Attempt, outcome: Outcome, request: HttpRequest) -> None:
    attempt.refusal = outcome.refusal
    if outcome.refusal is None:
        return
    fields = {one.id: one for one in (*form.questions(), *_when(form))}
    attempt.typed.errors |= place_errors(outcome.refusal, fields)
    if outcome.refusal.code == STALE:
        seen = request.POST.get("version", "0")
        attempt.changed = timeline_of(changes_since(page, int(seen) if seen.isdecimal() else 0), page.naming)


def _done(request: HttpRequest, page: Opened, form: f.DeedForm) -> HttpResponse:
    """Say what was recorded, and never more than that: what it led to stands on the case (HZ-13)."""
    messages.info(request, _("Recorded: %(what)s") % {"what": form.deed.title})
    return HttpResponseRedirect(page.url("case"))


def _context(page: Opened, form: f.DeedForm, attempt: Attempt) -> dict[str, Any]:
    when = _when(form)
    fields = {one.id: one for one in (*form.questions(), *when)}
    facts = facts_with(page, form, attempt.typed)

    def view(one: Field, required: bool) -> FieldView:
        shown = view_of(one, None, page.file, page.seen.zone, form.options.get(one.id, ()), required)
        return filled(shown, attempt.typed)

    gate = attempt.refusal if attempt.refusal is not None and attempt.refusal.code != STALE else form.deed.refusal
    timed = [view(one, False) for one in when]
    return {
        **frame(page),
        "form": form,
        "refused": refusal_words(page, gate) if gate is not None and not _only_fields(gate, fields) else None,
        "instead": form.deed.refusal.instead if form.deed.refusal else (),
        "asked_url": asked_url(page, form),
        "ask_url": page.deed_url("AskOverride", form.deed.target),
        "inputs": [_proposed(view(one, True), page, form) for one in form.inputs],
        "groups": [
            {
                "id": g["fields"][0].id,
                "when": g["when"],
                "idle": is_idle(g["needed"], facts),
                "fields": [view(one, is_needed(one, facts)) for one in g["fields"]],
            }
            for g in f.groups(page.pathway, unsettled(page, form.fields), page.naming.phrases.condition)
        ],
        "texts": [view(one, True) for one in form.texts],
        "timed": timed,
        "timed_open": any(one.value or one.error for one in timed),
        "errors": summary(attempt.typed.errors, fields, attempt.refusal),
        "changed": attempt.changed,
        "key": new_key(),
        "version": page.file.number,
    }


def _proposed(view: FieldView, page: Opened, form: f.DeedForm) -> FieldView:
    """Whoever was called is offered as the one who does it from now on."""
    called = form.deed.command == "MoveOwner" and page.state.promises[form.deed.target].rung > 0
    if called and view.value is None and any(option.value == page.actor for option in view.options):
        return replace(view, value=page.actor)
    return view


def _only_fields(refusal: Refusal, fields: dict[str, Field]) -> bool:
    return bool(refusal.missing) and all(missing.what in fields for missing in refusal.missing)
