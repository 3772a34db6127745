"""The list of pathways, one pathway with its editions, and one edition in plain words."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from holdfast.core.pathway import Pathway
from holdfast.desk.proposals import published_text
from holdfast.doors.web.pathways.marked import headings, marked
from holdfast.doors.web.pathways.shown import (
    changes,
    decided,
    edition_before,
    edition_lines,
    moves_left,
    pathway_lines,
    waiting,
)
from holdfast.doors.web.viewer import seen
from holdfast.pathways.drawing import svg
from holdfast.pathways.editions import find_edition, get_edition
from holdfast.pathways.flow import rows
from holdfast.pathways.words import in_words


@require_safe
def pathways(request: HttpRequest) -> HttpResponse:
    """Every pathway: what waits for a decision first."""
    look = seen(request)
    context = {"lines": pathway_lines(look), "waits": waiting(look), "decides": look.decides()}
    return render(request, "pathways/list.html", context)


@require_safe
def pathway(request: HttpRequest, pathway: str) -> HttpResponse:
    """One pathway: what is to be done about it, its editions, and what became of earlier proposals."""
    if "\x00" in pathway:
        raise Http404
    look = seen(request)
    editions, waits = edition_lines(pathway, look), waiting(look, pathway)
    if not editions and not waits:
        raise Http404
    context = {
        "id": pathway,
        "title": get_edition(editions[0].digest).title if editions else waits[0].title,
        "editions": editions,
        "current": editions[0] if editions else None,
        "older": sum(one.open_cases for one in editions[1:]),
        "waits": waits,
        "left": moves_left(pathway) if editions else [],
        "decided": decided(pathway, look),
        "decides": look.decides(),
        "written": bool(editions) and published_text(pathway, editions[0].digest) is not None,
    }
    return render(request, "pathways/pathway.html", context)


@require_safe
def edition(request: HttpRequest, pathway: str, digest: str) -> HttpResponse:
    """One edition as a clinician reads it, with its picture and what it changed."""
    look, one = seen(request), get_or_404(pathway, digest)
    words, before = in_words(one), edition_before(pathway, digest)
    context = {
        "pathway": one,
        "edition": next(line for line in edition_lines(pathway, look) if line.digest == digest),
        "words": marked(words),
        "contents": headings(words),
        "picture": mark_safe(svg(one)),  # noqa: S308 - drawn here, every word in it escaped
        "flow": rows(one),
        "before": before,
        "written": published_text(pathway, digest) is not None,
        "changes": changes(before, one) if before else [],
    }
    return render(request, "pathways/edition.html", context)


def get_or_404(pathway: str, digest: str) -> Pathway:
    """A published edition of that pathway. Raises Http404."""
    found = find_edition(digest) if "\x00" not in digest else None
    if found is None or found.id != pathway:
        raise Http404
    return found
