"""Versions of the packet: what went out when, what changed since the one before, and who has read it (PKT-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.core.answers import GIVEN, Answer
from holdfast.core.events import ObligationOpened, PacketFilled, PacketSent, RoleNamed
from holdfast.core.pathway import Field
from holdfast.core.state import Promise
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.casepages.record import Written

#: Before the id of a named role among the answers of the packet.
NAMED = "named."


def named_fields(page: Opened) -> tuple[Field, ...]:
    """The names that the pathway asks for, as questions of the packet."""
    return tuple(Field(NAMED + one.id, "staff", one.ask, role=one.role) for one in page.pathway.named)


def standing(page: Opened, entry: int | None = None) -> dict[str, Answer]:
    """The packet's answers and the named roles as they stood after ``entry``, or as they stand now."""
    answers: dict[str, Answer] = {}
    for one in page.record:
        if entry is not None and one.number > entry:
            break
        for event in one.events:
            if isinstance(event, PacketFilled):
                answers.update(event.fields)
            elif isinstance(event, RoleNamed):
                answers[NAMED + event.named] = Answer(GIVEN, event.staff)
    return answers


@dataclass(frozen=True, slots=True)
class Version:
    """One version as sent; ``entry`` is the entry that fixed it; ``changes`` are label, before and after."""

    number: int
    entry: int
    at: datetime
    by: str
    missing: tuple[str, ...]
    changes: tuple[dict[str, str], ...]
    answers: tuple[dict[str, Any], ...]


def versions(page: Opened) -> list[Version]:
    """Every version that was sent, latest first; none is ever lost."""
    found: list[Version] = []
    before: dict[str, Answer] = {}
    for one in page.record:
        for event in one.events:
            if isinstance(event, PacketSent):
                after = standing(page, one.number)
                changes = differences(page, before, after) if found else ()
                missing = tuple(page.naming.asked(id) for id in event.missing)
                by = page.naming.staff_at(one.actor)
                found.append(Version(event.version, one.number, one.at, by, missing, changes, _read_by(page, one)))
                before = after
    return found[::-1]


def version_at(record: Iterable[Written], at: datetime) -> int:
    """The last version that had been sent by then; 0 before the first."""
    sent = (x.version for one in record if one.recorded <= at for x in one.events if isinstance(x, PacketSent))
    return max(sent, default=0)


def differences(page: Opened, before: dict[str, Answer], after: dict[str, Answer]) -> tuple[dict[str, str], ...]:
    """What differs between two sets of answers, in the template's order."""
    fields = (*page.pathway.packet_fields(), *named_fields(page))
    return tuple(
        {"label": one.ask, "before": page.naming.said(one, before.get(one.id)), "after": page.naming.said(one, now)}
        for one in fields
        if (now := after.get(one.id)) != before.get(one.id)
    )


def unsent(page: Opened) -> tuple[dict[str, str], ...]:
    """What was changed after the last version went out and has not been sent."""
    sent = versions(page)
    return differences(page, standing(page, sent[0].entry), standing(page)) if sent else ()


def _read_by(page: Opened, one: Written) -> tuple[dict[str, Any], ...]:
    """How the receiver answered: the promises this version opened that are met from the receiver's side."""
    answered = {e.moment for step in page.pathway.steps if step.link for e in step.emits}
    kinds = {spec.id for spec in page.pathway.obligations if answered & set(spec.met_by)}
    opened = [x.id for x in one.events if isinstance(x, ObligationOpened) and x.kind in kinds]
    return tuple(_answer(page, page.state.promises[id]) for id in opened)


def _answer(page: Opened, promise: Promise) -> dict[str, Any]:
    return {"what": page.naming.owed(promise.kind), "owed": promise.owed, "due": promise.due, "at": promise.ended}
