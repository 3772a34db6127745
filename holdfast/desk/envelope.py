"""What comes to the desk and what goes back: an envelope around what is asked, and an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfast.core.answers import RawAnswer
from holdfast.core.refusals import Missing, Refusal


@dataclass(frozen=True, slots=True)
class Ask:
    """A command as a door gives it: its kind, clear values, raw answers of a form, and free texts (reasons) still to be sealed."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, RawAnswer] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One request to change one stream.

    ``actor`` is a staff id or ``system``; ``key`` the caller's idempotency key, scoped to the actor ("" for none, workers only);
    ``version`` the entry number the caller last saw, if it asks to be refused when that has moved; ``occurred`` when it happened;
    ``scribe`` the staff id of who wrote it down for the actor, "" where the actor did it themselves (BEY-13).
    """

    stream: str
    ask: Ask
    actor: str
    door: str
    key: str = ""
    version: int | None = None
    occurred: datetime | None = None
    received: datetime | None = None
    scribe: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the desk answered. ``number`` is the entry's number, which is the stream's version; ``again`` marks a repeated answer."""

    accepted: bool
    stream: str
    number: int = 0
    refusal: Refusal | None = None
    events: tuple[str, ...] = ()
    again: bool = False

    def to_plain(self) -> dict[str, Any]:
        refusal = self.refusal
        return {
            "accepted": self.accepted,
            "stream": self.stream,
            "number": self.number,
            "events": list(self.events),
            "refusal": None
            if refusal is None
            else {
                "code": refusal.code,
                "says": refusal.says,
                "missing": [[m.what, m.says, m.supplied_by] for m in refusal.missing],
                "instead": list(refusal.instead),
            },
        }


def outcome_from_plain(plain: Mapping[str, Any]) -> Outcome:
    """The outcome as it was first given, marked as given again."""
    held = plain["refusal"]
    refusal = None
    if held is not None:
        missing = tuple(Missing(*item) for item in held["missing"])
        refusal = Refusal(held["code"], held["says"], missing, tuple(held["instead"]))
    return Outcome(plain["accepted"], plain["stream"], plain["number"], refusal, tuple(plain["events"]), again=True)


def refused(stream: str, code: str, says: str, *missing: Missing) -> Outcome:
    return Outcome(False, stream, refusal=Refusal(code, says, missing))
