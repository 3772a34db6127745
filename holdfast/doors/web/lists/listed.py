"""Cases as the list shows them: whom, how urgent, how far, who is accountable, and what goes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from holdfast.doors.web.cards import names_of
from holdfast.doors.web.links import case_url
from holdfast.doors.web.lists.keyset import PAGE, read_mark
from holdfast.doors.web.viewer import Seen
from holdfast.pathways.editions import get_edition
from holdfast.worklists.models import CaseRow, Promised
from holdfast.worklists.viewing import OWED, editions_for, latest_cases

STANDINGS = ("open", "closed", "ended")


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen; an empty text means all. A choice that does not exist is no choice."""

    status: str = "open"
    tier: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the list."""

    person: str
    url: str
    pathway: str
    tier: str
    stage: str
    status: str
    holder: str
    opened: datetime
    rings: datetime | None
    late: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str
    chosen: bool


def read_filters(posted: Mapping[str, str]) -> Filters:
    """Open cases unless something else is asked for."""
    status = posted.get("status", "open")
    return Filters(status if status in (*STANDINGS, "") else "open", posted.get("tier", ""), posted.get("stage", ""))


def page_of(look: Seen, filters: Filters, mark: str) -> tuple[list[CaseRow], bool]:
    """The viewer's cases that fit, one page from behind the mark, and whether there are more."""
    rows = latest_cases(look.viewer, look.directory, asdict(filters), read_mark(mark), PAGE + 1)
    return rows[:PAGE], len(rows) > PAGE


def choices(look: Seen, filters: Filters) -> dict[str, list[Choice]]:
    """The options of each filter; tiers and stages are those that the editions of the viewer's cases know."""
    pathways = [get_edition(digest) for digest in editions_for(look.viewer, look.directory)]
    tiers = {tier.id: tier.title for pathway in pathways for tier in pathway.tiers}
    stages = dict.fromkeys(["drafted", *(label for pathway in pathways for label in pathway.states)])
    return {
        "status": _options({"open": _("Open"), "closed": _("Closed"), "ended": _("Ended")}, filters.status),
        "tier": _options(tiers, filters.tier),
        "stage": _options({stage: stage.capitalize() for stage in stages}, filters.stage),
    }


def _options(labels: Mapping[str, str], chosen: str) -> list[Choice]:
    every = Choice("", _("All"), chosen == "")
    return [every, *(Choice(value, label, value == chosen) for value, label in labels.items())]


def lines(rows: Sequence[CaseRow], look: Seen) -> list[Line]:
    """The rows of one page with names, and how much of each is overdue; four queries for all of them together."""
    names = names_of(row.subject for row in rows)
    owed = Promised.objects.filter(case__in=[row.case for row in rows], status__in=OWED, due_at__lte=look.now)
    late = dict(owed.values_list("case").annotate(Count("id")))
    return [_line(row, names[row.subject], late.get(row.case, 0), look) for row in rows]


def _line(row: CaseRow, person: str, late: int, look: Seen) -> Line:
    pathway = get_edition(row.edition)
    holder = look.directory.staff.get(row.holder)
    return Line(
        person,
        case_url(row.case),
        pathway.title,
        next((tier.title for tier in pathway.tiers if tier.id == row.tier), row.tier),
        row.stage.capitalize(),
        _standing(row, [endpoint for endpoint in pathway.endpoints if endpoint.id == row.endpoint]),
        holder.name if holder is not None else row.holder,
        row.opened_at,
        row.next_ring,
        late,
    )


def _standing(row: CaseRow, ends: Iterable[object]) -> str:
    titles = [str(getattr(end, "title", "")) for end in ends]
    words = {"open": _("Open"), "closed": _("Closed"), "ended": _("Ended")}
    return ": ".join([words.get(row.status, row.status), *titles])
