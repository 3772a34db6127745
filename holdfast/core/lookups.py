"""Look-ups of a pathway, made once for each loaded one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.core.pathway import Endpoint, Gate, Ladder, Obligation, Pathway, Step
    from holdfast.core.questions import Field


@dataclass(frozen=True, slots=True)
class Index:
    """By id, and obligations by the moment that does something to them."""

    fields: Mapping[str, Field]
    steps: Mapping[str, Step]
    endpoints: Mapping[str, Endpoint]
    obligations: Mapping[str, Obligation]
    ladders: Mapping[str, Ladder]
    gates: Mapping[str, Gate]
    ranks: Mapping[str, int]
    met_by: Mapping[str, Sequence[Obligation]]
    climbing_on: Mapping[str, Sequence[Obligation]]
    opening_on: Mapping[str, Sequence[Obligation]]
    #: When each step is possible, in words: told of every step that is not, on every page of a case.
    possible: dict[str, str] = field(default_factory=dict)


#: The checker makes a pathway for each question it asks: those of old questions are let go.
MOST_KEPT = 500
_indexes: dict[int, tuple[Pathway, Index]] = {}


def index_of(pathway: Pathway) -> Index:
    """Look-ups by id, made once per loaded pathway; kept beside it because the value itself is frozen."""
    kept = _indexes.get(id(pathway))
    if kept is not None and kept[0] is pathway:
        return kept[1]
    index = Index(
        fields={f.id: f for f in pathway.packet_fields()},
        steps={s.id: s for s in pathway.steps},
        endpoints={e.id: e for e in pathway.endpoints},
        obligations={o.id: o for o in pathway.obligations},
        ladders={ladder.id: ladder for ladder in pathway.ladders},
        gates={g.id: g for g in pathway.gates},
        # Backwards, so that the first of a name counts.
        ranks={tier.id: rank for rank, tier in reversed(list(enumerate(pathway.tiers)))},
        met_by=_by_moment((moment, o) for o in pathway.obligations for moment in dict.fromkeys(o.met_by)),
        climbing_on=_by_moment((moment, o) for o in pathway.obligations for moment in dict.fromkeys(o.climbs_on)),
        opening_on=_by_moment(
            (moment, o) for o in pathway.obligations for moment in dict.fromkeys(opening.moment for opening in o.opens)
        ),
    )
    if len(_indexes) >= MOST_KEPT:
        _indexes.clear()
    _indexes[id(pathway)] = (pathway, index)
    return index


def _by_moment(pairs: Iterable[tuple[str, Obligation]]) -> Mapping[str, Sequence[Obligation]]:
    found: dict[str, list[Obligation]] = {}
    for moment, obligation in pairs:
        found.setdefault(moment, []).append(obligation)
    return found
