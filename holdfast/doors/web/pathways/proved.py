"""What was proved of a file, property by property, for a page: from a fresh proof, or from what a proposal keeps of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from holdfast.core.checker.verdict import PROPERTIES, PROVED, QUESTIONED, REFUTED, UNKNOWN
from holdfast.pathways.fault import Fault
from holdfast.pathways.proving import Proof

_LABELS = {
    PROVED: _("Proved"),
    QUESTIONED: _("A question for you"),
    UNKNOWN: _("Could not be decided"),
    REFUTED: _("Refuted"),
}
_ICONS = {PROVED: "check_circle", QUESTIONED: "info", UNKNOWN: "warning", REFUTED: "error"}
#: Lines of the file shown before and after the one that a fault names.
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Found:
    """Something to look at in the file. ``trace`` is the shortest way there, a sentence for each move."""

    line: int
    says: str
    remedy: str
    excerpt: str = ""
    trace: tuple[str, ...] = ()
    question: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """One property. ``word`` is the verdict's own; ``states`` is how many were explored."""

    id: str
    title: str
    word: str
    states: int
    found: tuple[Found, ...]

    @property
    def label(self) -> str:
        return str(_LABELS[self.word])

    @property
    def icon(self) -> str:
        return _ICONS[self.word]


def proved_now(proof: Proof, text: str) -> list[Property]:
    """The worst first, and then in their order."""
    verdict = proof.verdict
    found: dict[str, list[Found]] = {}
    for one, (block, at) in zip(verdict.findings, proof.places, strict=True):
        line = 0 if block else at  # the page shows the file, and not the blocks that it uses
        trace = tuple(step.partition(". ")[2] for step in one.trace)
        found.setdefault(one.property, []).append(
            Found(line, _says(block, at, one.says), one.remedy, excerpt(text, line), trace, one.word == QUESTIONED)
        )
    return _sorted(
        Property(id, title, verdict.word(id), verdict.states.get(id, 0), tuple(found.get(id, ())))
        for id, title in PROPERTIES.items()
    )


def proved_then(kept: Mapping[str, Any], text: str) -> list[Property]:
    """From the record of a proposal; nothing where none was kept."""
    asked: dict[str, list[Found]] = {}
    for one in kept.get("questions", ()):
        line = int(one["line"])
        asked.setdefault(one["property"], []).append(
            Found(line, one["says"], one["remedy"], excerpt(text, line), question=True)
        )
    return _sorted(
        Property(id, PROPERTIES.get(id, id), word, states, tuple(asked.get(id, ())))
        for id, (word, states) in kept.get("words", {}).items()
    )


def faults_found(faults: Iterable[Fault], text: str) -> list[Found]:
    """Faults of a file that cannot be loaded, each with the lines around it."""
    return [
        Found(
            line := 0 if one.block else one.line,
            _says(one.block, one.line, one.says),
            one.remedy,
            excerpt(text, line),
            question=one.kind == "question",
        )
        for one in faults
    ]


def _says(block: str, line: int, says: str) -> str:
    """What is wrong in a shared block is said with its place: the page shows only the file that uses it."""
    return (
        says
        if not block
        else _("Block %(block)s, line %(line)s: %(says)s") % {"block": block, "line": line, "says": says}
    )


def excerpt(text: str, line: int) -> str:
    """The line and its neighbours, each with its number; nothing for no line."""
    if not line:
        return ""
    lines = text.splitlines()
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    return "\n".join(f"{number:>4}  {lines[number - 1]}" for number in range(first, last + 1))


def _sorted(properties: Iterable[Property]) -> list[Property]:
    grave = [REFUTED, UNKNOWN, QUESTIONED, PROVED]
    return sorted(properties, key=lambda one: (grave.index(one.word), one.id))
