"""Cases that came so soon after another of the same person that the pathway of that one links them to it (STP-06)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from holdfast.core.access import Viewer
from holdfast.core.codec import ENGINE
from holdfast.core.parties import Directory
from holdfast.core.spans import elapsed
from holdfast.core.state import State
from holdfast.ledger.kept import state_from_text
from holdfast.ledger.models import Head
from holdfast.pathways.editions import get_edition
from holdfast.worklists.kin import Kin
from holdfast.worklists.models import CaseRow
from holdfast.worklists.viewing import cases_for, may_see_case


@dataclass(frozen=True, slots=True)
class Followed:
    """``after`` opened while ``before`` looked ahead to such cases. Of one that the viewer may not see, ``kin`` tells its pathway
    and no more: that much a team hears of what comes after its own work."""

    before: CaseRow
    after: CaseRow
    kin: Kin


def came_after(viewer: Viewer, directory: Directory, state: State, at: datetime) -> list[Followed]:
    """What came after one case, in the order of opening."""
    before = CaseRow.objects.filter(case=state.case).first()
    return [_told(viewer, directory, before, after, at) for after in _after(state)] if before is not None else []


def came_before(viewer: Viewer, directory: Directory, state: State, at: datetime) -> list[CaseRow]:
    """The cases that look ahead to this one and that the viewer may see, in the order of opening."""
    rows = CaseRow.objects.filter(subject=state.subject, opened_at__lt=state.opened).exclude(case=state.case)
    looking = [row for row in rows.order_by("opened_at", "case") if get_edition(row.edition).looks_ahead]
    return [
        row
        for row in looking
        if (there := _state(row.case)) is not None
        and any(after.case == state.case for after in _after(there))
        and may_see_case(viewer, directory, row.case, at)
    ]


def followed_for(viewer: Viewer, directory: Directory, at: datetime, since: datetime) -> list[Followed]:
    """Of all cases the viewer sees: what came after them and opened at ``since`` or later, the latest first."""
    mine = cases_for(viewer, directory, at)
    found = []
    for edition in mine.order_by().values_list("edition", flat=True).distinct():
        ahead = get_edition(edition).looks_ahead
        if not ahead:
            continue
        later = CaseRow.objects.filter(subject=OuterRef("subject"), pathway__in=ahead, opened_at__gte=since)
        for row in mine.filter(Exists(later), edition=edition):
            state = _state(row.case)
            for after in _after(state) if state is not None else ():
                if after.opened_at >= since:
                    found.append(_told(viewer, directory, row, after, at))
    return sorted(found, key=lambda one: (one.after.opened_at, one.after.case, one.before.case), reverse=True)


def _after(state: State) -> Iterator[CaseRow]:
    """Opened after this one: while it is open, and so long after its end as its pathway looks ahead."""
    later = CaseRow.objects.filter(subject=state.subject, opened_at__gt=state.opened).exclude(case=state.case)
    closed = state.moments.get("closed") if state.status != "open" else None
    ahead = get_edition(state.edition).looks_ahead
    for row in later.filter(pathway__in=ahead).order_by("opened_at", "case"):
        span = elapsed(ahead[row.pathway])
        if closed is None or span is None or row.opened_at <= closed.last + span:
            yield row


def _state(case: str) -> State | None:
    head = Head.objects.filter(stream=case, engine=ENGINE).first()
    return state_from_text(head.state) if head is not None else None


def _told(viewer: Viewer, directory: Directory, before: CaseRow, after: CaseRow, at: datetime) -> Followed:
    seen = may_see_case(viewer, directory, after.case, at)
    return Followed(before, after, Kin(after if seen else None, get_edition(after.edition).title))
