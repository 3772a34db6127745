"""Pathways and their editions as the pages show them: since when, by whom, how many open cases, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from holdfast.core.pathway import Pathway
from holdfast.core.work import SYSTEM
from holdfast.desk.moves import Move, cases_to_move, list_moves
from holdfast.desk.proposals import PUBLISHED, Proposal, list_proposals
from holdfast.doors.web.viewer import Seen
from holdfast.pathways.comparison import HEADINGS, compare
from holdfast.pathways.editions import get_edition, list_editions, list_latest
from holdfast.worklists.models import CaseRow


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits; ``number`` names it within its pathway."""

    pathway: str
    number: int
    title: str
    by: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One published edition. ``proposed_by`` and ``approved_by`` are names; the second is empty where it was set up by the machine."""

    digest: str
    since: datetime
    proposed_by: str
    approved_by: str
    open_cases: int
    current: bool

    @property
    def short(self) -> str:
        return self.digest[:12]


@dataclass(frozen=True, slots=True)
class PathwayLine:
    """One pathway of the list, with its current edition."""

    id: str
    title: str
    edition: EditionLine
    open_cases: int
    older: int
    waits: tuple[Waiting, ...]


def name_of(staff: str, look: Seen) -> str:
    """A person's name; what the machine did is said so."""
    if staff == SYSTEM:
        return _("Set up with the installation")
    person = look.directory.staff.get(staff)
    return person.name if person else staff


def waiting(look: Seen, pathway: str = "") -> list[Waiting]:
    """The proposals that wait, of one pathway or of all."""
    return [
        Waiting(p.pathway, p.number, p.title, name_of(p.by, look), p.at, p.by == look.viewer.staff)
        for p in list_proposals(pathway)
        if p.waits
    ]


def pathway_lines(look: Seen) -> list[PathwayLine]:
    """Every published pathway, by title: those with something to decide first."""
    waits = waiting(look)
    lines = [_line(pathway, look, tuple(w for w in waits if w.pathway == pathway.id)) for pathway in list_latest()]
    return sorted(lines, key=lambda line: (not line.waits, line.title))


def _line(pathway: Pathway, look: Seen, waits: tuple[Waiting, ...]) -> PathwayLine:
    editions = edition_lines(pathway.id, look)
    total = sum(one.open_cases for one in editions)
    return PathwayLine(pathway.id, pathway.title, editions[0], total, total - editions[0].open_cases, waits)


def edition_lines(pathway: str, look: Seen) -> list[EditionLine]:
    """The editions of a pathway, the current one first; empty for a pathway that is not published."""
    rows = CaseRow.objects.filter(pathway=pathway, status="open").order_by().values_list("edition")
    cases = dict(rows.annotate(Count("case")))
    asked = {p.digest: p for p in list_proposals(pathway) if p.status == PUBLISHED}
    lines = []
    for place, (digest, since, by) in enumerate(list_editions(pathway)):
        proposal = asked.get(digest)
        proposed, approved = (proposal.by, name_of(by, look)) if proposal else (by, "")
        lines.append(
            EditionLine(digest, since, name_of(proposed, look), approved, cases.get(digest, 0), current=place == 0)
        )
    return lines


def moves_left(pathway: str) -> list[tuple[Move, int]]:
    """Moves to the current edition that were asked for and did not move every case, with how many are left; the newest first."""
    latest = list_editions(pathway)[0][0]
    found = [(move, len(cases_to_move(move.plan))) for move in list_moves(pathway) if move.plan.to == latest]
    return [(move, left) for move, left in found if left]


def changes(before: Pathway, after: Pathway) -> list[tuple[str, list[str]]]:
    """The difference under its headings, what matters most first; nothing where nobody would notice anything."""
    found = compare(before, after)
    under = [(title, [one.says for one in found if one.heading == place]) for place, title in enumerate(HEADINGS)]
    return [(title, says) for title, says in under if says]


def decided(pathway: str, look: Seen) -> list[tuple[Proposal, str, str]]:
    """What became of earlier proposals, with the names of who proposed and who decided."""
    return [(p, name_of(p.by, look), name_of(p.decided_by, look)) for p in list_proposals(pathway) if not p.waits]


def edition_before(pathway: str, digest: str) -> Pathway | None:
    """The edition that this one followed."""
    digests = [one for one, _since, _by in list_editions(pathway)]
    place = digests.index(digest) + 1
    return get_edition(digests[place]) if place < len(digests) else None
