"""What is owed, as one page of a list reads it: one statement by hand, which stops at the rows that the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from holdfast.ledger.sql import instant, stored

_COLUMNS = 'id, "case", promise, kind, status, owner, team, due_at, rings, rung, tier_rank, started_by, task'
# In the words of the partial indexes: SQLite uses one only when the query holds its condition as it stands there.
_OWED = f"SELECT {_COLUMNS} FROM worklist_promise w WHERE status IN ('open', 'breached')"  # noqa: S608


class Owing(NamedTuple):
    """One promise that is owed; the columns of ``Promised``."""

    id: int
    case: str
    promise: str
    kind: str
    status: str
    owner: str
    team: str
    due_at: datetime
    rings: datetime
    rung: int
    tier_rank: int
    started_by: str
    task: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A list of what is owed, the first due first. Each of ``parts`` is a condition with its arguments that one index gives in order
    of being due; no promise is in two. They are read apart, each only as far as the page goes, and merged: read as one condition
    they would all have to be sorted. ``order`` is another order to read them in, for which no index stands ready."""

    parts: tuple[tuple[str, tuple[Any, ...]], ...]
    order: str = "due_at, id"

    def due_by(self, at: datetime) -> Owed:
        """Those due at ``at`` or before."""
        return self._only("due_at <= %s", stored(at))

    def at_risk_first(self) -> Owed:
        """The order of a review: the most acute tier first, within it what is due soonest (TRK-03)."""
        return replace(self, order=f"tier_rank, {self.order}")

    def after(self, due: datetime, id: int) -> Owed:
        """Those that come after this place in the list."""
        return self._only("due_at >= %s AND (due_at > %s OR id > %s)", stored(due), stored(due), id)

    def after_risk(self, rank: int, due: datetime, id: int) -> Owed:
        """Those that come after this place in the order of a review."""
        behind = "due_at > %s OR due_at = %s AND id > %s"
        return self._only(
            f"(tier_rank > %s OR tier_rank = %s AND ({behind}))", rank, rank, stored(due), stored(due), id
        )

    def count(self) -> int:
        if not self.parts:
            return 0
        counts = " + ".join(f"(SELECT COUNT(*) FROM ({_OWED} AND {where}) c)" for where, _ in self.parts)  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}", self._arguments())
            return int(cursor.fetchone()[0])

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[Owing]:
        return iter(self[:])

    def __getitem__(self, wanted: slice) -> list[Owing]:
        """The rows from ``start`` to ``stop``, as a paginator asks for them."""
        if not self.parts:
            return []
        first, last = wanted.start or 0, wanted.stop
        cut = "" if last is None else f" LIMIT {int(last)}"
        read = [f"{_OWED} AND {where} ORDER BY {self.order}{cut}" for where, _ in self.parts]
        if len(read) > 1:
            merged = " UNION ALL ".join(f"SELECT * FROM ({part}) p" for part in read)  # noqa: S608
            read = [f"{merged} ORDER BY {self.order}{cut}"]
        with connection.cursor() as cursor:
            cursor.execute(read[0], self._arguments())
            rows = cursor.fetchall()[first:]
        return [Owing._make([*row[:7], instant(row[7]), instant(row[8]), *row[9:12], bool(row[12])]) for row in rows]

    def _only(self, where: str, *arguments: Any) -> Owed:
        parts = tuple((f"{kept} AND {where}", (*given, *arguments)) for kept, given in self.parts)
        return replace(self, parts=parts)

    def _arguments(self) -> list[Any]:
        return [argument for _, given in self.parts for argument in given]


#: More members than this are read as one part: a statement of a hundred parts takes longer to plan than their rows to sort.
MOST_PARTS = 20


def owed_by(staff: set[str] | frozenset[str]) -> Owed:
    """What these people owe by name."""
    named = sorted(staff)
    if len(named) <= MOST_PARTS:
        return Owed(tuple(("owner = %s", (one,)) for one in named))
    return Owed(((f"owner IN ({', '.join(['%s'] * len(named))})", tuple(named)),))


def owed_in(team: str, members: list[str]) -> Owed:
    """What a team owes as such, and what its members owe by name on the cases that concern it."""
    # By its length, so that no engine takes the index by team: what has no team is nearly everybody's.
    here = 'LENGTH(team) = 0 AND EXISTS (SELECT 1 FROM worklist_part c WHERE c.concerned = %s AND c."case" = w."case")'
    if len(members) <= MOST_PARTS:
        return Owed((("team = %s", (team,)), *((f"owner = %s AND {here}", (one, team)) for one in members)))
    marks = ", ".join(["%s"] * len(members))
    return Owed((("team = %s", (team,)), (f"owner IN ({marks}) AND {here}", (*members, team))))
