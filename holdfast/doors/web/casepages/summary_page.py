"""The packet on one page, as it was sent, what to act on first (PKT-08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from holdfast.core.answers import Answer
from holdfast.core.pathway import Field
from holdfast.doors.web.casepages.accountable import accountable, named_roles
from holdfast.doors.web.casepages.acuity import acuity
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.choices import options_for
from holdfast.doors.web.casepages.first_page import asked_of, risk_items, since_last
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.packet_form import prefill_note
from holdfast.doors.web.casepages.questions import view_of
from holdfast.doors.web.casepages.versions import Version, standing, unsent, versions
from holdfast.doors.web.forms.fields import FieldView


@login_required
@require_GET
def summary(request: HttpRequest, case: str) -> HttpResponse:
    """The latest version sent, or the one asked for; a draft says that it is one."""
    page = opened(request, case, "packet")
    sent = versions(page)
    version = _chosen(sent, request.GET.get("version", ""))
    answers = standing(page, version.entry if version else None)
    success = [one for one in page.pathway.packet_fields() if one.id in page.pathway.success.values()]
    until = [standing(page, one.entry) for one in sent[::-1] if version is not None and one.number <= version.number]
    context = {
        "version": version,
        "unsent": unsent(page) if version and version is sent[0] else (),
        "changes": since_last(page, until),
        "success": _views(page, success, answers),
        "first": _views(page, asked_of(page, risk_items(page.pathway), answers), answers, all_of_them=True),
        "sections": _rest(page, answers),
        "roles": named_roles(page),
        "accountable": accountable(page),
        "acuity": acuity(page),
    }
    return render(request, "case/summary.html", {**frame(page), **context})


def _chosen(sent: list[Version], asked: str) -> Version | None:
    if not asked:
        return sent[0] if sent else None
    found = next((one for one in sent if str(one.number) == asked), None)
    if found is None:
        raise Http404
    return found


def _rest(page: Opened, answers: dict[str, Answer]) -> list[dict[str, Any]]:
    on_top = {one.id for one in risk_items(page.pathway)} | set(page.pathway.success.values())
    found = []
    for section in page.pathway.packet:
        fields = [one for one in section.fields if one.summary and one.id not in on_top]
        views = _views(page, fields, answers)
        if views:
            found.append({"title": section.title, "fields": views})
    return found


def _views(
    page: Opened, fields: Iterable[Field], answers: dict[str, Answer], all_of_them: bool = False
) -> list[FieldView]:
    """What was answered, of a risk also what nobody answered; erased values say so."""
    views = []
    for one in fields:
        answer = answers.get(one.id)
        if answer is None or answer.how == "blank":
            if all_of_them:
                views.append(view_of(one, None, page.file, page.seen.zone))
            continue
        shown = view_of(one, answer, page.file, page.seen.zone, options_for(page, one))
        note = prefill_note(page, answer)
        erased = page.file.erased(answer) or page.file.damaged(answer)
        views.append(_with(shown, note, page.naming.said(one, answer) if erased else ""))
    return views


def _with(view: FieldView, note: str, instead: str) -> FieldView:
    view = replace(view, prefill_note=note)
    return replace(view, kind="text", value=instead) if instead else view
