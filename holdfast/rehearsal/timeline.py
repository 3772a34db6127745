"""The timeline of a case in plain words: when, who, what, who is accountable after it, and what is due next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.core import events as e
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.work import SYSTEM
from holdfast.rehearsal.chronicle import Step


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is told; ``due`` and ``due_at`` name the promise whose due time comes next, if one is owed."""

    number: int
    at: datetime
    who: str
    what: tuple[str, ...]
    accountable: str
    due: str
    due_at: datetime | None


def tell(steps: Iterable[Step], pathway: Pathway, directory: Directory) -> list[Line]:
    """One line for each entry. It holds names of staff and the words of the pathway, and nothing about the person."""
    words = _Words(pathway, directory)
    lines = []
    for step in steps:
        owed = sorted(step.state.owed(), key=lambda promise: (promise.due, promise.id))
        nearest = owed[0] if owed else None
        lines.append(
            Line(
                step.number,
                step.at,
                "the clock"
                if step.actor == SYSTEM and step.command["kind"] == "FireClocks"
                else words.name(step.actor),
                tuple(words.deed(step)),
                words.name(step.state.holder),
                words.promise(nearest.id) if nearest else "",
                nearest.due if nearest else None,
            )
        )
    return lines


class _Words:
    """Names instead of ids."""

    def __init__(self, pathway: Pathway, directory: Directory) -> None:
        self.pathway, self.directory = pathway, directory

    def name(self, id: str) -> str:
        kind, _, bare = id.rpartition(":")
        if kind == "team" and bare in self.directory.teams:
            return self.directory.teams[bare].name
        known = self.directory.staff.get(bare)
        return known.name if known is not None else ("the post" if id == SYSTEM else id)

    def promise(self, id: str) -> str:
        spec = self.pathway.find_obligation(id.partition("#")[0])
        return spec.owed if spec is not None else id

    def deed(self, step: Step) -> Iterator[str]:
        command = step.command
        said = _DEEDS.get(command["kind"])
        if said is not None:
            yield said(command, self)
        for event in step.events:
            told = _EVENTS.get(type(event))
            if told is not None:
                yield told(event, self)


def _step(command: Mapping[str, Any], words: _Words) -> str:
    step = words.pathway.find_step(command["step"])
    return step.title if step is not None else str(command["step"])


def _close(command: Mapping[str, Any], words: _Words) -> str:
    endpoint = words.pathway.find_endpoint(command["endpoint"])
    return f"closes the case: {endpoint.title if endpoint else command['endpoint']}"


def _named(command: Mapping[str, Any], words: _Words) -> str:
    named = words.pathway.find_named(command["named"])
    return f"names {words.name(command['staff'])}: {named.ask if named else command['named']}"


_DEEDS: Mapping[str, Callable[[Mapping[str, Any], _Words], str]] = {
    "OpenCase": lambda c, w: f"opens the case: {', '.join(w.name('team:' + t) for t in c['parties'].values())}",
    "FillPacket": lambda c, w: f"fills in the packet ({len(c['fields'])} answers)",
    "NameRole": _named,
    "TakeStep": _step,
    "AskOverride": lambda c, w: "asks to go on past a gate",
    "Meet": lambda c, w: f"done: {w.promise(c['promise'])}",
    "Waive": lambda c, w: f"signs off: {w.promise(c['promise'])}",
    "Acknowledge": lambda c, w: f"is on it: {w.promise(c['promise'])}",
    "MoveHolder": lambda c, w: f"hands the case to {w.name(c['to'])}",
    "MoveOwner": lambda c, w: f"hands over to {w.name(c['to'])}: {w.promise(c['promise'])}",
    "RaiseTier": lambda c, w: f"raises the tier to {c['tier']}",
    "LowerTier": lambda c, w: f"lowers the tier to {c['tier']}",
    "CloseCase": _close,
    "ReopenCase": lambda c, w: "reopens the case",
}


def _moment(event: e.MomentMarked, words: _Words) -> str:
    return f"· {event.moment.replace('-', ' ')}"


def _rung(event: e.RungFired, words: _Words) -> str:
    alarm = f" ({event.alarm})" if event.alarm else ""
    return f"! calls {words.name(event.told)}{alarm}, as {event.because}: {words.promise(event.id)}"


def _met(event: e.ObligationMet, words: _Words) -> str:
    return f"✓ {event.how.replace('-', ' ')}: {words.promise(event.id)}"


_EVENTS: Mapping[type, Callable[[Any, _Words], str]] = {
    e.MomentMarked: _moment,
    e.HolderMoved: lambda event, words: f"→ accountable: {words.name(event.to)}",
    e.TierSet: lambda event, words: f"· tier {event.tier}",
    e.ObligationBreached: lambda event, words: f"! its time passed: {words.promise(event.id)}",
    e.RungFired: _rung,
    e.ObligationMet: _met,
    e.NoticeSent: lambda event, words: "a message left (transmitted, which is not received)",
    e.NoticeFailed: lambda event, words: f"a message came back ({event.code})",
    e.GateOverridden: lambda event, words: f"! past a gate: {', '.join(event.gates)}",
    e.CaseBegun: lambda event, words: f"→ begins a case of {event.pathway}",
    e.WindowEnded: lambda event, words: "the window of the case is over",
}
