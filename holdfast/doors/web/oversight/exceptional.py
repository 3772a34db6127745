"""Exceptions in words: what was late, passed over, not delivered, written up late or without a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from holdfast.core.pathway import Pathway
from holdfast.core.phrases import spaced
from holdfast.doors.web.links import case_url, hex_of
from holdfast.doors.web.viewer import Seen
from holdfast.pathways.editions import get_edition
from holdfast.worklists.models import CaseRow, Exceptional
from holdfast.worklists.viewing import exceptions_for

#: Kind of exception to what people call it, the gravest first.
KINDS = {
    "empty-target": _("Nobody could be reached in that part"),
    "breach": _("Not done in time"),
    "override": _("A gate was passed over"),
    "override-asked": _("Passing over a gate was asked for"),
    "not-delivered": _("Could not be delivered"),
    "late-record": _("Written up late"),
    "not-asked": _("Another case could not be told or opened"),
    "another-endpoint": _("Closed otherwise than asked for"),
    "reopened": _("Reopened"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One exception. The case is named by the beginning of its pseudonym: whose it is stands on its own page."""

    kind: str
    what: str
    at: datetime
    tier: str
    reference: str
    url: str
    holder: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many of one kind."""

    kind: str
    label: str
    number: int
    chosen: bool


def counts(look: Seen, chosen: str) -> list[KindCount]:
    """Each kind with how many there are, in the order of ``KINDS``; one query."""
    rows = exceptions_for(look.viewer, look.directory).order_by().values_list("kind").annotate(Count("id"))
    found = dict(rows)
    return [KindCount(kind, str(label), found[kind], kind == chosen) for kind, label in KINDS.items() if kind in found]


def lines(rows: Iterable[Exceptional], look: Seen) -> list[Line]:
    """One page of exceptions; one query for their cases."""
    rows = list(rows)
    cases = {row.case: row for row in CaseRow.objects.filter(case__in={row.case for row in rows})}
    return [_line(row, cases[row.case], look) for row in rows if row.case in cases]


def _line(row: Exceptional, case: CaseRow, look: Seen) -> Line:
    pathway, holder = get_edition(case.edition), look.directory.staff.get(case.holder)
    return Line(
        str(KINDS.get(row.kind, spaced(row.kind))),
        _what(row.what, pathway),
        row.at,
        next((tier.title for rank, tier in enumerate(pathway.tiers) if rank == row.tier_rank), ""),
        hex_of(row.case)[:8],
        case_url(row.case),
        holder.name if holder is not None else case.holder,
    )


def _what(what: str, pathway: Pathway) -> str:
    """A promise, a step, an end or a code of delivery, in the pathway's own words where it has some."""
    owed = pathway.find_obligation(what.partition("#")[0])
    if owed is not None:
        return owed.owed
    titled = pathway.find_step(what) or pathway.find_endpoint(what)
    if titled is not None:
        return titled.title
    if what[:1].isdigit():  # a mail server's own code, such as 5.1.1
        return str(_("A message: the mail server answered %(code)s") % {"code": what})
    return spaced(what)
