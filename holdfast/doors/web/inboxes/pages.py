"""The list of messages, and the page on which one is settled or opened after all."""

from __future__ import annotations

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.desk import office
from holdfast.desk.envelope import Outcome
from holdfast.desk.intake import HOWS, open_message, settle
from holdfast.doors.reading import read
from holdfast.doors.web.inboxes.shown import as_it_arrived, lines
from holdfast.doors.web.links import STREAM, case_url
from holdfast.doors.web.viewer import seen
from holdfast.inbox.viewing import WAITING, messages_for

PAGE = 25
OPEN_IT = "open-it"


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """What waits for somebody, first; with ``show=all`` everything that arrived."""
    look = seen(request)
    every = request.GET.get("show") == "all"
    found = messages_for(look.viewer, look.directory, look.now)
    waiting = found.filter(status__in=WAITING)
    page = Paginator(found if every else waiting, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines(page.object_list, look),
        "waiting": waiting.count() if every else page.paginator.count,
        "every": every,
        "filters": "show=all&" if every else "",
    }
    return render(request, "inbox/messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, message: str) -> HttpResponse:
    """One message: as it arrived, and what is to be done about it."""
    look = seen(request)
    found = messages_for(look.viewer, look.directory, look.now).filter(id=message).first()
    if found is None:
        raise Http404
    fault = ""
    how, reason = request.POST.get("how", ""), request.POST.get("reason", "").strip()
    if request.method == "POST":
        outcome = _settled(message, look.viewer.staff, how, reason)
        if outcome.refusal is None:
            notes.info(request, _("The message is settled."))
            return redirect(case_url(outcome.stream) if outcome.stream.startswith(STREAM) else "inbox")
        fault = outcome.refusal.says
        found.refresh_from_db()
    context = {
        "line": lines([found], look)[0],
        "text": as_it_arrived(found),
        "hows": {**HOWS, **({OPEN_IT: _("I looked, and it is right: open the case")} if _opens(found.what) else {})},
        "how": how,
        "reason": reason,
        "errors": [{"id": "reason" if how else "how", "message": fault}] if fault else [],
    }
    return render(request, "inbox/message.html", context, status=422 if fault else 200)


def _opens(what: str) -> bool:
    return what == "discharge"


def _settled(message: str, actor: str, how: str, reason: str) -> Outcome:
    if how == OPEN_IT:
        return open_message(office.the_desk(), message, lambda raw: read(raw)[0], actor, reason)
    return settle(office.the_desk(), message, actor, how, reason)
