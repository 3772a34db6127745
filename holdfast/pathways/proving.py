"""Proves a pathway file: what the checker found, each finding with its line in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from holdfast.core.checker.proof import proved
from holdfast.core.checker.verdict import PROPERTIES, QUESTIONED, Verdict
from holdfast.core.pathway import Pathway
from holdfast.pathways.expansion import expand
from holdfast.pathways.fault import Fault, PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from holdfast.pathways.source import read_source


@dataclass(frozen=True, slots=True)
class Proof:
    """``places`` gives the block ("" is the file itself) and the line of each finding, in their order."""

    pathway: Pathway
    verdict: Verdict
    places: tuple[tuple[str, int], ...]

    def faults(self) -> list[Fault]:
        """The findings as faults of the file, without their traces; questions stay questions."""
        return [
            Fault(
                line,
                finding.place,
                f"{finding.property}, {PROPERTIES[finding.property].lower()}: {finding.word}. {finding.says}",
                finding.remedy,
                "question" if finding.word == QUESTIONED else "fault",
                block,
            )
            for finding, (block, line) in zip(self.verdict.findings, self.places, strict=True)
        ]

    def record(self) -> dict[str, Any]:
        """What a proposal keeps of it, as plain JSON: each property's word and states, and what is questioned with its line."""
        verdict = self.verdict
        return {
            "words": {one: [verdict.word(one), verdict.states.get(one, 0)] for one in PROPERTIES},
            "questions": [
                {"property": found.property, "line": line, "says": found.says, "remedy": found.remedy}
                for found, (_, line) in zip(verdict.findings, self.places, strict=True)
                if found.word == QUESTIONED
            ],
        }


def prove(text: str) -> Proof:
    """The proof of a file; raises ``PathwayFaults`` for one that cannot be loaded."""
    pathway = load_pathway(text)
    verdict = proved(pathway)
    file = expand(text)
    source = read_source(file.text)
    return Proof(pathway, verdict, tuple(file.place(source.line_of(finding.place)) for finding in verdict.findings))


def hold_to_proof(text: str) -> tuple[Pathway, Proof | None]:
    """The pathway of a file that may be published, with its proof; raises ``PathwayFaults`` where something is refuted or could not be
    decided (BEY-25).

    It may take seconds; the answer is kept in the process by the digest of the edition. The files that are shipped were proved with
    the version that ships them (``tests/planted/test_shipped.py``), so they are not proved again at every
    installation: they come without a proof."""
    pathway = load_pathway(text)
    if pathway.id in shipped() and expand(text).text == shipped()[pathway.id]:
        return pathway, None
    proof = prove(text)
    if not proof.verdict.stands:
        raise PathwayFaults(fault for fault in proof.faults() if fault.kind == "fault")
    return pathway, proof
