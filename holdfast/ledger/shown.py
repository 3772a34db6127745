"""The log of what was shown or sent to whom: rows are only added, and hold nothing clinical (INF-03, AUD-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from holdfast.ledger.sql import stored

#: Longest account of the consent or reason that is kept, in characters.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Showing:
    """One time that something of a case was before somebody's eyes.

    ``to`` is ``staff:<id>`` or ``team:<id>``, ``what`` a part of the case such as packet or evidence, ``door`` the way it went,
    ``under`` the consent or reason in the pathway's terms, "" within the team's own organisation.
    """

    stream: str
    at: datetime
    to: str
    what: str
    door: str
    under: str = ""


def note(showing: Showing) -> None:
    """Add one row. It joins the caller's transaction if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO ledger_shown (stream, at, "to", what, door, under) VALUES (%s, %s, %s, %s, %s, %s)',
            [
                showing.stream,
                stored(showing.at),
                showing.to,
                showing.what,
                showing.door,
                showing.under[:LONGEST],
            ],
        )
