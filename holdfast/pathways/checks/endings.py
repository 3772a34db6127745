"""Checks of ends: none leaves somebody in danger unanswered, and none comes before anything has happened (CLS-02, HZ-68)."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core.conditions import facts_read
from holdfast.core.pathway import Endpoint, Obligation, Pathway
from holdfast.pathways.checks.examination import Examination


def check_endings(exam: Examination, pathway: Pathway) -> None:
    """Every end of the pathway as built, with its definitions in place."""
    for endpoint in pathway.endpoints:
        path = ("endpoints", endpoint.id)
        if not endpoint.needs:
            exam.question(
                path,
                f"Nothing has to have happened before the end '{endpoint.id}': a case could end so as soon as it is open, with nothing"
                " sent and nobody asked. Name under needs: a gate that holds only when it may.",
            )
        for danger in _dangers(pathway):
            if f"open.{danger.id}" not in _asked(endpoint, pathway):
                exam.question(
                    path,
                    f"The end '{endpoint.id}' would stop '{danger.id}', which is owed once somebody is in danger: the case could end"
                    f" with nobody having acted. Name under needs: a gate with when: {{ fact: open.{danger.id}, at-most: 0 }}, or write"
                    f" survives-close: yes at '{danger.id}'.",
                )


def _dangers(pathway: Pathway) -> Iterator[Obligation]:
    """What is owed because an urgent step was taken, and would be stopped by an end."""
    urgent = {emission.moment for step in pathway.steps if step.urgent for emission in step.emits}
    for obligation in pathway.obligations:
        if not obligation.survives_close and any(opening.moment in urgent for opening in obligation.opens):
            yield obligation


def _asked(endpoint: Endpoint, pathway: Pathway) -> set[str]:
    return {fact for gate in map(pathway.get_gate, endpoint.needs) for fact in facts_read(gate.when)}
