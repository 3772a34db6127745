"""One way in which a derived row is not what the record gives."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Rows = Mapping[Hashable, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """In which ``table``, at which ``key``, and what in a sentence: it names columns, never values. ``mends``: whether a rebuild can."""

    table: str
    key: str
    says: str
    mends: bool = True

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.says}"


def differences(table: str, of: str, live: Rows, remade: Rows) -> Iterator[Difference]:
    """Row by row: what is missing, what is too many, and which columns differ."""
    if live == remade:
        return
    for key in sorted({*live, *remade}, key=str):
        name = of if key == of else f"{of} {key}".strip()
        if key not in live:
            yield Difference(table, name, "a row is missing")
        elif key not in remade:
            yield Difference(table, name, "a row is there that the record does not give")
        elif live[key] != remade[key]:
            columns = sorted(c for c in {*live[key], *remade[key]} if live[key].get(c) != remade[key].get(c))
            yield Difference(table, name, f"the record gives another {', '.join(columns)}")
