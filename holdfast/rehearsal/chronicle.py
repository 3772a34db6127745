"""What a case was at each entry: the record folded step by step, as a reader of it would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.core.codec import event_from_plain
from holdfast.core.events import Event
from holdfast.core.fold import fold
from holdfast.core.state import State


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: when it was recorded, by whom, what was asked, what came of it, and the case after it."""

    number: int
    at: datetime
    actor: str
    command: Mapping[str, Any]
    events: tuple[Event, ...]
    state: State


def chronicle(entries: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Every entry of one case, oldest first, with the state it left. Raises LookupError for a case without entries."""
    steps: list[Step] = []
    state: State | None = None
    for body in entries:
        events = tuple(event_from_plain(event) for event in body["events"])
        for event in events:
            state = fold(state, event)
        if state is None:
            raise LookupError("an entry without events cannot begin a case")
        at = datetime.fromisoformat(body["recorded"])
        steps.append(Step(body["number"], at, body["actor"], body["command"], events, state.copy()))
    if not steps:
        raise LookupError("a case without entries has no story")
    return steps


def state_at(steps: list[Step], at: datetime) -> State | None:
    """The case as the record knew it at ``at``; None before it opened."""
    known = [step for step in steps if step.at <= at]
    return known[-1].state if known else None
