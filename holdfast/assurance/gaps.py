"""Gaps in the rosters of teams that take part in a pathway, with whoever has to mend them, days ahead (BEY-03, HZ-16, ESC-03)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max, Min

from holdfast.core.access import Viewer, concerned_places, may_do_admin
from holdfast.core.gaps import NO_DAY, NO_MAIL, NO_NIGHT, NOBODY, Gap, find_gaps, needed_duties
from holdfast.core.parties import Directory
from holdfast.directory.items import ROUTE
from holdfast.directory.writing import all_items
from holdfast.ledger.models import Head
from holdfast.pathways.editions import list_latest
from holdfast.worklists.models import CaseRow, Part

_SAYS = {
    NOBODY: "nobody answers as {role}: only the supervisor or the last resort would",
    NO_MAIL: "{staff} answers as {role} and has no e-mail address",
    NO_DAY: "{staff} answers as {role} and has no phone number",
    NO_NIGHT: "{staff} answers as {role} outside service hours and has no phone number for then",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A gap, in a sentence, and its ``owner``: the team's supervisor, or the last resort of its organisation.

    What one number would mend is found once: ``gap`` is from the first of its ``times`` to the end of the last."""

    gap: Gap
    says: str
    owner: str
    times: int = 1


def gaps_ahead(directory: Directory, now: datetime) -> list[Found]:
    """Every gap of every duty that a published edition needs in a team that takes part in it; the soonest first."""
    wanted = sorted(set(_wanted(directory)))
    gaps = [one for team, role in wanted for one in _mended_at_once(find_gaps(directory, team, role, now))]
    found = [Found(gap, _words(gap, times, directory), _owner(gap, directory, now), times) for gap, times in gaps]
    return sorted(found, key=lambda one: (one.gap.start, one.gap.team, one.gap.role))


def gaps_for(viewer: Viewer, directory: Directory, now: datetime) -> list[Found]:
    """Those of the teams whose cases the viewer may see, and of the organisations that they administer."""
    places = concerned_places(viewer, directory)
    teams = {
        t.id for t in directory.teams.values() if t.id in places or may_do_admin(viewer, directory, t.organisation)
    }
    return [found for found in gaps_ahead(directory, now) if found.gap.team in teams]


def _mended_at_once(gaps: Iterable[Gap]) -> Iterator[tuple[Gap, int]]:
    """Each gap with 1; those of one person for want of the same thing as one, with how many they are: one deed mends them all."""
    missing: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        if gap.why == NOBODY:
            yield gap, 1
        else:
            missing.setdefault((gap.staff, gap.why), []).append(gap)
    for same in missing.values():
        yield replace(same[0], end=same[-1].end), len(same)


def _wanted(directory: Directory) -> Iterator[tuple[str, str]]:
    """Team and role: by the routes of what arrives, and by the cases that are open."""
    duties = {pathway.id: needed_duties(pathway) for pathway in list_latest()}
    parts = [
        (body["pathway"], party, body[party])
        for kind, _, body in all_items()
        if kind == ROUTE
        for party in ("sender", "receiver")
    ]
    for pathway, party, team in (*parts, *_open_parts(directory)):
        for role in duties.get(pathway, {}).get(party, ()):
            yield team, role


def _open_parts(directory: Directory) -> set[tuple[str, str, str]]:
    """Pathway, party and team of open cases: the first and the last case of each pair stand for all of them."""
    pairs: set[str] = set()
    for pathway in CaseRow.objects.filter(status="open").values_list("pathway", flat=True).distinct():
        cases = CaseRow.objects.filter(status="open", pathway=pathway).values("case")
        near = Part.objects.filter(concerned__in=list(directory.teams), case__in=cases).values("concerned")
        for ends in near.annotate(first=Min("case"), last=Max("case")).values_list("first", "last"):
            pairs |= set(ends)
    found = set()
    for text in Head.objects.filter(stream__in=pairs).values_list("state", flat=True):
        state = json.loads(text)
        found |= {(state["pathway"], party, team) for party, team in state["parties"].items()}
    return found


def _words(gap: Gap, times: int, directory: Directory) -> str:
    person = directory.staff.get(gap.staff)
    said = _SAYS[gap.why].format(role=gap.role.replace("-", " "), staff=person.name if person else "")
    often = f", {times} times" if times > 1 else ""
    return (
        f"{directory.teams[gap.team].name}, {gap.start:%Y-%m-%d %H:%M} to {gap.end:%Y-%m-%d %H:%M} UTC{often}: {said}."
    )


def _owner(gap: Gap, directory: Directory, now: datetime) -> str:
    return directory.on_duty(gap.team, "supervisor", now) or directory.last_resort(gap.team)
