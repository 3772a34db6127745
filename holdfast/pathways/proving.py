"""Proves a pathway file: what the checker found, each finding with its line in the file."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from holdfast.core.checker.exploring import MOST_ALTOGETHER
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


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a proof may take where others wait for the same process: ``states`` altogether, ``seconds`` of this thread's processor."""

    states: int = MOST_ALTOGETHER
    seconds: float = float("inf")


#: For a request to a web server. Every shipped file is proved in half of it; what is not is *unknown* there, and proved at a prompt.
IN_A_REQUEST = Limit(100_000, 20.0)
NO_LIMIT = Limit()
TURN = threading.Lock()


class ProofBusy(Exception):
    """Another file is being proved in this process."""


@contextmanager
def _one_at_a_time(limit: Limit) -> Iterator[None]:
    """Raises ``ProofBusy`` instead of waiting: a request that waits takes a place from those who care for people."""
    if limit == NO_LIMIT:
        yield
        return
    if not TURN.acquire(blocking=False):
        raise ProofBusy
    try:
        yield
    finally:
        TURN.release()


def prove(text: str, limit: Limit = NO_LIMIT) -> Proof:
    """The proof of a file; raises ``PathwayFaults`` for one that cannot be loaded, and within a limit ``ProofBusy``."""
    pathway = load_pathway(text)
    with _one_at_a_time(limit):
        until = time.thread_time() + limit.seconds
        verdict = proved(pathway, altogether=limit.states, over=lambda: time.thread_time() > until)
    file = expand(text)
    source = read_source(file.text)
    return Proof(pathway, verdict, tuple(file.place(source.line_of(finding.place)) for finding in verdict.findings))


def hold_to_proof(text: str, limit: Limit = NO_LIMIT) -> tuple[Pathway, Proof | None]:
    """The pathway of a file that may be published, with its proof; raises ``PathwayFaults`` where something is refuted or could not be
    decided (BEY-25), and within a limit ``ProofBusy``.

    It may take seconds; the answer is kept in the process by the digest of the edition. The files that are shipped were proved with
    the version that ships them (``tests/planted/test_shipped.py``), so they are not proved again at every
    installation: they come without a proof."""
    pathway = load_pathway(text)
    if pathway.id in shipped() and expand(text).text == shipped()[pathway.id]:
        return pathway, None
    proof = prove(text, limit)
    if not proof.verdict.stands:
        raise PathwayFaults(fault for fault in proof.faults() if fault.kind == "fault")
    return pathway, proof
