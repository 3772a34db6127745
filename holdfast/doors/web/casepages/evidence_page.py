"""The evidence of a case: the page, the same as PDF, the signed file, and who was accountable at a given time (AUD-01, OWN-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from holdfast.assurance.evidence import evidence_for
from holdfast.assurance.page import page_of
from holdfast.assurance.pdf import render_pdf
from holdfast.assurance.signed import disclosable, signed_file
from holdfast.core.pathway import Field
from holdfast.core.phrases import spaced
from holdfast.desk import office
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.questions import read_instant, view_of
from holdfast.doors.web.casepages.typed import Typed, filled, read_form
from holdfast.worklists.casefile import who_held

AT = Field("at", "instant", "When")


@dataclass(frozen=True, slots=True)
class Held:
    """The answer to "who was accountable then": ``who`` is "" when nobody was."""

    asked: datetime
    who: str
    since: datetime | None = None
    until: datetime | None = None
    why: str = ""
    entry: int = 0


@login_required
@require_GET
def evidence(request: HttpRequest, case: str) -> HttpResponse:
    """The page of evidence, with the answer to a question about who was accountable when one is asked."""
    page = opened(request, case, "evidence")
    typed, held = _held(page, request)
    desk = office.the_desk()
    context = {
        "evidence": page_of(evidence_for(page.stream, desk.vault, page.seen.directory, page.seen.now)),
        "at": filled(view_of(Field(AT.id, AT.kind, _("When")), None, None, page.seen.zone), typed),
        "held": held,
        "errors": [{"id": id, "message": says} for id, says in typed.errors.items()],
        "disclosable": [{"id": id, "label": _label(page, id)} for id in disclosable(page.stream, desk.vault)],
    }
    return render(request, "case/evidence.html", {**frame(page), **context})


def _label(page: Opened, id: str) -> str:
    field = page.naming.field(id)
    return field.ask if field else spaced(id).capitalize()


def _held(page: Opened, request: HttpRequest) -> tuple[Typed, Held | None]:
    if f"{AT.id}:date" not in request.GET:
        return Typed(), None
    typed = read_form([AT], request.GET, page.seen.zone)
    at = read_instant(str(typed.posted[AT.id].value or ""), page.seen.zone)
    if isinstance(at, str):
        typed.errors[AT.id] = at
        return typed, None
    row = who_held(page.stream, at)
    if row is None:
        return typed, Held(at, "")
    return typed, Held(at, page.naming.staff_at(row.holder), row.since, row.until, row.why, row.entry)


@login_required
@require_GET
def evidence_pdf(request: HttpRequest, case: str) -> HttpResponse:
    """The page of evidence as PDF."""
    page = opened(request, case, "evidence-file")
    made = evidence_for(page.stream, office.the_desk().vault, page.seen.directory, page.seen.now)
    return _file(render_pdf(made), "application/pdf", "evidence.pdf")


@login_required
@require_POST
def evidence_file(request: HttpRequest, case: str) -> HttpResponse:
    """The signed file with the chosen values in it, and no others; by POST, so that no address tells what they were."""
    page = opened(request, case, "evidence-file")
    chosen = {str(id) for id in request.POST.getlist("disclose")}
    text = signed_file(page.stream, office.the_desk().vault, page.seen.now, chosen)
    return _file(text.encode(), "application/json", "evidence.json")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
