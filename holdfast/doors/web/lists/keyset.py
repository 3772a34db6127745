"""Pages by the last row seen: as quick at the end of a long list as at its beginning, and nothing is shown twice."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from holdfast.worklists.models import CaseRow

PAGE = 25


def mark_of(row: CaseRow) -> str:
    """The mark of the last row of a page: when it was opened and its pseudonym, nothing else."""
    return base64.urlsafe_b64encode(f"{row.opened_at.isoformat()} {row.case}".encode()).decode().rstrip("=")


def read_mark(mark: str) -> tuple[datetime, str] | None:
    """When the last case of the page before was opened, and its name; nothing for a mark that cannot be read: from the beginning."""
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode()
        at, _, case = text.partition(" ")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        return None
    return (moment, case) if moment.tzinfo is not None else None
