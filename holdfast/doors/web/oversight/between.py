"""The standing list of everybody at risk of being between services, for the screen and for an inspector's hand (OWN-08)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from holdfast.assurance.between import ENDING, NO_CASE, NO_CONTACT, UNANSWERED, UNKNOWN, Line, between_for
from holdfast.doors.web.links import case_url, hex_of
from holdfast.doors.web.viewer import Seen, seen
from holdfast.pathways.editions import get_edition

_SAYS = {
    UNKNOWN: gettext_lazy("Past its time, and the outcome is not known"),
    UNANSWERED: gettext_lazy("The other team has not answered in time"),
    NO_CASE: gettext_lazy("A notice arrived and belongs to no case"),
    NO_CONTACT: gettext_lazy("No next contact is owed to the person"),
    ENDING: gettext_lazy("Its time ends within 48 hours"),
}


@require_safe
def between(request: HttpRequest) -> HttpResponse:
    """Every line, the longest overdue first."""
    look = seen(request)
    if not look.oversees():
        raise PermissionDenied(_("Only governance leads and supervisors see this page."))
    found = between_for(look.viewer, look.directory, look.now)
    context = {"lines": [_shown(line, look) for line in found], "unknown": sum(one.kind == UNKNOWN for one in found)}
    return render(request, "governance/between.html", context)


def _shown(line: Line, look: Seen) -> dict[str, object]:
    """The case by the beginning of its pseudonym: whose it is stands on its own page."""
    owner = look.directory.staff.get(line.owner)
    url = case_url(line.case.case) if line.case else reverse("inbox-message", kwargs={"message": line.message})
    return {
        "says": _SAYS[line.kind],
        "pathway": get_edition(line.case.edition).title if line.case else _("Inbox"),
        "owner": owner.name if owner else line.owner,
        "due": line.due,
        "late": line.due < look.now,
        "url": url,
        "reference": hex_of(line.case.case)[:8] if line.case else _("the message"),
    }
