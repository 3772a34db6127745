"""A case's entries as values: who asked for what through which door, when, and the events that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.core.codec import event_from_plain
from holdfast.core.events import Event
from holdfast.worklists.casefile import entries_of


@dataclass(frozen=True, slots=True)
class Written:
    """One entry. ``occurred`` is when it is said to have happened, if that was said; ``recorded`` when it was written.

    ``scribe`` wrote it down for the actor, who said it by telephone; "" where nobody did."""

    number: int
    recorded: datetime
    occurred: datetime | None
    actor: str
    command: str
    events: tuple[Event, ...]
    scribe: str = ""

    @property
    def at(self) -> datetime:
        return self.occurred or self.recorded


def read_record(case: str) -> tuple[Written, ...]:
    """Every entry of the case, oldest first."""
    return tuple(
        Written(
            number=body["number"],
            recorded=datetime.fromisoformat(body["recorded"]),
            occurred=datetime.fromisoformat(body["occurred"]) if "occurred" in body else None,
            actor=body["actor"],
            command=body["command"]["kind"],
            events=tuple(event_from_plain(event) for event in body["events"]),
            scribe=body.get("scribe", ""),
        )
        for body in entries_of(case)
    )
