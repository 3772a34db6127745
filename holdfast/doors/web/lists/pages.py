"""The list of cases and the search by a person's exact number."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from holdfast.desk import office
from holdfast.doors.web.lists.keyset import PAGE, mark_of
from holdfast.doors.web.lists.listed import choices, lines, page_of, read_filters
from holdfast.doors.web.lists.numbers import kinds, read_number
from holdfast.doors.web.viewer import seen
from holdfast.worklists.viewing import cases_for


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of my teams, newest first."""
    look, filters = seen(request), read_filters(request.GET)
    shown, more = page_of(look, filters, request.GET.get("after", ""))
    kept = {"status": filters.status, "tier": filters.tier, "stage": filters.stage}
    context = {
        "lines": lines(shown, look),
        "choices": choices(look, filters),
        "kinds": kinds(),
        "next": urlencode({**kept, "after": mark_of(shown[-1])}) if more else "",
        "first": urlencode(kept) if request.GET.get("after") else "",
        "may_open": bool(look.teams()),
    }
    return render(request, "lists/cases.html", context)


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Cases by an exact number. It changes nothing and is posted all the same: a number has no place in an address."""
    look, number = seen(request), read_number(request.POST)
    person = office.the_desk().vault.find_person([number.pair]) if number is not None else None
    mine = cases_for(look.viewer, look.directory).order_by("-opened_at")
    context = {
        "lines": lines(list(mine.filter(subject=person)[:PAGE]) if person else [], look),
        "kinds": kinds(),
        "asked": number,
        "may_open": bool(look.teams()),
    }
    return render(request, "lists/found.html", context)
