"""What is wrong with a pathway file: the line, what it says there, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at `line` (from 1) of the file, or of the `block` that it uses.

    A `question` is a doubt to which the answer may be that it is meant. ``wants`` says, for a name that is nowhere, what a file
    must have so that it is there: the remedy where the name stands in a block, which is not the file's to change.
    """

    line: int
    path: Path
    says: str
    remedy: str
    kind: Literal["fault", "question"] = "fault"
    block: str = ""
    wants: str = ""

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.path)
        file = f"block {self.block}, " if self.block else ""
        return f"{file}line {self.line}{f' ({where})' if where else ''}: {self.says} {self.remedy}".rstrip()


class PathwayFaults(ValueError):
    """A pathway that cannot be used, with all its faults in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The faults by line, each once; those of the file before those of its blocks."""
    return sorted(
        dict.fromkeys(faults),
        key=lambda fault: (fault.block, fault.line, [str(part) for part in fault.path], fault.says),
    )
