"""Where each part of a pathway stands in its file, and what is noted there: its source, or why it is so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from holdfast.pathways.expansion import Expanded
from holdfast.pathways.fault import Path
from holdfast.pathways.source import read_source

_PARTS = {
    "parties": "Party",
    "named": "Named person",
    "tiers": "Tier",
    "packet": "Part of the packet",
    "gates": "Gate",
    "steps": "Step",
    "obligations": "Owed",
    "ladders": "Ladder",
    "endpoints": "End",
    "validations": "Asked by an auditor",
}
#: A note begins at the start of a line or after a space, outside quotes; lines with quotes around a '#' have none.
_NOTE = re.compile(r"(?:^|\s)#\s?(.*)$")


def taken_in_words(file: Expanded) -> str:
    """Markdown: what came from which shared block; nothing for a file that uses none."""
    if not file.taken:
        return ""
    said = ["", "## What comes from shared blocks", ""]
    for name, taken in file.taken.items():
        parts: dict[str, list[str]] = {}
        for key, id in taken:
            parts.setdefault(key, []).append(id)
        listed = "; ".join(f"{key} {', '.join(ids)}".rstrip() for key, ids in parts.items())
        said.append(f"- **{name}** ({file.titles[name]}): {listed}.")
    return "\n".join(said) + "\n"


def origins(file: Expanded) -> str:
    """A Markdown table: each part, its line, and the notes on that line, inside the part, or just above it."""
    source = read_source(file.text)
    lines = file.text.splitlines()
    found = [*_places(source.tree, source.lines)]
    ends = [line for _, _, line in found[1:]] + [len(lines) + 1]
    table = ["| Part | Called | Line | Noted there |", "| --- | --- | --- | --- |"]
    for (part, name, line), end in zip(found, ends, strict=True):
        notes = "; ".join([*_above(lines, line), *_within(lines, line, end)]).replace("|", "/")
        block, number = file.place(line)
        table.append(f"| {part} | `{name}` | {f'{block} {number}' if block else number} | {notes} |")
    return "\n".join(table) + "\n"


def _places(tree: Mapping[str, Any], at: Mapping[Path, int]) -> Iterator[tuple[str, str, int]]:
    places = []
    for key, part in _PARTS.items():
        held = tree.get(key, {})
        if isinstance(held, dict):
            places += [(part, str(id), at[path]) for id in held if (path := _path(key, id)) in at]
        else:
            for number, one in enumerate(held):
                name = str(one.get("id") or one.get("tier"))
                places.append((part, name, at[_path(key, number)]))
    yield from sorted(places, key=lambda place: place[2])


def _path(*parts: str | int) -> Path:
    return parts


def _note(line: str) -> str:
    found = _NOTE.search(line)
    return found[1].strip() if found and line.count('"', 0, found.start()) % 2 == 0 else ""


def _above(lines: list[str], line: int) -> Iterator[str]:
    """The lines of notes right above, in order."""
    first = line - 1
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    notes = (_note(one) for one in lines[first : line - 1])
    yield from (note for note in notes if note and not note.startswith("from the block "))


def _within(lines: list[str], line: int, end: int) -> Iterator[str]:
    """Notes beside what is written; those on lines of their own before ``end`` belong to what follows them."""
    last = end - 1
    while last > line and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    last = min(last, next((n for n in range(line, last) if re.match(r"[a-z]", lines[n])), last))
    yield from (note for one in lines[line - 1 : last] if (note := _note(one)))
