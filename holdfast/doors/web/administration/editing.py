"""The page on which an administrator changes one entry of their organisation, or adds one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from holdfast.core.access import NOT_ADMINISTRATOR, may_do_admin
from holdfast.desk import office
from holdfast.desk.publishing import Change, put_directory
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import ABSENCE, CONTACT, ORGANISATION, SERVICE, STAFF, TEAM
from holdfast.directory.writing import all_items
from holdfast.doors.web.administration.lines import FORMS, Body, lines_of
from holdfast.doors.web.administration.typed import REMOVABLE, as_typed, read_entry
from holdfast.doors.web.viewer import Seen, seen

DOOR = "web"
NEW = "new"
TITLES = {
    ORGANISATION: gettext_lazy("Organisation"),
    TEAM: gettext_lazy("Team"),
    STAFF: gettext_lazy("Person"),
    ABSENCE: gettext_lazy("Absence"),
    SERVICE: gettext_lazy("Service"),
    CONTACT: gettext_lazy("Contact at a partner"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, organisation: str, kind: str, ref: str) -> HttpResponse:
    """GET shows the form; POST puts the entry, or shows what is wrong with everything still there."""
    look = administers(request, organisation)
    was = find_entry(look, organisation, kind, ref)
    lines, fault = lines_of(kind, was, look, organisation), ""
    if request.method == "POST":
        lines = as_typed(lines, request.POST.dict())
        try:
            taken = {name for of, name, _body in all_items() if of == kind}
            put = read_entry(kind, was, lines, look, organisation, taken) if "remove" not in request.POST else None
            fault = changed(look, [put or (kind, ref, None)])
        except DirectoryFault as wrong:
            fault = wrong.says
        if not fault:
            notes.info(request, _("The directory is changed."))
            return redirect("directory-organisation", organisation=organisation)
    context = {
        "organisation": look.directory.organisations[organisation],
        "title": TITLES[kind],
        "name": was.get("name", "") or _name(was, look),
        "lines": lines,
        "removable": bool(was) and kind in REMOVABLE,
        "errors": [{"id": "", "message": fault}] if fault else [],
    }
    return render(request, "administration/entry.html", context, status=422 if fault else 200)


def administers(request: HttpRequest, organisation: str) -> Seen:
    """The look of an administrator of that organisation. Raises Http404 or PermissionDenied."""
    look = seen(request)
    if organisation not in look.directory.organisations:
        raise Http404
    if not may_do_admin(look.viewer, look.directory, organisation):
        raise PermissionDenied(NOT_ADMINISTRATOR.says)
    return look


def find_entry(look: Seen, organisation: str, kind: str, ref: str) -> Body:
    """The entry as it stands; empty for a new one. Raises Http404 for one that is not of that organisation."""
    if kind not in FORMS or (kind == ORGANISATION and ref == NEW):
        raise Http404
    if ref == NEW:
        return {}
    body = next((body for of, name, body in all_items() if (of, name) == (kind, ref)), None)
    if body is None or _of(kind, body, look) != organisation:
        raise Http404
    return body


def changed(look: Seen, changes: list[Change]) -> str:
    """Put it into the directory, as the viewer; what was refused, in words, or nothing."""
    outcome = put_directory(office.the_desk(), changes, look.viewer.staff, DOOR)
    return outcome.refusal.says if outcome.refusal is not None else ""


def _of(kind: str, body: Body, look: Seen) -> str:
    """Whose entry it is."""
    directory = look.directory
    if kind == ORGANISATION:
        return str(body["id"])
    if kind == ABSENCE:
        person = directory.staff.get(body["staff"])
        return person.organisation if person else ""
    if kind in (SERVICE, CONTACT):
        return directory.teams[body["team"]].organisation
    return str(body["organisation"])


def _name(was: Body, look: Seen) -> Any:
    person = look.directory.staff.get(was.get("staff", ""))
    return person.name if person else ""
