"""What would settle a promise or open a gate: read from the pathway's own data, so that no protocol is named here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from holdfast.core.conditions import Condition, facts_read
from holdfast.core.pathway import Pathway, Step


@dataclass(slots=True)
class Ways:
    """``marks`` maps a moment to the steps that can mark it, ``clears`` to those after which it has to happen again; ``settles`` maps a
    kind of promise to the steps that can meet it."""

    pathway: Pathway
    marks: dict[str, list[Step]] = field(default_factory=dict)
    clears: dict[str, list[Step]] = field(default_factory=dict)
    settles: dict[str, list[Step]] = field(default_factory=dict)
    closing: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pathway: Pathway) -> Ways:
        ways = cls(pathway)
        for step in pathway.steps:
            for emission in step.emits:
                for moment in filter(None, (emission.moment, emission.otherwise)):
                    ways.marks.setdefault(moment, []).append(step)
            for moment in step.clears:
                ways.clears.setdefault(moment, []).append(step)
        for spec in pathway.obligations:
            found = [step for step in pathway.steps if step.about == spec.id]
            found += [step for moment in spec.met_by for step in ways.marks.get(moment, []) if not step.urgent]
            ways.settles[spec.id] = list(dict.fromkeys(step.id for step in found)) and _unique(found)
        ways.closing = frozenset(spec.id for spec in pathway.obligations if "closed" in spec.met_by)
        return ways

    def towards(self, when: Condition) -> Iterator[tuple[Step | None, str]]:
        """What would help a condition to hold: a step to take and the moment that is wanted of it, or a kind of promise to settle."""
        for fact in facts_read(when):
            head, _, rest = fact.partition(".")
            if head == "moment":
                yield from ((step, rest) for step in (*self.marks.get(rest, []), *self.clears.get(rest, [])))
            elif head in ("open", "obligation"):
                yield None, rest

    def before(self, kind: str) -> Iterator[tuple[Step | None, str]]:
        """What would make such a promise owed: a step to take and the moment that is wanted of it."""
        for opening in self.pathway.get_obligation(kind).opens:
            yield from ((step, opening.moment) for step in self.marks.get(opening.moment, []))


def _unique(steps: list[Step]) -> list[Step]:
    return list({step.id: step for step in steps}.values())
