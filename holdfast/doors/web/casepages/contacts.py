"""Contacts and attempts: what counted, what did not, and as what (CON-01)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from holdfast.core.events import MomentMarked, StepTaken
from holdfast.core.pathway import Step
from holdfast.core.phrases import listed
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import Written
from holdfast.doors.web.casepages.timeline import AT_ONCE

Attempt = tuple[Written, StepTaken, Step]


def attempts(page: Opened) -> list[Attempt]:
    """Every contact and every attempt at one, latest first."""
    found = []
    for one in page.record:
        for event in one.events:
            step = page.pathway.find_step(event.step) if isinstance(event, StepTaken) else None
            if step is not None and isinstance(event, StepTaken) and counts_attempts(step):
                found.append((one, event, step))
    return sorted(found, key=lambda attempt: attempt[1].occurred, reverse=True)


def contacts(page: Opened, shown: Iterable[Attempt]) -> list[dict[str, Any]]:
    """These attempts in the order given, each with its answers and what it counted as."""
    heard = _heard(page)
    return [_contact(page, heard, *attempt) for attempt in shown]


def _contact(page: Opened, heard: set[str], one: Written, event: StepTaken, step: Step) -> dict[str, Any]:
    marked = [x.moment for x in one.events if isinstance(x, MomentMarked) and x.moment in _marks(step)]
    fields = [f for f in step.records if f.kind in ("code", "flag") and f.id in event.answers]
    said = [(f, event.answers[f.id]) for f in fields if event.answers[f.id].how != "blank"]
    answers = [{"label": f.ask, "value": page.naming.said(f, a)} for f, a in said]
    return {
        "at": event.occurred,
        "who": page.naming.staff_at(one.actor),
        "answers": answers,
        "first": ", ".join(answer["value"] for answer in answers[:2]),
        "counted": any(moment in heard for moment in marked),
        "as": listed([page.naming.moment(moment) for moment in marked]),
        "recorded": one.recorded if one.recorded - event.occurred > AT_ONCE else None,
    }


def counts_attempts(step: Step) -> bool:
    """Whether the pathway says when a taking of this step counts: then it is a contact or an attempt at one."""
    return any(emission.apart is not None for emission in step.emits)


def _marks(step: Step) -> set[str]:
    return {name for emission in step.emits for name in (emission.moment, emission.otherwise) if name}


def _heard(page: Opened) -> set[str]:
    """Moments of which some promise takes notice."""
    heard: set[str] = set()
    for spec in page.pathway.obligations:
        heard |= {*spec.met_by, *spec.climbs_on, *(opening.moment for opening in spec.opens)}
    return heard | set(page.pathway.states.values())
