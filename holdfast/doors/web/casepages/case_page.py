"""The case page: what to do next before what happened."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from holdfast.core.access import refuse_readers
from holdfast.doors.web.casepages.accountable import (
    accountable,
    emergency_contact,
    emergency_number,
    lead_of,
    named_roles,
    teams,
)
from holdfast.doors.web.casepages.acuity import acuity
from holdfast.doors.web.casepages.asked import asked
from holdfast.doors.web.casepages.calls import calls_to_make
from holdfast.doors.web.casepages.clocks import owed_clocks
from holdfast.doors.web.casepages.contacts import attempts, contacts
from holdfast.doors.web.casepages.everybody import further
from holdfast.doors.web.casepages.handoff_states import states_of
from holdfast.doors.web.casepages.kin import kin
from holdfast.doors.web.casepages.offers import offers, urgent
from holdfast.doors.web.casepages.opened import Opened, opened
from holdfast.doors.web.casepages.signals import signals
from holdfast.doors.web.casepages.telephone_offer import telephone
from holdfast.doors.web.casepages.timeline import SHOWN, timeline_of
from holdfast.doors.web.casepages.tracker import tasks
from holdfast.doors.web.casepages.withheld import withheld
from holdfast.doors.web.lists.numbers import label_of


def frame(page: Opened) -> dict[str, Any]:
    """What every page of a case shows: the person, the emergency text with whom to call, and the way between its pages."""
    return {
        "page": page,
        "person": person_line(page),
        "zone": page.seen.zone,
        "now": page.seen.now,
        "emergency": page.pathway.emergency,
        "emergency_number": emergency_number(page),
        "emergency_contact": emergency_contact(page),
        "urgent": [
            {"title": deed.title, "says": deed.says, "url": page.deed_url(deed.command, deed.target)}
            for deed in urgent(page)
        ],
        "case_url": page.url("case"),
        "status": _STATUS()[page.state.status],
        "tier": page.naming.tier(page.state.tier),
        "late": [page.naming.promise(one.id) for one in page.state.owed() if one.due < page.seen.now],
        "readers": refuse_readers(page.seen.viewer, page.state, page.seen.directory) is None,
    }


def _STATUS() -> dict[str, str]:
    return {"open": _("Open"), "closed": _("Closed, window still running"), "ended": _("Closed, window over")}


def person_line(page: Opened) -> dict[str, Any]:
    """The person for the component; says so when what was known of them was erased."""
    numbers = page.card.get("person.identifiers") or []
    return {
        "name": page.card.get("person.name") or _("Name erased"),
        "born": page.card.get("person.born", ""),
        "identifiers": [{"label": label_of(n.get("system", "")), "value": n.get("value", "")} for n in numbers],
        "needs": [page.card["person.language"]] if page.card.get("person.language") else [],
    }


@login_required
@require_GET
def case(request: HttpRequest, case: str) -> HttpResponse:
    """The case as it stands for this reader."""
    page = opened(request, case)
    # A long record is neither told nor drawn beyond what is shown: what is left out is one click away.
    most = None if "all" in request.GET else SHOWN
    tried, record = attempts(page), page.record[-most:] if most else page.record
    context = {
        "accountable": accountable(page),
        "owed": owed_clocks(page, tasks=False),
        "kin": kin(page),
        "calls": calls_to_make(page),
        "offers": offers(page),
        "telephone": telephone(page),
        "states": states_of(page),
        "acuity": acuity(page),
        "withheld": withheld(page),
        "asked": asked(page),
        "roles": [*filter(None, [lead_of(page)]), *named_roles(page)],
        "teams": teams(page),
        "further": further(page.file, page.seen.directory, page.state.packet),
        "tasks": tasks(page),
        "contacts": contacts(page, tried[:most]),
        "more_contacts": len(tried[most:]) if most else 0,
        "signals": signals(page),
        "events": timeline_of(record, page.naming),
        "more": len(page.record) - len(record),
    }
    return render(request, "case/case.html", {**frame(page), **context})
