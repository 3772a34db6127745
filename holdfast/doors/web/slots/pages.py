"""The page of a team's slots, on which its people hold more and take away what is free."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.access import concerned_places
from holdfast.core.capacity import HoldSlots, PoolCommand, ReleaseSlot
from holdfast.core.pools import pool_of
from holdfast.desk import office
from holdfast.desk.pools import handle_pool
from holdfast.doors.web.casepages.questions import read_instant
from holdfast.doors.web.slots.shown import kinds_for, pools_for
from holdfast.doors.web.viewer import seen

DOOR = "web"
#: So many weeks can be held in one go.
MOST_WEEKS = 12


@require_http_methods(["GET", "HEAD", "POST"])
def team_slots(request: HttpRequest, team: str) -> HttpResponse:
    """What the team holds, what is taken, who waits; and a form to hold more."""
    look = seen(request)
    if team not in look.directory.teams or team not in concerned_places(look.viewer, look.directory):
        raise Http404
    zone = look.directory.teams[team].calendar.zone
    fault = _done(team, look.viewer.staff, request.POST, zone) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        notes.info(request, _("Done. Whoever waits is offered what is free."))
        return redirect("team-slots", team=team)
    context = {
        "team": look.directory.teams[team],
        "team_zone": zone,
        "pools": pools_for(look, team),
        "kinds": kinds_for(team),
        "typed": request.POST,
        "errors": [{"id": "kind", "message": fault}] if fault else [],
    }
    return render(request, "slots/team.html", context, status=422 if fault else 200)


def _done(team: str, actor: str, typed: QueryDict, zone: str) -> str:
    """What is wrong, or nothing."""
    kind = typed.get("kind", "")
    if kind not in dict(kinds_for(team)):
        return _("Choose which kind of slot.")
    command = ReleaseSlot(typed["slot"]) if typed.get("slot") else _hold(typed, zone)
    if isinstance(command, str):
        return command
    outcome = handle_pool(office.the_desk(), pool_of(team, kind), command, actor, DOOR)
    return outcome.refusal.says if outcome.refusal is not None else ""


def _hold(typed: QueryDict, zone: str) -> PoolCommand | str:
    first = read_instant(f"{typed.get('date', '')}T{typed.get('time', '')}", zone)
    if isinstance(first, str):
        return first
    places, weeks = typed.get("places", "1"), typed.get("weeks", "1")
    if not (places.isdigit() and weeks.isdigit() and 0 < int(weeks) <= MOST_WEEKS):
        return _("Give whole numbers: how many places, and up to %(n)s weeks.") % {"n": MOST_WEEKS}
    return HoldSlots(tuple(_later(first, week) for week in range(int(weeks))), int(places))


def _later(first: datetime, weeks: int) -> datetime:
    """The same time by the clock on the wall, some weeks on."""
    return first + timedelta(weeks=weeks)
