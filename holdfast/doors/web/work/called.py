"""What ladders called the viewer about: when and why, the deed that settles it, and the ways to answer the call (ESC-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from holdfast.core.deeds import what_can_be_done
from holdfast.doors.web.cards import names_of
from holdfast.doors.web.caseheads import CaseHead, heads_of
from holdfast.doors.web.links import case_url, deed_url
from holdfast.doors.web.templatetags.times import local_instant
from holdfast.doors.web.viewer import Seen
from holdfast.doors.web.work.owed import Row, row_of
from holdfast.worklists.models import Called

#: What the core says of a firing, for people; whatever else it says stands as it is.
REASONS = {"nobody acted in time": "nobody acted in time", "the message could not be delivered": "a message failed"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call to answer. ``ways`` are (address, label) of the answers beside the deed itself."""

    row: Row
    says: str
    ways: tuple[tuple[str, str], ...]


def calls_for(called: Iterable[Called], look: Seen) -> list[Call]:
    """The calls of one page, in the order given; a bounded number of queries for all of them together."""
    called = list(called)
    heads = heads_of(row.case for row in called)
    names = names_of(head.state.subject for head in heads.values())
    calls = []
    for item in called:
        head = heads.get(item.case)
        promise = head.state.promises.get(item.promise) if head is not None else None
        if head is not None and promise is not None:
            row = row_of(head, promise, names[head.state.subject], look)
            calls.append(Call(row, _says(item, row, look), tuple(_ways(head, item.promise, look))))
    return calls


def _says(item: Called, row: Row, look: Seen) -> str:
    words = {"at": _when(item.at, look), "why": _(REASONS.get(item.because, item.because)), "owner": row.owner}
    if item.staff == look.viewer.staff:
        return _("You were called about this at %(at)s because %(why)s. %(owner)s owes it.") % words
    person = look.directory.staff.get(item.staff)
    words["name"] = person.name if person is not None else item.staff
    return (
        _("%(name)s, for whom you stand in, was called about this at %(at)s because %(why)s. %(owner)s owes it.")
        % words
    )


def _when(at: datetime, look: Seen) -> str:
    return local_instant(at, look.zone)


def _ways(head: CaseHead, promise: str, look: Seen) -> Iterable[tuple[str, str]]:
    """To say that one is on it, and to take it over; or the case, where neither is left."""
    case = head.state.case
    deeds = what_can_be_done(head.state, head.pathway, look.directory, look.viewer.staff, look.now)
    offered = {deed.command for deed in deeds if deed.about == promise and deed.allowed}
    if "Acknowledge" in offered:
        yield deed_url(case, "Acknowledge", promise), _("I am on it")
    if "MoveOwner" in offered:
        yield deed_url(case, "MoveOwner", promise), _("Take it over")
    yield case_url(case), _("Look at the case")
