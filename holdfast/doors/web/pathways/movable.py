"""What a move would do to each open case, a page of them at a time, and what must be said of names that are not there any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404

from holdfast.core.pathway import Pathway
from holdfast.core.phrases import spaced
from holdfast.desk import office
from holdfast.desk.moves import Plan, Shown, cases_to_move, digest_of, show_move
from holdfast.doors.web.links import case_url, hex_of
from holdfast.doors.web.viewer import Seen
from holdfast.pathways.editions import get_edition, list_editions
from holdfast.worklists.models import CaseRow
from holdfast.worklists.viewing import cases_for

#: Cases on a page: each is decided to be shown, and again to be moved.
PAGE = 25
#: Values in one query.
MANY = 500
OBLIGATION, LADDER = "obligation:", "ladder:"


@dataclass(frozen=True, slots=True)
class MovableCase:
    """``url`` is empty where the viewer may not see the case: they see its reference alone."""

    case: str
    reference: str
    url: str
    shown: Shown

    @property
    def chosen(self) -> bool:
        """Whether its box is ticked to begin with: what cannot move is left out."""
        return not self.shown.refusal or self.shown.second


@dataclass(frozen=True, slots=True)
class Renamed:
    """Something of an edition in use that the other has not: what stands for it there is chosen."""

    name: str
    title: str
    chosen: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the cases that a plan is about, with what it asks to be said. ``agreed`` is the digest of what was shown: of the page
    where its cases are chosen, of the whole list where somebody signs for all, ``signed`` of them, ``open_to`` with their details."""

    plan: Plan
    onto: Pathway
    page: Page[str]
    cases: list[MovableCase]
    renamed: list[Renamed]
    agreed: str
    signed: int = 0
    open_to: int = 0

    @property
    def second(self) -> bool:
        return any(one.shown.second for one in self.cases)

    @property
    def filters(self) -> str:
        """The plan as the beginning of a query, for the next page."""
        said = {"to": self.plan.to, **{one.name: one.chosen for one in self.renamed if one.chosen}}
        return urlencode(said) + "&"


def read_plan(pathway: str, sent: Mapping[str, str]) -> Plan:
    """The plan as a form sends it: to the current edition unless another is named. Raises Http404."""
    known = [digest for digest, _since, _by in list_editions(pathway)] if "\x00" not in pathway else []
    to = sent.get("to") or (known[0] if known else "")
    if to not in known:
        raise Http404

    def names(prefix: str) -> dict[str, str]:
        return {key.removeprefix(prefix): sent[key] for key in sent if key.startswith(prefix) and sent[key]}

    return Plan(pathway, to, names(OBLIGATION), names(LADDER))


def sure_of(plan: Plan, chosen: Iterable[str], shown: Preview) -> Plan:
    """The plan for those of the chosen that were shown."""
    known = {one.case for one in shown.cases}
    return replace(plan, cases=tuple(case for case in dict.fromkeys(chosen) if case in known))


def preview(plan: Plan, look: Seen, number: str) -> Preview:
    """What would happen if the viewer did it now, a page of cases at a time; nothing is written."""
    page = Paginator(cases_to_move(plan), PAGE).get_page(number)
    here = tuple(page.object_list)
    shown = list(show_move(office.the_desk(), replace(plan, cases=here), look.viewer.staff)) if here else []
    onto = get_edition(plan.to)
    return Preview(plan, onto, page, _movable(shown, look), _renamed(plan, onto), digest_of(shown))


def preview_to_sign(plan: Plan, look: Seen, number: str, asked_by: str) -> Preview:
    """The same for a second person. Each page of it speaks of the whole list: that is what they sign."""
    whole = list(show_move(office.the_desk(), plan, look.viewer.staff, asked_by))
    page = Paginator([one.case for one in whole], PAGE).get_page(number)
    here = set(page.object_list)
    moves = [one.case for one in whole if not one.refusal]
    open_to = _open_to(look, moves)
    cases = _movable([one for one in whole if one.case in here], look)
    return Preview(plan, get_edition(plan.to), page, cases, [], digest_of(whole), len(moves), len(open_to))


def _movable(shown: Sequence[Shown], look: Seen) -> list[MovableCase]:
    mine = _open_to(look, [one.case for one in shown])
    return [
        MovableCase(one.case, hex_of(one.case)[:8], case_url(one.case) if one.case in mine else "", one)
        for one in shown
    ]


def _open_to(look: Seen, cases: Sequence[str]) -> set[str]:
    """Those of the cases that the viewer may see; asked for some at a time, as a database takes only so many values."""
    rows = cases_for(look.viewer, look.directory)
    parts = (cases[start : start + MANY] for start in range(0, len(cases), MANY))
    return {case for part in parts for case in rows.filter(case__in=part).values_list("case", flat=True)}


def _renamed(plan: Plan, onto: Pathway) -> list[Renamed]:
    rows = CaseRow.objects.filter(pathway=plan.pathway, status="open").exclude(edition=plan.to)
    used = [get_edition(digest) for digest in rows.order_by().values_list("edition", flat=True).distinct()]
    gone = {owed.id: owed.owed for one in used for owed in one.obligations if not onto.find_obligation(owed.id)}
    there = {ladder.id for ladder in onto.ladders}
    lost = {ladder.id: spaced(ladder.id) for one in used for ladder in one.ladders if ladder.id not in there}
    owed_there = tuple((owed.id, owed.owed) for owed in onto.obligations)
    ladders_there = tuple((ladder.id, spaced(ladder.id)) for ladder in onto.ladders)
    return [
        *(Renamed(OBLIGATION + id, says, plan.obligations.get(id, ""), owed_there) for id, says in gone.items()),
        *(Renamed(LADDER + id, says, plan.ladders.get(id, ""), ladders_there) for id, says in lost.items()),
    ]
