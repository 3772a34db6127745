"""Risk signals: three timed records for each - the signal, the escalation, the clinical response (EWS-03)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfast.core.events import NoticeIssued, ObligationMet, ObligationOpened, RungFired, StepTaken
from holdfast.core.state import Promise
from holdfast.doors.web.casepages.clocks import clock_of
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import Written
from holdfast.doors.web.casepages.sentences import sentence
from holdfast.doors.web.templatetags.times import span_words


@dataclass(slots=True)
class Signal:
    """One signal; ``took`` is how long the response was in coming, in words."""

    what: str
    at: datetime
    by: str
    clock: dict[str, Any]
    owed: bool
    calls: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    response: str = ""
    responded: datetime | None = None
    responder: str = ""
    took: str = ""

    @property
    def told(self) -> list[tuple[datetime, str]]:
        """When who was first told, in order."""
        return sorted(self.calls.values())


def signals(page: Opened) -> list[Signal]:
    """Latest first. A signal is what opens a promise whose ladder starts at once."""
    found: dict[str, Signal] = {}
    for one in page.record:
        for event in one.events:
            if isinstance(event, ObligationOpened) and _at_once(page, event.kind):
                found[event.id] = _signal(page, one, page.state.promises[event.id], event)
            elif isinstance(event, RungFired) and event.id in found:
                told = (event.noticed, page.naming.staff_at(event.told))
                found[event.id].calls.setdefault(f"staff:{event.told}", told)
            elif isinstance(event, NoticeIssued) and event.about in found:
                told = (one.recorded, page.naming.someone(event.to))
                found[event.about].calls.setdefault(event.to, told)
            elif isinstance(event, ObligationMet) and event.id in found:
                _respond(page, one, found[event.id], event)
    return sorted(found.values(), key=lambda signal: signal.at, reverse=True)


def _at_once(page: Opened, kind: str) -> bool:
    spec = page.pathway.find_obligation(kind)
    return spec is not None and page.pathway.get_ladder(spec.ladder).rungs[0].at_once


def _signal(page: Opened, one: Written, promise: Promise, event: ObligationOpened) -> Signal:
    step = next((x for x in one.events if isinstance(x, StepTaken)), None)
    what = sentence(step, page.naming) if step else page.naming.moment(event.started_by)
    return Signal(what, event.started, page.naming.staff_at(one.actor), clock_of(page, promise), promise.owed)


def _respond(page: Opened, one: Written, signal: Signal, event: ObligationMet) -> None:
    step = next((x for x in one.events if isinstance(x, StepTaken)), None)
    signal.response = sentence(step or event, page.naming)
    signal.responded, signal.responder = event.occurred, page.naming.staff_at(one.actor)
    signal.took = span_words(event.occurred - signal.at)
