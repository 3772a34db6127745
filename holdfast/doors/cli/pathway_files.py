"""Pathway files as commands name them: a shipped id or a path, read; and their faults, printed."""

from __future__ import annotations

import sys
from pathlib import Path

from holdfast.core.pathway import Pathway
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway


def read_text(name: str) -> str | None:
    """The text of a shipped pathway or of a file; None, with a line on standard error, where it cannot be read."""
    library = shipped()
    try:
        return library[name] if name in library else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        known = ", ".join(sorted(library))
        print(f"{name}: not a file of text that can be read, nor one of {known}.", file=sys.stderr)
        return None


def read_pathway(name: str) -> Pathway | int:
    """The pathway, or the exit status when there is none: 2 if it cannot be read, 1 if it has faults (printed)."""
    text = read_text(name)
    if text is None:
        return 2
    try:
        return load_pathway(text)
    except PathwayFaults as faults:
        print_faults(name, faults)
        return 1


def print_faults(name: str, found: PathwayFaults) -> None:
    for fault in found.faults:
        mark = "question: " if fault.kind == "question" else ""
        print(f"{name}:{fault.line}: {mark}{fault.says} {fault.remedy}".rstrip())
