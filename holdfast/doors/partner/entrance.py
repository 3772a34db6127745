"""The page behind a secure link: neutral, the same for every case, and changed by nothing but a form."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from holdfast.deliveries.links import MOST_ATTEMPTS, find_link, locked
from holdfast.deliveries.models import Link
from holdfast.desk.sharing import shared_now
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.partner import visits
from holdfast.doors.partner.proof import CODE, PIN, code_sent, prove, send_code, ways_of
from holdfast.doors.partner.quiet import quiet
from holdfast.doors.partner.renewal import renew


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the page and changes nothing, because mail scanners open links. POST sends a code, takes one, or asks anew."""
    now = visits.now()
    link = find_link(token, now)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if link is not None and not shared_now(link.stream, link.team, load(current_version())):
        # Whoever holds the link learns nothing, not even that something was taken back (INF-01).
        link, do = None, ""
    if link is None:
        if do == "renew":
            renew(token, now)
        # Answered alike, whether the link ran out, was taken back, or never was.
        return render(request, "partner/over.html", {"asked": do == "renew"})
    if do == "send":
        return _send(request, token, link, now)
    if do in (CODE, PIN):
        return _enter(request, link, do, now)
    return _page(request, link, now)


def _send(request: HttpRequest, token: str, link: Link, now: datetime) -> HttpResponse:
    directory = load(current_version())
    if locked(link) or not ways_of(link, directory).code:
        return _page(request, link, now)
    fault = send_code(link, directory.teams[link.team], now)
    if fault:
        return _page(request, link, now, fault, "send")
    return HttpResponseRedirect(reverse("link", kwargs={"token": token}), status=303)


def _enter(request: HttpRequest, link: Link, how: str, now: datetime) -> HttpResponse:
    directory = load(current_version())
    team = directory.teams.get(link.team)
    given = request.POST.get(how, "").strip()
    given = "".join(given.split()) if how == CODE else given
    if team is None or locked(link):
        return _page(request, link, now)
    if not given or len(given) > 100 or (how == CODE and not (given.isascii() and given.isdigit())):
        says = _("Enter the six figures of the code.") if how == CODE else _("Enter your team's PIN.")
        return _page(request, link, now, says, how)
    if not prove(link, team, how, given, now):
        left = MOST_ATTEMPTS - link.attempts
        says = _("That is not the code, or it is too old.") if how == CODE else _("That is not the PIN.")
        return _page(request, link, now, f"{says} {_tries(left)}", how)
    response = HttpResponseRedirect(reverse("link-visit"), status=303)
    visits.begin(link, now, response)
    return response


def _tries(left: int) -> str:
    return _("You can try once more.") if left == 1 else _("You can try %(n)d more times.") % {"n": left}


def _page(request: HttpRequest, link: Link, now: datetime, fault: str = "", at: str = "") -> HttpResponse:
    if locked(link):
        return render(request, "partner/locked.html")
    directory = load(current_version())
    team = directory.teams.get(link.team)
    context = {
        "ways": ways_of(link, directory),
        "sent": code_sent(link, now),
        "zone": team.calendar.zone if team else "UTC",
        "fault": fault,
        "at": at,
        "errors": [{"id": "" if at == "send" else at, "message": fault}] if fault else [],
    }
    return render(request, "partner/entrance.html", context)
