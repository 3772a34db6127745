"""Everybody between services and everybody without a known outcome, each with an owner and a deadline (OWN-08, CLS-04)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from holdfast.core.access import Viewer
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.inbox.viewing import WAITING, messages_for
from holdfast.pathways.editions import get_edition
from holdfast.worklists.models import CaseRow, Promised
from holdfast.worklists.viewing import Owed, cases_for

UNKNOWN, UNANSWERED, NO_CONTACT, ENDING, NO_CASE = (
    "unknown-outcome",
    "unanswered",
    "no-next-contact",
    "ending",
    "no-case",
)
KINDS = (UNKNOWN, UNANSWERED, NO_CASE, NO_CONTACT, ENDING)
#: A case whose time ends so soon, and that is still open, stands on the list.
SOON = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Line:
    """``case`` is None for a message that belongs to no case; ``owner`` is a staff id; ``due`` may be past."""

    kind: str
    owner: str
    due: datetime
    case: CaseRow | None = None
    message: str = ""


def between_for(viewer: Viewer, directory: Directory, now: datetime) -> list[Line]:
    """The whole list for the cases that the viewer oversees, the longest overdue first; a few queries, however long it is."""
    found = [
        *_past(viewer, directory, now),
        *_unanswered(viewer, directory, now),
        *_without_contact(viewer, directory),
        *_without_case(viewer, directory, now),
    ]
    return sorted(
        found, key=lambda line: (line.due, KINDS.index(line.kind), line.case.case if line.case else line.message)
    )


def _past(viewer: Viewer, directory: Directory, now: datetime) -> Iterator[Line]:
    """Open past their time or about to be. Only an endpoint takes a case off: nothing else ends its being open."""
    for row in cases_for(viewer, directory, now).filter(status="open", window_ends__lte=now + SOON):
        yield Line(UNKNOWN if row.window_ends <= now else ENDING, row.holder, row.window_ends, row)


def _unanswered(viewer: Viewer, directory: Directory, now: datetime) -> Iterator[Line]:
    """What a team other than that of the one accountable should have answered by now: one line for a case, the oldest."""
    mine = cases_for(viewer, directory, now).filter(status="open")
    late = Promised.objects.filter(Owed(), due_at__lt=now, task=False, case__in=mine.values("case")).exclude(team="")
    cases = mine.in_bulk(set(late.values_list("case", flat=True)))
    seen = set()
    for one in late.order_by("due_at", "id"):
        row = cases.get(one.case)
        if row is not None and one.case not in seen and not directory.in_team(row.holder, one.team):
            seen.add(one.case)
            yield Line(UNANSWERED, one.owner, one.due_at, row)


def _without_contact(viewer: Viewer, directory: Directory) -> Iterator[Line]:
    """Open, and nothing that is owed says when somebody is next in touch."""
    mine = cases_for(viewer, directory).filter(status="open")
    for edition in mine.order_by().values_list("edition", flat=True).distinct():
        owed = Promised.objects.filter(Owed(), case=OuterRef("case"), kind__in=_in_touch(get_edition(edition)))
        for row in mine.filter(~Exists(owed), edition=edition):
            yield Line(NO_CONTACT, row.holder, row.next_ring or row.window_ends, row)


def _in_touch(pathway: Pathway) -> list[str]:
    """The obligations that move the handoff or the care on: not single tasks, not sign-offs, not what only the end itself meets."""
    owed = (one for one in pathway.obligations if not one.task and one.id != pathway.sign_off)
    return [one.id for one in owed if one.records or set(one.met_by) - {"closed"}]


def _without_case(viewer: Viewer, directory: Directory, now: datetime) -> Iterator[Line]:
    for message in messages_for(viewer, directory, now).filter(status__in=WAITING):
        yield Line(NO_CASE, message.owner, message.due_at or message.received_at, message=message.id)
