"""A team's roster and a person's roles: lists to which one adds a line and from which one takes one away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.core.access import ORGANISATION_ROLES, TEAM_ROLES
from holdfast.core.parties import ANY_TIME, CLOSED, OPEN
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import STAFF, TEAM, item_from_plain, item_to_plain
from holdfast.doors.web.administration.editing import administers, changed, find_entry
from holdfast.doors.web.administration.lines import teams
from holdfast.doors.web.administration.pages import place_name
from holdfast.doors.web.casepages.questions import read_instant
from holdfast.doors.web.viewer import Seen


@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, organisation: str, ref: str) -> HttpResponse:
    """Who answers for what in a team, in the order in which they are asked; dated shifts come first by themselves."""
    look = administers(request, organisation)
    body = find_entry(look, organisation, TEAM, ref)
    zone, fault = body["calendar"]["zone"], ""
    if request.method == "POST":
        fault = _put(look, TEAM, ref, body, "duties", request.POST, lambda typed: _duty(typed, zone))
        if not fault:
            notes.info(request, _("The roster is changed."))
            return redirect("directory-roster", organisation=organisation, ref=ref)
    words = {ANY_TIME: _("Any hour"), OPEN: _("In service hours"), CLOSED: _("Outside service hours")}
    members = (s for s in look.directory.staff.values() if s.active and any(place == ref for place, _r in s.roles))
    context = {
        "organisation": look.directory.organisations[organisation],
        "team": look.directory.teams[ref],
        "duties": [
            {"duty": duty, "line": str(line), "name": look.directory.staff[duty.staff].name, "hours": words[duty.hours]}
            for duty, line in zip(look.directory.teams[ref].duties, body["duties"], strict=True)
        ],
        "members": sorted(members, key=lambda s: s.name),
        "roles": TEAM_ROLES,
        "hours": words,
        "team_zone": zone,
        "typed": request.POST,
        "errors": [{"id": "role", "message": fault}] if fault else [],
    }
    return render(request, "administration/roster.html", context, status=422 if fault else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, organisation: str, ref: str) -> HttpResponse:
    """What a person may do, and where."""
    look = administers(request, organisation)
    body, fault = find_entry(look, organisation, STAFF, ref), ""
    if request.method == "POST":
        fault = _put(look, STAFF, ref, body, "roles", request.POST, _role)
        if not fault:
            notes.info(request, _("The roles are changed."))
            return redirect("directory-roles", organisation=organisation, ref=ref)
    known = look.directory.organisations[organisation]
    context = {
        "organisation": known,
        "person": look.directory.staff[ref],
        "held": [
            {"place": place_name(line[0], look.directory), "role": line[1], "line": str(line)} for line in body["roles"]
        ],
        "places": (*teams(look, organisation), (known.id, known.name)),
        "roles": TEAM_ROLES + ORGANISATION_ROLES,
        "typed": request.POST,
        "errors": [{"id": "role", "message": fault}] if fault else [],
    }
    return render(request, "administration/roles.html", context, status=422 if fault else 200)


def _put(look: Seen, kind: str, ref: str, body: Mapping[str, Any], key: str, typed: QueryDict, read: Any) -> str:
    """The list without the line taken away, or with the one typed; what is wrong, or nothing."""
    listed = list(body[key])
    out = typed.get("out", "")
    try:
        if out:
            if not (out.isdecimal() and int(out) < len(listed)) or typed.get("line") != str(listed[int(out)]):
                return str(_("The list has changed meanwhile. Look again."))
            del listed[int(out)]
        else:
            listed.append(read(typed))
        return changed(look, [item_to_plain(item_from_plain(kind, ref, {**body, key: listed}))])
    except DirectoryFault as fault:
        return fault.says


def _duty(typed: QueryDict, zone: str) -> dict[str, Any]:
    found = {"role": typed.get("role", ""), "staff": typed.get("staff", ""), "hours": typed.get("hours") or ANY_TIME}
    if not (found["role"] in TEAM_ROLES and found["staff"]):
        raise DirectoryFault(_("Say who, and as what."))
    for name in ("start", "until"):
        at = _instant(typed, name, zone)
        if at is not None:
            found[name] = at.isoformat(timespec="seconds")
    return found


def _instant(typed: QueryDict, name: str, zone: str) -> datetime | None:
    day, time = typed.get(f"{name}:date", ""), typed.get(f"{name}:time", "")
    if not (day or time):
        return None
    read = read_instant(f"{day}T{time}", zone)
    if isinstance(read, str):
        raise DirectoryFault(read)
    return read.astimezone(UTC)


def _role(typed: QueryDict) -> list[str]:
    place, role = typed.get("place", ""), typed.get("role", "")
    if not (place and role in TEAM_ROLES + ORGANISATION_ROLES):
        raise DirectoryFault(_("Say which role, and where."))
    return [place, role]
