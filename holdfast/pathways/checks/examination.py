"""One file under examination: its shape, its lines, and the faults found so far."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from holdfast.pathways.fault import Fault, Path
from holdfast.pathways.shape import FieldShape, GroupShape, PathwayShape, Record
from holdfast.pathways.source import Source


@dataclass(slots=True)
class Examination:
    """Checks add to `faults`; a path that is not in the file counts for the nearest part above it that is."""

    shape: PathwayShape
    source: Source
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, says: str, remedy: str = "") -> None:
        self.faults.append(Fault(self.source.line_of(path), self._written(path), says, remedy))

    def question(self, path: Path, says: str, remedy: str = "Check that it is meant.") -> None:
        self.faults.append(Fault(self.source.line_of(path), self._written(path), says, remedy, "question"))

    def known(self, path: Path, name: str, among: Collection[str], what: str) -> bool:
        """Whether `name` is one of them; if not, that is a fault with the nearest name or the whole list."""
        if name in among:
            return True
        self.fault(path, f"There is no {what} '{name}'.", suggestion(name, among))
        return False

    def _written(self, path: Path) -> Path:
        while path and path not in self.source.lines:
            path = path[:-1]
        return path


def suggestion(name: str, among: Collection[str]) -> str:
    """What to write instead of an unknown name."""
    if close := difflib.get_close_matches(name, sorted(among), 1):
        return f"Did you mean '{close[0]}'?"
    shown = sorted(among)
    return (
        f"There is: {', '.join(shown[:12])}{' ...' if len(shown) > 12 else ''}." if shown else "None is written down."
    )


def fields_in(records: Iterable[Record], path: Path) -> Iterator[tuple[Path, FieldShape]]:
    """Each field with its place, those in groups too."""
    for number, record in enumerate(records):
        if isinstance(record, GroupShape):
            yield from ((((*path, number, "fields", place)), one) for place, one in enumerate(record.fields))
        else:
            yield (*path, number), record


def records_in(shape: PathwayShape) -> Iterator[tuple[Path, list[Record]]]:
    """Each form that somebody fills in besides the packet, with its place: steps, obligations, endpoints."""
    for id, step in shape.steps.items():
        yield ("steps", id, "records"), step.records
    for id, obligation in shape.obligations.items():
        yield ("obligations", id, "records"), obligation.records
    for id, endpoint in shape.endpoints.items():
        yield ("endpoints", id, "records"), endpoint.records


def packet_fields(shape: PathwayShape) -> dict[str, FieldShape]:
    """The fields of the packet by id."""
    return answers_of(record for part in shape.packet.values() for record in part.fields)


def answers_of(records: Iterable[Record]) -> dict[str, FieldShape]:
    """The fields of forms by id; where one id is there twice, the first."""
    found: dict[str, FieldShape] = {}
    for _, one in fields_in(records, ()):
        found.setdefault(one.id, one)
    return found
