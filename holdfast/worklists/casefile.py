"""A case as its readers see it: state, edition, entries and, where they can still be read, the sealed values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.core.access import Viewer
from holdfast.core.answers import Answer
from holdfast.core.codec import ENGINE
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.ledger.kept import state_from_text
from holdfast.ledger.models import Head
from holdfast.ledger.refold import refold
from holdfast.ledger.store import bodies
from holdfast.pathways.editions import get_edition
from holdfast.people.vault import Opened, Vault
from holdfast.worklists.models import Holding
from holdfast.worklists.viewing import may_see_case


@dataclass(frozen=True, slots=True)
class Casefile:
    """``number`` is the version; ``values`` maps a commitment to what it stands for; an erased one is not in it.
    ``broken`` are those whose sealed row was altered: there, and not to be read."""

    state: State
    pathway: Pathway
    number: int
    values: Mapping[str, Opened]
    broken: frozenset[str] = frozenset()

    def value(self, answer: Answer | None) -> Any:
        """The answer's value: clear, or text and rows from the vault; None when blank, and when erased (see ``erased``)."""
        if answer is None:
            return None
        if not answer.sealed:
            return answer.value
        opened = self.values.get(answer.sealed)
        return None if opened is None else json.loads(opened.plain)

    def erased(self, answer: Answer | None) -> bool:
        """Present and unreadable."""
        return (
            answer is not None and bool(answer.sealed) and answer.sealed not in self.values and not self.damaged(answer)
        )

    def damaged(self, answer: Answer | None) -> bool:
        """Its sealed row does not open with the person's key: altered, or put back wrong."""
        return answer is not None and answer.sealed in self.broken


def open_casefile(
    viewer: Viewer, directory: Directory, case: str, vault: Vault, at: datetime | None = None
) -> Casefile | None:
    """The case, if the viewer may see it; otherwise nothing, as if it did not exist."""
    if not may_see_case(viewer, directory, case, at):
        return None
    return read_casefile(case, vault)


def read_casefile(case: str, vault: Vault) -> Casefile | None:
    """The case without asking who looks: for doors that have asked already, such as a secure link."""
    head = Head.objects.filter(stream=case, kind="case").first()
    if head is None:
        return None
    state = state_from_text(head.state) if head.engine == ENGINE else refold(bodies(case))
    opened, damaged = vault.look(state.subject, case)
    return Casefile(state, get_edition(head.edition), head.number, opened, damaged)


def entries_of(case: str) -> list[dict[str, Any]]:
    """Every entry's body, oldest first: who asked for what, when, and the events."""
    return [json.loads(body) for body in bodies(case)]


def who_held(case: str, true_at: datetime, known_at: datetime | None = None) -> Holding | None:
    """Who was accountable at ``true_at``, as the record knew it by ``known_at`` (OWN-06, BEY-02).

    Responsibility moves at recorded time, so what is known later never changes who held it then; an interval that was recorded
    after ``known_at`` was not known yet.
    """
    rows = Holding.objects.filter(case=case, since__lte=true_at).order_by("-turn")
    if known_at is not None:
        rows = rows.filter(since__lte=known_at)
    held = rows.first()
    if held is None or (
        held.until is not None and held.until <= true_at and (known_at is None or held.until <= known_at)
    ):
        return None
    return held
