"""The directory as pages: which organisations one may look up, and one of them with its teams, people and absences."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from holdfast.core.access import may_do_admin, may_look_up
from holdfast.core.parties import Directory, Staff
from holdfast.directory.items import ref_of
from holdfast.doors.web.viewer import Seen, seen


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Those one belongs to, works in or administers; where it is only one, its page."""
    look = seen(request)
    found = sorted((o for o in look.directory.organisations.values() if may_read(look, o.id)), key=lambda o: o.name)
    if len(found) == 1:
        return redirect("directory-organisation", organisation=found[0].id)
    return render(request, "administration/organisations.html", {"organisations": found})


@require_safe
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """Everything that the directory has of it."""
    look = seen(request)
    known = look.directory.organisations.get(organisation)
    if known is None or not may_read(look, organisation):
        raise Http404
    return render(request, "administration/organisation.html", shown(look, organisation))


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Every service of the network, for whoever looks for one to hand over to."""
    look = seen(request)
    return render(request, "administration/services.html", {"services": services_of(look)})


def services_of(look: Seen, organisation: str = "") -> list[dict[str, Any]]:
    """Services with their team and who said what is free, by name."""
    directory, found = look.directory, []
    for one in sorted(look.directory.services.values(), key=lambda one: (one.name, one.id)):
        team = directory.teams[one.team]
        contact = directory.contacts.get(one.said_by)
        if organisation in ("", team.organisation):
            said_by = contact.name if contact else _named(one.said_by, directory)
            found.append({"service": one, "team": team, "said_by": said_by, "old": one.capacity_is_old(look.now)})
    return found


def may_read(look: Seen, organisation: str) -> bool:
    return may_look_up(look.viewer, look.directory, organisation)


def shown(look: Seen, organisation: str) -> dict[str, Any]:
    """The page's context; times are the viewer's."""
    directory = look.directory
    people = sorted(
        (s for s in directory.staff.values() if s.organisation == organisation), key=lambda s: (not s.active, s.name)
    )
    here = {person.id for person in people}
    return {
        "organisation": directory.organisations[organisation],
        "last_resort": directory.staff[directory.organisations[organisation].last_resort],
        "edits": may_do_admin(look.viewer, directory, organisation),
        "teams": sorted((t for t in directory.teams.values() if t.organisation == organisation), key=lambda t: t.name),
        "services": services_of(look, organisation),
        "contacts": [
            {"contact": c, "team": directory.teams[c.team].name}
            for c in sorted(directory.contacts.values(), key=lambda one: one.name)
            if directory.teams[c.team].organisation == organisation
        ],
        "people": [{"person": person, "roles": roles_in_words(person, directory)} for person in people],
        "absences": [
            {"absence": a, "ref": ref_of(a), "name": directory.staff[a.staff].name, "cover": _named(a.cover, directory)}
            for a in directory.absences
            if a.staff in here and a.end > look.now
        ],
    }


def roles_in_words(person: Staff, directory: Directory) -> list[str]:
    """``Lead in Community North``."""
    return [f"{_role(role)}, {place_name(place, directory)}" for place, role in sorted(person.roles)]


def place_name(place: str, directory: Directory) -> str:
    known = directory.teams.get(place) or directory.organisations.get(place)
    return known.name if known else place


def _role(role: str) -> str:
    return role.replace("-", " ").capitalize()


def _named(staff: str, directory: Directory) -> str:
    person = directory.staff.get(staff)
    return person.name if person else ""
