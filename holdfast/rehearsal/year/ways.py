"""What would settle a promise or open a gate: read from the pathway's own data, so that no protocol is named here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from holdfast.core.conditions import facts_read
from holdfast.core.pathway import Gate, Pathway, Step


@dataclass(slots=True)
class Ways:
    """``marks`` maps a moment to the steps that can mark it; ``settles`` a kind of promise to the steps that can meet it."""

    pathway: Pathway
    marks: dict[str, list[Step]] = field(default_factory=dict)
    settles: dict[str, list[Step]] = field(default_factory=dict)
    closing: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pathway: Pathway) -> Ways:
        ways = cls(pathway)
        for step in pathway.steps:
            for emission in step.emits:
                for moment in filter(None, (emission.moment, emission.otherwise)):
                    ways.marks.setdefault(moment, []).append(step)
        for spec in pathway.obligations:
            found = [step for step in pathway.steps if step.about == spec.id]
            found += [step for moment in spec.met_by for step in ways.marks.get(moment, []) if not step.urgent]
            ways.settles[spec.id] = list(dict.fromkeys(step.id for step in found)) and _unique(found)
        ways.closing = frozenset(spec.id for spec in pathway.obligations if "closed" in spec.met_by)
        return ways

    def towards(self, gate: Gate) -> Iterator[tuple[str, str]]:
        """What would help to open a gate: (``step`` or ``kind``, id) of a step to take or a kind of promise to settle."""
        for fact in facts_read(gate.when):
            head, _, rest = fact.partition(".")
            if head == "moment":
                yield from (("step", step.id) for step in self.marks.get(rest, []))
            elif head in ("open", "obligation"):
                yield "kind", rest


def _unique(steps: list[Step]) -> list[Step]:
    return list({step.id: step for step in steps}.values())
