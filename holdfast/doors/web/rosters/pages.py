"""The page of gaps in the rosters of the next two weeks, for those who can mend them and those who would miss somebody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.assurance.covers import endings_for
from holdfast.assurance.gaps import gaps_for
from holdfast.core.access import concerned_places, may_do_admin
from holdfast.doors.web.viewer import seen


@require_safe
def gaps(request: HttpRequest, team: str = "") -> HttpResponse:
    """Those of one team, or of every team one may look at."""
    look = seen(request)
    known = look.directory.teams.get(team)
    places = concerned_places(look.viewer, look.directory)
    if team and (
        known is None or not (team in places or may_do_admin(look.viewer, look.directory, known.organisation))
    ):
        raise Http404
    found = [one for one in gaps_for(look.viewer, look.directory, look.now) if team in ("", one.gap.team)]
    teams, staff = look.directory.teams, look.directory.staff
    lines = [
        {
            "team": teams[one.gap.team].name,
            "zone": teams[one.gap.team].calendar.zone,
            "gap": one.gap,
            "role": one.gap.role.replace("-", " "),
            "staff": staff[one.gap.staff].name if one.gap.staff else "",
            "owner": staff[one.owner].name,
            "times": one.times,
        }
        for one in found
    ]
    covers = [
        {"ending": one, "staff": staff[one.staff].name, "cover": staff[one.cover].name, "owner": staff[one.owner].name}
        for one in endings_for(look.viewer, look.directory, look.now)
        if team in ("", one.team)
    ]
    return render(request, "rosters/gaps.html", {"lines": lines, "covers": covers, "team": known})
