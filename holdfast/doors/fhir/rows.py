"""The rows of one packet field, gathered from several resources."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.core.arrivals import Prefill, Tally
from holdfast.doors.fhir.moments import Moment

ROWS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it `says` (without its date), `since` when, when that was `known`, and the type it came from."""

    says: tuple[tuple[str, str | None], ...]
    since: Moment | None
    known: datetime | None
    kind: str


def gather(field: str, rows: list[Row], source: str, tally: Tally) -> Prefill | None:
    """One Prefill with the newest row first; equal rows become one, since the earliest. None where there are none.

    No row means that nothing was said, never that there is nothing: the field then stays blank.
    """
    kept: dict[tuple[tuple[str, str | None], ...], Row] = {}
    for row in sorted(rows, key=_newest_first):
        if (same := kept.get(row.says)) is None:
            kept[row.says] = row
            continue
        tally.add(row.kind, "says the same as another, so one row stands for both")
        kept[row.says] = Row(row.says, _earlier(same.since, row.since), same.known, same.kind)
    lines = list(kept.values())
    for row in lines[ROWS_AT_MOST:]:
        tally.add(row.kind, f"is beyond the first {ROWS_AT_MOST} rows")
    lines = lines[:ROWS_AT_MOST]
    if not lines:
        return None
    value = [{**dict(row.says), "since": row.since.text if row.since else None} for row in lines]
    return Prefill(field, value, max((row.known for row in lines if row.known), default=None), source)


def _newest_first(row: Row) -> float:
    return -row.known.timestamp() if row.known else float("inf")


def _earlier(one: Moment | None, other: Moment | None) -> Moment | None:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda moment: moment.at)
