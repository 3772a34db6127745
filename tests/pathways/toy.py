"""The toy pathway as text, and ways to break it in one place."""

from pathlib import Path

from holdfast.pathways.fault import Fault, PathwayFaults
from holdfast.pathways.load import load_pathway, questions

TOY = Path(__file__).with_name("toy-parcel.yaml").read_text("utf-8")


def changed(old: str, new: str) -> str:
    """The toy with `old`, which must be there once, replaced."""
    assert TOY.count(old) == 1, f"{old!r} is there {TOY.count(old)} times"
    return TOY.replace(old, new)


def faults_of(text: str) -> list[Fault]:
    """All that is wrong with a file, without the questions."""
    try:
        load_pathway(text)
    except PathwayFaults as found:
        return [fault for fault in found.faults if fault.kind == "fault"]
    return []


def questions_of(text: str) -> list[Fault]:
    return questions(text)


def line_of(text: str, needle: str) -> int:
    """The line of `needle`, which must be there once."""
    assert text.count(needle) == 1, f"{needle!r} is there {text.count(needle)} times"
    return text[: text.index(needle)].count("\n") + 1
