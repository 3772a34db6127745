"""What is wrong with a pathway file: the line, what it says there, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at `line` (from 1); a `question` is a doubt to which the answer may be that it is meant."""

    line: int
    path: Path
    says: str
    remedy: str
    kind: Literal["fault", "question"] = "fault"

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.path)
        return f"line {self.line}{f' ({where})' if where else ''}: {self.says} {self.remedy}".rstrip()


class PathwayFaults(ValueError):
    """A pathway that cannot be used, with all its faults in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The faults by line, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, [str(part) for part in fault.path], fault.says))
