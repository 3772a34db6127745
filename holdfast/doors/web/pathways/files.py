"""What can be taken away of an edition: the file, its picture, and its FHIR R4 definitions."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.core.pathway import Pathway
from holdfast.desk.proposals import published_text
from holdfast.doors.web.pathways.pages import get_or_404
from holdfast.doors.web.viewer import seen
from holdfast.pathways.drawing import svg
from holdfast.pathways.editions import canonical_of
from holdfast.pathways.fhir.plan import plan
from holdfast.pathways.fhir.questionnaire import questionnaire


def _text(pathway: Pathway) -> str:
    written = published_text(pathway.id, pathway.digest)
    if written is None:
        raise Http404
    return written


def _json(make: Callable[[Pathway], object]) -> Callable[[Pathway], str]:
    return lambda pathway: json.dumps(make(pathway), indent=2, ensure_ascii=False)


_FILES: dict[str, tuple[str, Callable[[Pathway], str]]] = {
    "pathway.yaml": ("application/yaml; charset=utf-8", _text),
    "canonical.json": ("application/json", lambda pathway: canonical_of(pathway.digest).decode()),
    "picture.svg": ("image/svg+xml", svg),
    "questionnaire.json": ("application/fhir+json", _json(questionnaire)),
    "plan-definition.json": ("application/fhir+json", _json(plan)),
}


@require_safe
def file(request: HttpRequest, pathway: str, digest: str, name: str) -> HttpResponse:
    """One of ``_FILES``; the picture opens, the others are saved under a name that says what they are."""
    seen(request)
    if name not in _FILES:
        raise Http404
    kind, make = _FILES[name]
    one = get_or_404(pathway, digest)
    response = HttpResponse(make(one), content_type=kind)
    how = "inline" if name == "picture.svg" else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{one.id}-{digest[:12]}-{name}"'
    return response
