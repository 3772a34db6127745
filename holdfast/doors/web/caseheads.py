"""The folded states and editions of the cases on one page, read in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from holdfast.core.pathway import Pathway
from holdfast.core.state import State
from holdfast.ledger.kept import state_from_text
from holdfast.ledger.models import Head
from holdfast.pathways.editions import get_edition


@dataclass(frozen=True, slots=True)
class CaseHead:
    """One case as lists need it."""

    state: State
    pathway: Pathway

    def tier_title(self) -> str:
        """The tier's name in the pathway; its id if the edition has no such tier."""
        return next((t.title for t in self.pathway.tiers if t.id == self.state.tier), self.state.tier)


def heads_of(cases: Iterable[str]) -> dict[str, CaseHead]:
    """Case to head. The caller has asked already whether the viewer may see them."""
    rows = Head.objects.filter(stream__in=set(cases), kind="case").values_list("stream", "state", "edition")
    return {stream: CaseHead(state_from_text(state), get_edition(edition)) for stream, state, edition in rows}
