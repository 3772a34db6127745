"""Which questions a form asks: none that the packet has settled already, and on the page none that its answers do not call for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from holdfast.core.answers import BLANK, Answer, Problem, RawAnswer, read_answer
from holdfast.core.conditions import ALWAYS, NEVER, Condition, facts_read, holds
from holdfast.core.facts import facts_of
from holdfast.core.pathway import Field
from holdfast.doors.web.casepages import deed_form as f
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.typed import Typed, read_form


@login_required
@require_POST
def asked(request: HttpRequest, case: str, command: str, target: str) -> JsonResponse:
    """``{"idle": ["check.done"]}``: the groups of the form, by their first question, that these answers do not call for. Saves nothing."""
    page = opened(request, case, "")
    form = f.find_form(page, command, target, request.GET.get("about", ""))
    if form is None:
        raise Http404
    facts = facts_with(page, form, read_form(form.questions(), request.POST, page.seen.zone, form.options))
    groups = f.groups(page.pathway, unsettled(page, form.fields), page.naming.phrases.condition)
    return JsonResponse({"idle": [group["fields"][0].id for group in groups if is_idle(group["needed"], facts)]})


def unsettled(page: Opened, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Without those for which the packet has no occasion: nobody says what they understood of an attempt that there was not.

    Those for which it has one are simply needed."""
    facts = facts_of(page.state, page.pathway, page.seen.directory)
    found = []
    for one in fields:
        asks = list(facts_read(one.needed))
        settled = bool(asks) and all(page.pathway.find_field(id) for id in asks)
        if not settled:
            found.append(one)
        elif holds(one.needed, facts):
            found.append(replace(one, needed=ALWAYS))
    return tuple(found)


def asked_url(page: Opened, form: f.DeedForm) -> str:
    """Where the page asks; "" for a form that has no question which depends on another."""
    if all(one.needed in (ALWAYS, NEVER) for one in unsettled(page, form.fields)):
        return ""
    url = page.url("deed-asked", command=form.deed.command, target=form.deed.target)
    return f"{url}?{urlencode({'about': form.deed.about})}" if form.deed.about else url


def facts_with(page: Opened, form: f.DeedForm, typed: Typed) -> Any:
    """The facts as they would be with what was typed, as the core would judge it; what an earlier form said is no answer here."""
    given = {}
    for one in form.fields:
        reading = read_answer(one, typed.answers.get(one.id, RawAnswer(BLANK)))
        given[one.id] = Answer(BLANK) if isinstance(reading, Problem) else Answer(reading.how, reading.value)
    return facts_of(page.state, page.pathway, page.seen.directory, given)


def is_needed(one: Field, facts: Any) -> bool:
    return one.needed == ALWAYS or holds(one.needed, facts)


def is_idle(needed: Condition, facts: Any) -> bool:
    """What may always stay blank is never put away: somebody may want to write it."""
    return needed not in (ALWAYS, NEVER) and not holds(needed, facts)
