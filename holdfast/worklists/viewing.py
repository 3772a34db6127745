"""Queries that start from a viewer: nobody sees a row of a case that is none of their business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from holdfast.core.access import Viewer, concerned_places, stands_for
from holdfast.core.parties import Directory
from holdfast.worklists import owing
from holdfast.worklists.models import Called, CaseRow, Exceptional, Part, Promised

OWED = ("open", "breached")


class Owed(Func):
    """Whether a promise is still owed, in the words of the indexes of owed promises: SQLite uses a partial index only when the
    query holds its condition as it stands there, and not when it comes as parameters."""

    template = "%(expressions)s IN ('open', 'breached')"
    output_field = BooleanField()

    def __init__(self) -> None:
        super().__init__(F("status"))


def cases_for(viewer: Viewer, directory: Directory, at: datetime | None = None) -> QuerySet[CaseRow]:
    """The cases that ``viewer`` may see; with ``at``, also those of people they cover for then (OWN-04)."""
    places = concerned_places(viewer, directory, at)
    return CaseRow.objects.filter(case__in=Part.objects.filter(concerned__in=places).values("case"))


def latest_cases(
    viewer: Viewer,
    directory: Directory,
    filters: Mapping[str, str],
    behind: tuple[datetime, str] | None,
    most: int,
    at: datetime | None = None,
) -> list[CaseRow]:
    """Up to ``most`` cases that ``viewer`` may see, latest first, from behind the case that was opened then and has that name.

    ``filters``: what columns of the case must hold; an empty text is no filter. It goes by the viewer's own parts: a database that joins
    them with the cases reads those of everybody else as well, once they are many.
    """
    parts = _parts(viewer, directory, at)
    for name, wanted in filters.items():
        if wanted and name == "status":  # a part knows it itself
            parts = parts.filter(status=wanted)
        elif wanted:
            parts = parts.annotate(**{f"its_{name}": _its(name)}).filter(**{f"its_{name}": wanted})
    if behind is not None:
        parts = parts.filter(Q(opened_at__lt=behind[0]) | Q(opened_at=behind[0], case__gt=behind[1]))
    names = [
        case for case, _ in parts.order_by("-opened_at", "case").values_list("case", "opened_at").distinct()[:most]
    ]
    rows = CaseRow.objects.in_bulk(names)
    return [rows[name] for name in names if name in rows]


def editions_for(viewer: Viewer, directory: Directory) -> list[str]:
    """The editions that the viewer's cases go by."""
    editions = _parts(viewer, directory).annotate(edition=_its("edition")).values_list("edition", flat=True).distinct()
    return sorted(edition for edition in editions if edition)


def _parts(viewer: Viewer, directory: Directory, at: datetime | None = None) -> QuerySet[Part]:
    return Part.objects.filter(concerned__in=concerned_places(viewer, directory, at)).order_by()


def _its(name: str) -> Subquery:
    """A column of the case of a part, looked up by the case's name."""
    return Subquery(CaseRow.objects.filter(case=OuterRef("case")).values(name)[:1])


def may_see_case(viewer: Viewer, directory: Directory, case: str, at: datetime | None = None) -> bool:
    places = sorted(concerned_places(viewer, directory, at))
    if not places:
        return False
    marks = ", ".join(["%s"] * len(places))
    with connection.cursor() as cursor:
        # Asked before every deed and every page of a case, so in plain SQL.
        cursor.execute(
            f'SELECT 1 FROM worklist_part WHERE "case" = %s AND concerned IN ({marks}) LIMIT 1',  # noqa: S608
            [case, *places],
        )
        if cursor.fetchone() is not None:
            return True
    names = {viewer.staff} if at is None else stands_for(viewer, directory, at)
    # Whoever a ladder calls must be able to look, also a cover who has no other part in it, until it is settled.
    return viewer.staff in places and Called.objects.filter(case=case, staff__in=names).exists()


def my_work(viewer: Viewer, directory: Directory, at: datetime) -> owing.Owed:
    """What the viewer owes, and what people owe for whom they stand in at ``at``; overdue by how long, then by due time."""
    return owing.owed_by(stands_for(viewer, directory, at))


def called_to(viewer: Viewer, directory: Directory, at: datetime) -> QuerySet[Called]:
    """What ladders called the viewer about and others owe, or those for whom they stand in; the latest call first (ESC-01)."""
    names = stands_for(viewer, directory, at)
    theirs = Promised.objects.filter(case=OuterRef("case"), promise=OuterRef("promise"), owner__in=names)
    return Called.objects.filter(~Exists(theirs), staff__in=names).order_by("-at", "id")


def team_work(viewer: Viewer, directory: Directory, team: str) -> owing.Owed:
    """Everything owed by a team the viewer belongs to or oversees; nothing otherwise.

    What a member owes by name, as the holder or in a named role, is their team's as well, on the cases that concern the team.
    """
    if team not in concerned_places(viewer, directory):
        return owing.Owed(())
    members = [person.id for person in directory.staff.values() if any(place == team for place, _ in person.roles)]
    return owing.owed_in(team, sorted(members))


def exceptions_for(viewer: Viewer, directory: Directory) -> QuerySet[Exceptional]:
    """Breaches, overrides, failures and late records of the viewer's cases, newest first; none is left out."""
    cases = Part.objects.filter(concerned__in=concerned_places(viewer, directory)).values("case")
    return Exceptional.objects.filter(case__in=cases).order_by("-at", "case", "entry", "place")


def overdue(viewer: Viewer, directory: Directory, now: datetime) -> int:
    return my_work(viewer, directory, now).due_by(now).count()
