"""The tables of the read models as statements write them: columns, and what tells the rows of one case apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` are the columns by which a row of one case is known among that case's rows, which column ``of`` names."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    of: str = "case"


CASE = Table(
    "worklist_case",
    (
        *("case", "subject", "pathway", "edition", "status", "tier", "tier_rank", "holder", "stage", "endpoint"),
        *("opened_at", "window_ends", "next_ring"),
    ),
)
PROMISE = Table(
    "worklist_promise",
    (
        *("case", "promise", "kind", "status", "owner", "team", "due_at", "rings", "rung", "tier_rank"),
        *("started_by", "task"),
    ),
    ("promise",),
)
PART = Table("worklist_part", ("case", "concerned", "status", "opened_at"), ("concerned",))
CALLED = Table("worklist_called", ("case", "promise", "staff", "role", "because", "at"), ("promise", "staff"))
HOLDING = Table("worklist_holding", ("case", "turn", "holder", "since", "until", "entry", "why"), ("turn",))
EXCEPTION = Table(
    "worklist_exception", ("case", "entry", "place", "kind", "what", "at", "tier_rank"), ("entry", "place")
)
TABLES = (CASE, PART, PROMISE, CALLED, HOLDING, EXCEPTION)
