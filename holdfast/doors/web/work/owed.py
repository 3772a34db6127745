"""Rows of promises as work lists show them: what, for whom, by when, why it is here, and the deed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.core.phrases import Phrases, spaced
from holdfast.core.state import Promise
from holdfast.doors.web.cards import names_of
from holdfast.doors.web.caseheads import CaseHead, heads_of
from holdfast.doors.web.links import case_url
from holdfast.doors.web.templatetags.times import local_instant
from holdfast.doors.web.viewer import Seen
from holdfast.doors.web.work.remedy import Remedy, remedy_for
from holdfast.worklists.owing import Owing


@dataclass(frozen=True, slots=True)
class Row:
    """One promise; ``clock`` is what the clock component reads."""

    what: str
    person: str
    case_url: str
    remedy: Remedy
    clock: dict[str, Any]
    why: tuple[str, ...]
    owner: str
    due: datetime
    tier: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; ``away``: put away until somebody asks for them."""

    title: str
    rows: tuple[Row, ...]
    away: bool = False


#: What is due later than this is put away, so that the ends of thirty-day cases do not stand among today's work.
NEAR = timedelta(days=7)


def rows_for(promised: Iterable[Owing], look: Seen) -> list[Row]:
    """The rows of one page, in the order given; a bounded number of queries for all of them together."""
    promised = list(promised)
    heads = heads_of(row.case for row in promised)
    names = names_of(head.state.subject for head in heads.values())
    rows = []
    for item in promised:
        head = heads.get(item.case)
        promise = head.state.promises.get(item.promise) if head is not None else None
        if head is not None and promise is not None:
            rows.append(row_of(head, promise, names[head.state.subject], look))
    return rows


def row_of(head: CaseHead, promise: Promise, person: str, look: Seen) -> Row:
    """One promise of one case as lists show it."""
    say = Phrases(head.pathway)
    what = say.owed(promise.kind)
    started = f"{spaced(promise.started_by)}, {local_instant(promise.started, look.zone)}"
    clock = {
        "now": look.now,
        "due": promise.due,
        "zone": look.zone,
        "tier": head.tier_title(),
        "started": started,
        "rule": say.rule(promise),
    }
    owner = look.directory.staff.get(promise.owner)
    return Row(
        what,
        person,
        case_url(head.state.case),
        remedy_for(head.state.case, promise, head.pathway),
        clock,
        tuple(_why(head, promise, say, look)),
        owner.name if owner is not None else promise.owner,
        promise.due,
        head.tier_title(),
    )


def _why(head: CaseHead, promise: Promise, say: Phrases, look: Seen) -> Iterable[str]:
    """Why it is on this list: what started it, in what part it is owed, and how far the ladder has climbed."""
    since = {"who": _part(head, promise.owed_by, say), "what": spaced(promise.started_by)}
    yield _("It is owed since “%(what)s”, by %(who)s.") % since
    spec = head.pathway.find_obligation(promise.kind)
    if spec is None:
        return
    if spec.done_when:
        yield _("Done when: %(what)s.") % {"what": spec.done_when.rstrip(".")}
    if not promise.rung:
        return
    ladder = head.pathway.get_ladder(spec.ladder)
    told = ladder.rungs[min(promise.rung, len(ladder.rungs)) - 1]
    calls = ngettext("%(n)d call has gone out", "%(n)d calls have gone out", promise.turn) % {"n": promise.turn}
    yield _("%(calls)s, the last to %(who)s.") % {"calls": calls, "who": _part(head, told.tell, say)}
    holder = look.directory.staff.get(promise.held_by)
    if holder is not None:
        yield _("%(name)s has said: I am on it.") % {"name": holder.name}
    at = {"at": local_instant(promise.climbs, look.zone)}
    yield _("The next call goes out %(at)s.") % at if promise.climbs > look.now else _("The next was due %(at)s.") % at


def by_tier(rows: Sequence[Row]) -> list[Group]:
    """Rows that come in the order of a review, those at risk first, under their tiers (TRK-03)."""
    return [Group(_("Tier %(tier)s") % {"tier": tier}, tuple(of)) for tier, of in groupby(rows, lambda row: row.tier)]


def grouped(rows: Sequence[Row], look: Seen) -> list[Group]:
    """Overdue, due today in the reader's own zone, in the days after, and far ahead; empty groups are left out."""
    zone = ZoneInfo(look.zone)
    today = look.now.astimezone(zone).date()
    late, soon, later, far = _("Overdue"), _("Due today"), _("Due later"), _("Due in more than a week")
    under: dict[str, list[Row]] = {late: [], soon: [], later: [], far: []}
    for row in rows:
        if row.due <= look.now:
            under[late].append(row)
        elif row.due.astimezone(zone).date() <= today:
            under[soon].append(row)
        else:
            under[later if row.due <= look.now + NEAR else far].append(row)
    near = any(under[title] for title in (late, soon, later))
    return [Group(title, tuple(of), away=title == far and near) for title, of in under.items() if of]


def _part(head: CaseHead, who: str, say: Phrases) -> str:
    """The part somebody has; somebody who was named by the question they were named under, never by its id."""
    named = head.pathway.find_named(who)
    return _("the person named under “%(ask)s”") % {"ask": named.ask} if named is not None else say.who(who)
