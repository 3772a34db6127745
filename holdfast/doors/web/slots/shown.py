"""A team's slots in words: each time with what became of it, the line of those who wait, and how many were used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from holdfast.capacity.models import SlotRow, WaitingRow
from holdfast.core.phrases import spaced
from holdfast.core.pools import BOOKED, HELD, OFFERED, RELEASED, UNUSED, USED
from holdfast.doors.web.links import case_url
from holdfast.doors.web.viewer import Seen
from holdfast.pathways.editions import list_latest
from holdfast.worklists.viewing import cases_for

#: Used and unused slots are counted over this long.
COUNTED = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One coming slot; ``url`` is the page of its case, where the viewer may see that."""

    id: str
    at: datetime
    status: str
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class WaitingLine:
    place: int
    since: datetime
    url: str


@dataclass(frozen=True, slots=True)
class PoolView:
    kind: str
    title: str
    slots: list[SlotLine]
    waiting: list[WaitingLine]
    used: int
    unused: int


def pools_for(look: Seen, team: str) -> list[PoolView]:
    """Every kind of slot that the team ever held or is waited for."""
    held = set(SlotRow.objects.filter(team=team).values_list("kind", flat=True))
    begins = f"pool:{team}:"
    wanted = {
        pool.removeprefix(begins)
        for pool in WaitingRow.objects.values_list("pool", flat=True)
        if pool.startswith(begins)
    }
    return [_pool(look, team, kind) for kind in sorted(held | wanted)]


def kinds_for(team: str) -> list[tuple[str, str]]:
    """The kinds of slot that there are, by their words: those that a published pathway books or waits for, and what the team ever held."""
    asked = {
        pool
        for pathway in list_latest()
        for step in pathway.steps
        for pool in (*(one.pool for one in step.records), step.waits_for.pool if step.waits_for else "")
    }
    held = SlotRow.objects.filter(team=team).values_list("kind", flat=True)
    return [(kind, _words(kind)) for kind in sorted({*asked, *held} - {""})]


def _words(kind: str) -> str:
    return spaced(kind).capitalize()


def _pool(look: Seen, team: str, kind: str) -> PoolView:
    rows = list(SlotRow.objects.filter(team=team, kind=kind).exclude(status=RELEASED).order_by("at", "slot"))
    waits = list(WaitingRow.objects.filter(pool=f"pool:{team}:{kind}").order_by("rank", "since", "case"))
    cases = [row.case for row in rows if row.case] + [wait.case for wait in waits]
    seen = set(cases_for(look.viewer, look.directory, look.now).filter(case__in=cases).values_list("case", flat=True))
    over = SlotRow.objects.filter(team=team, kind=kind, why__in=(USED, UNUSED), at__gt=look.now - COUNTED)
    counts = dict(over.values_list("why").annotate(Count("id")))
    return PoolView(
        kind,
        _words(kind),
        [_line(row, row.case in seen) for row in rows],
        [WaitingLine(n, w.since, case_url(w.case) if w.case in seen else "") for n, w in enumerate(waits, start=1)],
        counts.get(USED, 0),
        counts.get(UNUSED, 0),
    )


def _line(row: SlotRow, shown: bool) -> SlotLine:
    says = {HELD: _("Free"), OFFERED: _("Offered"), BOOKED: _("Booked")}[row.status]
    return SlotLine(row.slot, row.at, row.status, says, case_url(row.case) if row.case and shown else "")
