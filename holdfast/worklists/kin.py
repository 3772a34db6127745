"""The cases that one case came from and led to, each only as far as the one who looks may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.core.access import Viewer
from holdfast.core.parties import Directory
from holdfast.core.state import State
from holdfast.pathways.editions import get_edition
from holdfast.worklists.models import CaseRow
from holdfast.worklists.viewing import may_see_case


@dataclass(frozen=True, slots=True)
class Kin:
    """``title`` is that of its pathway. Where the viewer may not see the case there is no row: only that there is a case is told."""

    row: CaseRow | None = None
    title: str = ""


def came_from(viewer: Viewer, directory: Directory, state: State, at: datetime) -> Kin | None:
    """The case that this one was begun from; None for a case that a person opened."""
    return _kin(viewer, directory, state.origin, at) if state.origin else None


def led_to(viewer: Viewer, directory: Directory, state: State, at: datetime) -> list[Kin]:
    """The cases begun from this one, in the order in which they were opened."""
    rows = CaseRow.objects.filter(case__in=state.begun).order_by("opened_at", "case").values_list("case", flat=True)
    return [_kin(viewer, directory, case, at) for case in rows]


def _kin(viewer: Viewer, directory: Directory, case: str, at: datetime) -> Kin:
    row = CaseRow.objects.filter(case=case).first() if may_see_case(viewer, directory, case, at) else None
    return Kin(row, get_edition(row.edition).title) if row is not None else Kin()
