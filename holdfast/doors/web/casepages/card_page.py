"""The person's card for printing, and where it is recorded that they have it (PER-01)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from holdfast.doors.web.casepages.card_facts import card_of
from holdfast.doors.web.casepages.case_page import frame
from holdfast.doors.web.casepages.opened import Opened, opened

#: The step by which pathways record that the card was given.
GIVE = "give-card"


@login_required
@require_GET
def card(request: HttpRequest, case: str) -> HttpResponse:
    """The card for printing, in the words of the pathway."""
    page = opened(request, case, "card")
    return render(request, "case/card.html", {**frame(page), "card": card_of(page), "give": _gives(page)})


def _gives(page: Opened) -> str:
    """Where it is recorded that the person has the card, if that can be done now."""
    found = [deed for deed in page.deeds if deed.command == "TakeStep" and deed.target == GIVE and deed.allowed]
    return page.deed_url("TakeStep", GIVE) if found else ""
