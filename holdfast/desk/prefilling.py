"""What a notice suggests for the packet, as unconfirmed answers; what no field can take is listed (EVT-01, PKT-09)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from holdfast.core.answers import GIVEN, Problem, RawAnswer, read_answer
from holdfast.core.arrivals import Prefill, Unused
from holdfast.core.pathway import Field, Pathway

#: Stands in a needed column that the notice leaves empty: a medicine is not left off because its dose is not known.
NOT_STATED = "not stated in the message"


def prefilled(prefills: Iterable[Prefill], pathway: Pathway) -> tuple[dict[str, RawAnswer], list[Unused]]:
    """Field id to unconfirmed answer with its age and source; and what could not be used, without values."""
    answers: dict[str, RawAnswer] = {}
    unused: list[Unused] = []
    for prefill in prefills:
        field = pathway.find_field(prefill.field)
        if field is None:
            unused.append(Unused(prefill.field, "the packet of this pathway does not ask for it", 1))
            continue
        value, lacking = _fitted(field, prefill.value)
        raw = RawAnswer(GIVEN, value, prefill.as_of, unconfirmed=True, source=prefill.source)
        if isinstance(read_answer(field, raw), Problem):
            unused.append(Unused(prefill.field, "is not an answer that the packet can take", 1))
            continue
        answers[prefill.field] = raw
        unused += [Unused(f"{prefill.field}: {label}", f"is {NOT_STATED}", count) for label, count in lacking.items()]
    return answers, unused


def _fitted(field: Field, value: Any) -> tuple[Any, dict[str, int]]:
    """The value as the field keeps it, and how often each needed column was empty."""
    if field.kind != "list" or not isinstance(value, list):
        return value, {}
    lacking: dict[str, int] = {}
    rows = []
    for row in value:
        cells = {column.id: str(row.get(column.id) or "").strip() for column in field.columns}
        if not any(cells.values()):
            continue
        for column in field.columns:
            if column.needed and not cells[column.id]:
                cells[column.id] = NOT_STATED
                lacking[column.label] = lacking.get(column.label, 0) + 1
        rows.append(cells)
    return rows, lacking
