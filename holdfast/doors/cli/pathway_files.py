"""Pathway files as commands name them: a shipped id or a path, read; and their faults, printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from holdfast.core.pathway import Pathway
from holdfast.pathways.blocks import blocks_beside
from holdfast.pathways.expansion import Expanded, expand
from holdfast.pathways.fault import Fault, PathwayFaults
from holdfast.pathways.library import shipped, whole
from holdfast.pathways.load import load_pathway


def read_whole(name: str) -> Expanded | int:
    """A shipped pathway or a file, its blocks written out; or the exit status: 2 if it cannot be read, 1 if it has faults (printed)."""
    library = shipped()
    try:
        return whole(name) if name in library else expand(Path(name).read_text("utf-8"), blocks_beside(Path(name)))
    except (OSError, UnicodeDecodeError):
        known = ", ".join(sorted(library))
        print(f"{name}: not a file of text that can be read, nor one of {known}.", file=sys.stderr)
        return 2
    except PathwayFaults as found:
        print_faults(name, found.faults)
        return 1


def read_pathway(name: str) -> Pathway | int:
    """The pathway, or the exit status when there is none: 2 if it cannot be read, 1 if it has faults (printed)."""
    file = read_whole(name)
    if isinstance(file, int):
        return file
    try:
        return load_pathway(file.text)
    except PathwayFaults as found:
        print_faults(name, file.placed(found.faults))
        return 1


def print_faults(name: str, faults: Iterable[Fault]) -> None:
    for fault in faults:
        mark = "question: " if fault.kind == "question" else ""
        print(f"{place_of(name, fault.block, fault.line)}: {mark}{fault.says} {fault.remedy}".rstrip())


def place_of(name: str, block: str, line: int) -> str:
    """Where something is written: in the file, or in a block that it uses."""
    return f"{name}: block {block}:{line}" if block else f"{name}:{line}"
