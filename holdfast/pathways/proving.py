"""Proves a pathway file: what the checker found, each finding with its line in the file."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.core.checker.proof import proved
from holdfast.core.checker.verdict import PROPERTIES, QUESTIONED, Verdict
from holdfast.core.pathway import Pathway
from holdfast.pathways.fault import Fault
from holdfast.pathways.load import load_pathway
from holdfast.pathways.source import read_source


@dataclass(frozen=True, slots=True)
class Proof:
    """``lines`` gives the line of each finding, in their order."""

    pathway: Pathway
    verdict: Verdict
    lines: tuple[int, ...]

    def faults(self) -> list[Fault]:
        """The findings as faults of the file, without their traces; questions stay questions."""
        return [
            Fault(
                line,
                finding.place,
                f"{finding.property}, {PROPERTIES[finding.property].lower()}: {finding.word}. {finding.says}",
                finding.remedy,
                "question" if finding.word == QUESTIONED else "fault",
            )
            for finding, line in zip(self.verdict.findings, self.lines, strict=True)
        ]


def prove(text: str) -> Proof:
    """The proof of a file; raises ``PathwayFaults`` for one that cannot be loaded."""
    pathway = load_pathway(text)
    verdict = proved(pathway)
    source = read_source(text)
    return Proof(pathway, verdict, tuple(source.line_of(finding.place) for finding in verdict.findings))
