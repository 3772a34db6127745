"""A pathway's steps, promises and ends as a FHIR R4 PlanDefinition: who, on what condition, from which moment, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holdfast.core.conditions import ALWAYS, Condition, Test, words
from holdfast.core.conditions import All as AllOf
from holdfast.core.pathway import Endpoint, Ladder, Obligation, Opening, Pathway, Rung, Step, Tier
from holdfast.core.phrases import Phrases, listed, spaced
from holdfast.core.spans import Span, elapsed
from holdfast.pathways.fhir.canonical import header, url_of

Action = dict[str, Any]
_TYPE = {"system": "http://terminology.hl7.org/CodeSystem/plan-definition-type", "code": "workflow-definition"}
#: UCUM code and the word for it, by the kind of a span that is real time.
_UNITS = {"minutes": ("min", "minute"), "hours": ("h", "hour"), "days": ("d", "day")}
#: The conditions are Holdfast's own, over facts; FHIR lets an expression name a language of its own.
LANGUAGE = "text/x-holdfast-condition"


def plan(pathway: Pathway) -> dict[str, Any]:
    """The R4 resource as JSON values. Times that hang on service hours or the calendar stand in words, as R4 has no span for them."""
    actions = Actions(pathway)
    groups = (
        ("What can be done", [actions.step(one) for one in pathway.steps]),
        ("What is owed, and by when", [actions.promise(one) for one in pathway.obligations]),
        ("How it can end", [actions.end(one) for one in pathway.endpoints]),
    )
    return {
        **header(pathway, "PlanDefinition", "plan"),
        "type": {"coding": [_TYPE]},
        "relatedArtifact": [{"type": "depends-on", "resource": url_of(pathway, "questionnaire")}],
        "action": [{"title": title, "action": found} for title, found in groups if found],
    }


class Actions:
    """Each part of one pathway as an action."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.say = Phrases(pathway)

    def step(self, step: Step) -> Action:
        marks = [spaced(one.moment) for one in step.emits]
        return {
            "id": f"step.{step.id}",
            "title": step.title,
            **_optional("description", f"It counts as {listed(marks)}." if marks else ""),
            "priority": "urgent" if step.urgent else "routine",
            **_optional("condition", [*self._conditions([step.when]), *self._gates(step.needs)]),
            **self._people(step.by),
        }

    def end(self, end: Endpoint) -> Action:
        return {
            "id": f"end.{end.id}",
            "title": end.title,
            **_optional("condition", self._gates(end.needs)),
            **self._people(end.by),
        }

    def promise(self, owed: Obligation) -> Action:
        """One action; where the tiers differ in their time, one below it for each tier."""
        due = self.say.due(owed)
        ladder = self.say_ladder(self.pathway.get_ladder(owed.ladder))
        met = f"Met by {listed([spaced(one) for one in owed.met_by], 'or')}. " if owed.met_by else ""
        action: Action = {
            "id": f"owed.{owed.id}",
            "title": owed.owed,
            "description": f"{met}If it is late: {ladder}",
            "trigger": [{"type": "named-event", "name": one.moment} for one in owed.opens],
            **_optional("condition", self._conditions([_opens_when(owed.opens)])),
            **self._people([owed.owed_by]),
        }
        if len(set(due.values())) == 1:
            tier = self.pathway.tiers[0]
            return {**action, "textEquivalent": _due(due[tier.id]), **_timing(owed, tier.id)}
        tiers = [self._for_tier(owed, tier, due[tier.id]) for tier in self.pathway.tiers]
        return {**action, "groupingBehavior": "logical-group", "selectionBehavior": "exactly-one", "action": tiers}

    def _for_tier(self, owed: Obligation, tier: Tier, due: str) -> Action:
        says = f"The tier is {tier.title}"
        test = Test("case.tier", "is", (tier.id,))
        return {
            "title": f"{tier.title}: {owed.owed}",
            "textEquivalent": _due(due),
            "condition": [_condition(words(test), says)],
            **_timing(owed, tier.id),
        }

    def _people(self, by: Iterable[str]) -> Action:
        return {"participant": [{"type": "practitioner", "role": {"text": self.say.who(who)}} for who in by]}

    def _conditions(self, conditions: Iterable[Condition]) -> list[Action]:
        return [_condition(words(one), self.say.condition(one)) for one in conditions if one != ALWAYS]

    def _gates(self, needs: Iterable[str]) -> list[Action]:
        gates = (self.pathway.get_gate(one) for one in needs)
        return [_condition(words(gate.when), gate.says) for gate in gates]

    def say_ladder(self, ladder: Ladder) -> str:
        return "; ".join(self._rung(one) for one in ladder.rungs) + "."

    def _rung(self, rung: Rung) -> str:
        when = "at once" if rung.at_once else f"after {rung.after.text}" if rung.after else "when due"
        when = f"then every {rung.every.text}" if rung.every else when
        return f"{when} {self.say.who(rung.tell)}"


def _opens_when(opens: Iterable[Opening]) -> Condition:
    """What an opening asks besides its moment, where there is one opening; several differ by their moments."""
    found = [one.when for one in opens]
    return AllOf(tuple(found)) if len(found) == 1 and found[0] != ALWAYS else ALWAYS


def _condition(expression: str, says: str) -> Action:
    return {
        "kind": "applicability",
        "expression": {"description": says, "language": LANGUAGE, "expression": expression},
    }


def _due(text: str) -> str:
    return f"Due: {text}."


def _timing(owed: Obligation, tier: str) -> Action:
    """A span of real time as a duration from the trigger, a cadence as a timing; nothing where only words can say it."""
    if owed.every is not None:
        every = _quantity(owed.every[tier])
        if every is None:
            return {}
        return {"timingTiming": {"repeat": {"frequency": 1, "period": every["value"], "periodUnit": every["code"]}}}
    span = None if owed.due.fact else _quantity(owed.due.spans[tier])
    return {} if span is None else {"timingDuration": span}


def _quantity(span: Span) -> Mapping[str, Any] | None:
    if elapsed(span) is None:
        return None
    code, unit = _UNITS[span.kind]
    return {"value": span.amount, "unit": unit, "system": "http://unitsofmeasure.org", "code": code}


def _optional(name: str, value: Any) -> Action:
    return {name: value} if value else {}
