"""One file under examination: its shape, its lines, and the faults found so far."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from holdfast.core.meant import how_to_answer, is_meant
from holdfast.pathways.fault import Fault, Path
from holdfast.pathways.shape import FieldShape, GroupShape, PathwayShape, Record
from holdfast.pathways.source import Source

#: How checks call somebody who acts, owes or is told.
PEOPLE = ("duty", "role in this case", "one person in this case called", "name")
#: How a file comes to have what a block speaks of, where the word for it does not say it.
HAS = {
    "moment": "a step that emits '{name}', its own or of another block",
    "fact": "the question '{name}' in its packet",
    "packet field": "the question '{name}' in its packet",
    "answer": "the question '{name}' in a step",
    "ladder": "'{name}' under ladders",
}


@dataclass(slots=True)
class Examination:
    """Checks add to `faults`; a path that is not in the file counts for the nearest part above it that is."""

    shape: PathwayShape
    source: Source
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, says: str, remedy: str = "", wants: str = "") -> None:
        self.faults.append(Fault(self.source.line_of(path), self._written(path), says, remedy, wants=wants))

    def question(self, path: Path, says: str, remedy: str = "", wants: str = "") -> None:
        """A doubt; where it has no ``remedy`` of its own, the file may answer it under ``meant``."""
        place = self._written(path)
        if not remedy and is_meant(place, self.shape.meant):
            return
        remedy = remedy or how_to_answer(place)
        self.faults.append(Fault(self.source.line_of(path), place, says, remedy, "question", wants=wants))

    def known(self, path: Path, name: str, among: Collection[str], what: str) -> bool:
        """Whether `name` is one of them; if not, that is a fault with the nearest name or the whole list."""
        if name in among:
            return True
        self.fault(path, f"There is no {what} '{name}'.", suggestion(name, among), self._wanted(path, name, what))
        return False

    def _wanted(self, path: Path, name: str, what: str) -> str:
        """What a file must have, where a block that it uses speaks of a name that is nowhere."""
        party, dot, duty = name.partition(".")
        if what not in PEOPLE:
            has = HAS.get(what, f"the {what} '{{name}}'").format(name=name)
        elif not dot:
            has = f"{name}: {{ ask, role }} under named, or another block that brings it"
        elif party not in self.shape.parties:
            has = f"a party '{party}'" + (f" with the duty '{duty}'" if duty != "any" else "")
        else:
            has = f"{duty}: ROLE among the duties of the party '{party}'"
        own = f"; or {otherwise(path)}" if path[0] == "obligations" and len(path) > 2 else ""
        return f"The block speaks of it. Your file must have {has}{own}."

    def _written(self, path: Path) -> Path:
        while path and path not in self.source.lines:
            path = path[:-1]
        return path


def otherwise(path: Path) -> str:
    """What to write in a file that takes a thing from a block, to say what a key of it is there."""
    return f"write in your file {path[0]}: {path[1]}: {{ from: BLOCK, {path[2]}: ... }}"


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
