"""The person's card: who will contact them, with which number, when, and what to do if things change (PER-01)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from holdfast.core.answers import instant_of
from holdfast.core.parties import Staff
from holdfast.doors.web.casepages.accountable import lead_of
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.opened import Opened, opened

#: The step by which pathways record that the card was given.
GIVE = "give-card"


@login_required
@require_GET
def card(request: HttpRequest, case: str) -> HttpResponse:
    """The card for printing, in the words of the pathway."""
    page = opened(request, case, "card")
    words = {id.replace("-", "_"): _(text) for id, text in page.pathway.card.items()}
    holder = page.seen.directory.staff.get(page.state.holder)
    context = {
        "words": words,
        "lead": _lead(page),
        "who": page.naming.staff(page.state.holder),
        "team": _team(page, holder),
        "number": _number(page, holder),
        "night": holder.night if holder else "",
        "agreed": _agreed(page),
        "by": _by(page),
        "appointments": _appointments(page),
        "give": _gives(page),
        "place": _zone(page, holder),
    }
    return render(request, "case/card.html", {**frame(page), **context})


def _lead(page: Opened) -> str:
    """The plan holder, where that is another than whoever will call."""
    lead = lead_of(page)
    return lead.name if lead is not None and lead.staff != page.state.holder else ""


def _team(page: Opened, holder: Staff | None) -> str:
    teams = [t for t in page.state.parties.values() if holder and page.seen.directory.in_team(holder.id, t)]
    return page.naming.team(teams[0]) if teams else ""


def _number(page: Opened, holder: Staff | None) -> str:
    """The number that will show: the person's own by day, else their team's."""
    if holder is not None and holder.day:
        return holder.day
    teams = [page.seen.directory.teams.get(team) for team in page.state.parties.values()]
    return next(
        (t.phone for t in teams if t and holder and page.seen.directory.in_team(holder.id, t.id) and t.phone), ""
    )


def _zone(page: Opened, holder: Staff | None) -> str:
    """The zone of the team that will call: near enough to the person's own."""
    for id in page.state.parties.values():
        team = page.seen.directory.teams.get(id)
        if team is not None and holder is not None and page.seen.directory.in_team(holder.id, id):
            return team.calendar.zone
    return page.seen.zone


def _agreed(page: Opened) -> datetime | None:
    """The time that was stated when responsibility was taken on, while it lies ahead."""
    for step in page.pathway.steps:
        if step.moves_to and step.id in _steps_taken(page):
            for field in step.records:
                answer = page.state.step_answers.get(field.id)
                at = instant_of(answer.value) if answer is not None and field.kind == "instant" else None
                if at is not None and at >= page.seen.now:
                    return at
    return None


def _steps_taken(page: Opened) -> set[str]:
    return {getattr(event, "step", "") for one in page.record for event in one.events}


def _by(page: Opened) -> datetime | None:
    """The latest moment by which they will be contacted: the next promise that a contact meets."""
    last = list(page.pathway.states.values())[-1:]
    marked = {e.moment for s in page.pathway.steps for e in s.emits if any(x.moment in last for x in s.emits)}
    ahead = [p.due for p in page.state.owed() if marked & _met_by(page, p.kind) and p.due > page.seen.now]
    return min(ahead, default=None)


def _met_by(page: Opened, kind: str) -> set[str]:
    spec = page.pathway.find_obligation(kind)
    return set(spec.met_by) if spec else set()


def _appointments(page: Opened) -> list[datetime]:
    """Booked times that lie ahead: promises whose clock runs from a time that was recorded in a step."""
    found: list[datetime] = []
    for promise in page.state.owed():
        spec = page.pathway.find_obligation(promise.kind)
        at = promise.counts_from
        if spec is not None and spec.due.fact.startswith("answer.") and at is not None and at > page.seen.now:
            found.append(at)
    return sorted(found)


def _gives(page: Opened) -> str:
    """Where it is recorded that the person has the card, if that can be done now."""
    found = [deed for deed in page.deeds if deed.command == "TakeStep" and deed.target == GIVE and deed.allowed]
    return page.deed_url("TakeStep", GIVE) if found else ""
