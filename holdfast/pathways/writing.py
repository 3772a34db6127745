"""A pathway file or a block as it is written: its lines, each with the place it comes from, and what stands at a path."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from holdfast.pathways.blocks import shipped_blocks
from holdfast.pathways.fault import Fault, Path, PathwayFaults
from holdfast.pathways.source import Source, Tree, read_source

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/+()'-]*[A-Za-z0-9._/+()'-])?")
_NOT_PLAIN = {"true", "false", "null"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and its number (from 1) in the block where it was written; no block is the pathway file itself."""

    text: str
    block: str
    number: int


@dataclass(frozen=True)
class Writing:
    """Lines that are one document, read."""

    lines: Sequence[Line]
    source: Source

    def value(self, path: Path) -> Tree:
        """What is written at `path`."""
        value: Tree = self.source.tree
        for part in path:
            value = value[part]  # type: ignore[index]
        return value

    def line(self, path: Path) -> Line:
        """The line at which `path` begins."""
        return self.lines[self.source.line_of(path) - 1]

    def fault(self, path: Path, says: str, remedy: str) -> Fault:
        line = self.line(path)
        return Fault(line.number, path, says, remedy, block=line.block)

    def ids(self, part: str, named_by: str = "") -> dict[str, Path]:
        """The path of each thing under a key of the file: a mapping by id, or a list whose items have an id."""
        held = self.source.tree.get(part, {})
        if isinstance(held, dict):
            return {id: (part, id) for id in held}
        items = enumerate(held) if isinstance(held, list) else ()
        return {str(item[named_by]): (part, n) for n, item in items if isinstance(item, dict) and named_by in item}

    def span(self, path: Path) -> tuple[int, int] | None:
        """First and last line (from 1, notes above it included) of what has its lines to itself; None if it has not."""
        start, key = self.source.lines[path], path[-1]
        text = self.lines[start - 1].text.lstrip()
        if not (text.startswith("- ") if isinstance(key, int) else text.startswith(f"{key}:")):
            return None
        starts = self._starts(len(path))
        after = bisect_right(starts, start)
        if after >= 2 and starts[after - 2] == start:
            return None
        end = self._lead(starts[after]) - 1 if after < len(starts) else len(self.lines)
        return self._lead(start), end

    def segment(self, path: Path, indent: int) -> list[Line]:
        """The lines of `path` with `indent` spaces before it; what shares its line with others is written out anew."""
        start = self.source.lines[path]
        if (span := self.span(path)) is None:
            head = "-" if isinstance(path[-1], int) else f"{flow(path[-1])}:"
            return [self.made(path, f"{' ' * indent}{head} {flow(self.value(path))}")]
        move = indent - _indent(self.lines[start - 1].text)
        lines = [_moved(line, move) for line in self.lines[span[0] - 1 : span[1]]]
        while not lines[-1].text.strip():
            lines.pop()
        return lines

    def made(self, path: Path, text: str) -> Line:
        """A line that is not written so, and stands for what is at `path`."""
        line = self.line(path)
        return Line(text, line.block, line.number)

    def _lead(self, start: int) -> int:
        """Where the notes right above a line begin."""
        indent = _indent(self.lines[start - 1].text)
        while start > 1 and self.lines[start - 2].text.startswith(" " * indent + "#"):
            start -= 1
        return start

    def _starts(self, depth: int) -> list[int]:
        if depth not in self._starts_at:
            self._starts_at[depth] = sorted(n for path, n in self.source.lines.items() if len(path) <= depth)
        return self._starts_at[depth]

    @cached_property
    def _starts_at(self) -> dict[int, list[int]]:
        return {}


def read_writing(lines: Sequence[Line]) -> Writing:
    """Read lines as one document; raises PathwayFaults, each at the place that its line comes from."""
    try:
        return Writing(lines, read_source("\n".join(line.text for line in lines) + "\n"))
    except PathwayFaults as found:
        raise PathwayFaults(placed(lines, found.faults)) from None


def lines_of(text: str, block: str = "") -> list[Line]:
    """The lines of a file, or of a block with that name."""
    return [Line(line, block, number) for number, line in enumerate(text.split("\n"), 1)]


def placed(lines: Sequence[Line], faults: Iterable[Fault]) -> list[Fault]:
    """Faults of a document that was put together, each at the line and the block where it was written."""
    found = []
    for fault in faults:
        line = lines[min(fault.line, len(lines)) - 1]
        remedy = fault.remedy
        if line.block and fault.wants:
            wants = fault.wants.replace("BLOCK", line.block)
            remedy = wants if line.block in shipped_blocks() else f"{wants} Or, in the block: {remedy}"
        found.append(Fault(line.number, fault.path, fault.says, remedy, fault.kind, line.block))
    return found


def flow(value: Tree | int) -> str:
    """A value on one line, as YAML that reads back the same."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(flow(item) for item in value)}]"
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if plain else json.dumps(text, ensure_ascii=False)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _moved(line: Line, by: int) -> Line:
    if not by or not line.text.strip():
        return line
    text = " " * by + line.text if by > 0 else line.text[min(-by, _indent(line.text)) :]
    return Line(text, line.block, line.number)
