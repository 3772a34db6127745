"""Pages by the last row seen: as quick at the end of a long list as at its beginning, and nothing is shown twice."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from django.db.models import Q, QuerySet

from holdfast.worklists.models import CaseRow

PAGE = 25


def after(rows: QuerySet[CaseRow], mark: str) -> QuerySet[CaseRow]:
    """The rows behind the mark, newest first; from the beginning for a mark that cannot be read."""
    rows = rows.order_by("-opened_at", "case")
    place = _read(mark)
    if place is None:
        return rows
    at, case = place
    return rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, case__gt=case))


def mark_of(row: CaseRow) -> str:
    """The mark of the last row of a page: when it was opened and its pseudonym, nothing else."""
    return base64.urlsafe_b64encode(f"{row.opened_at.isoformat()} {row.case}".encode()).decode().rstrip("=")


def _read(mark: str) -> tuple[datetime, str] | None:
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode()
        at, _, case = text.partition(" ")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        return None
    return (moment, case) if moment.tzinfo is not None else None
