"""Pools at the desk: a team's own commands, what cases ask in the same transaction, and the offering of what is free."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, OperationalError, transaction

from holdfast.capacity.rows import project_pool
from holdfast.core import pools as p
from holdfast.core.access import Viewer, refuse_admin
from holdfast.core.capacity import GiveBack, HoldSlots, PoolCommand, ReleaseSlot, TurnOver, decide_pool
from holdfast.core.plain import from_plain, to_plain
from holdfast.core.refusals import Refusal
from holdfast.core.slots import pool_asks
from holdfast.core.work import SYSTEM, Refused
from holdfast.desk import points
from holdfast.desk.answered import asked_digest, remember
from holdfast.desk.envelope import Ask, Envelope, Outcome, outcome_from_plain, refused
from holdfast.desk.races import TRIES, lost_race
from holdfast.desk.streams import record
from holdfast.directory.snapshot import current_version, load
from holdfast.ledger.store import Read, StoredHead, read_head, read_heads
from holdfast.worklists.change import Change

if TYPE_CHECKING:
    from holdfast.desk.desk import Desk


class _Moved(Exception):
    """Between looking and locking another case came to the front of the line: look again."""


def handle_pool(desk: Desk, pool: str, command: PoolCommand, actor: str, door: str, key: str = "") -> Outcome:
    """A command of a team, or of the worker, on one pool; what becomes free is offered at once. Success only after the commit."""
    envelope = Envelope(pool, Ask(type(command).__name__, to_plain(command)), actor, door, key)
    for again in range(TRIES):
        try:
            with transaction.atomic():
                outcome = _in_order(desk, envelope, command)
            points.passing("committed")
            break
        except _Moved:
            if again + 1 == TRIES:
                raise
        except (IntegrityError, OperationalError) as error:
            if again + 1 == TRIES or not lost_race(error):
                raise
    if outcome.accepted and not isinstance(command, TurnOver):
        handle_pool(desk, pool, TurnOver(), SYSTEM, door)
    return outcome


def _in_order(desk: Desk, envelope: Envelope, command: PoolCommand) -> Outcome:
    """Cases are locked before pools, everywhere: so first look which cases will be told, lock them, then decide."""
    points.passing("begun")
    refusal = _refuse(envelope, command)
    if refusal is not None:
        return Outcome(False, envelope.stream, refusal=refusal)
    look = read_head(envelope.stream, "", "", lock=False)
    foreseen = decide_pool(_pool(look.head), command, desk.recorded_at(look))
    cases = [] if isinstance(foreseen, Refusal) else sorted(_told(_pool(look.head), foreseen))
    if cases:
        read_heads(cases)
    read = read_head(envelope.stream, envelope.actor, envelope.key)
    points.passing("read")
    secret = desk.keyring.secret("answered")
    asked = asked_digest(envelope, secret) if envelope.key else ""
    if read.outcome:
        if read.asked != asked:
            says = "This key was used for another request. Use a new key for a new request."
            return refused(envelope.stream, "key_reused", says)
        return outcome_from_plain(json.loads(read.outcome))
    now = desk.recorded_at(read)
    was = _pool(read.head)
    events = decide_pool(was, command, now)
    if isinstance(events, Refusal):
        outcome = Outcome(False, envelope.stream, refusal=events)
    else:
        if not _told(was, events) <= set(cases):
            raise _Moved
        number = _write(envelope, read, now, command, was, events)
        outcome = Outcome(True, envelope.stream, number, None, tuple(type(event).__name__ for event in events))
        _tell(desk, envelope.stream, was, events)
    if envelope.key:
        remember(envelope, asked, outcome, now)
        points.passing("answered")
    return outcome


def follow(desk: Desk, change: Change, envelope: Envelope) -> Refusal | None:
    """Carry out what a decision on a case asks of pools, in its transaction; a refusal refuses the whole deed."""
    rank = change.pathway.tier_rank(change.now.tier)
    asks = pool_asks(change.was, change.now, change.events, rank)
    if not asks:
        return None
    try:
        with transaction.atomic():
            for pool, command in asks:
                _ask(desk, pool, command, envelope)
    except Refused as refusal:
        return refusal.refusal
    return None


def _ask(desk: Desk, pool: str, command: PoolCommand, of: Envelope) -> None:
    read = read_head(pool, "", "")
    was, now = _pool(read.head), desk.recorded_at(read)
    events = decide_pool(was, command, now)
    if isinstance(events, Refusal):
        raise Refused(events)
    envelope = Envelope(pool, Ask(type(command).__name__), of.actor, of.door)
    _write(envelope, read, now, command, was, events)


def _write(
    envelope: Envelope, read: Read, now: datetime, command: PoolCommand, was: p.Pool, events: Sequence[p.PoolEvent]
) -> int:
    """One entry, its head and its rows; nothing at all where nothing changed."""
    if not events:
        return read.head.number if read.head else 0
    plain: dict[str, Any] = {"kind": type(command).__name__, **to_plain(command)}
    state = to_plain(p.fold_pool(was, events))
    number = record(envelope, read.head, now, "pool", plain, [p.pool_event_to_plain(event) for event in events], state)
    project_pool(envelope.stream, events, now)
    return number


def _pool(head: StoredHead | None) -> p.Pool:
    return p.Pool() if head is None else from_plain(p.Pool, json.loads(head.state))


def _told(was: p.Pool, events: Sequence[p.PoolEvent]) -> set[str]:
    """The cases that must hear of it: they are offered a slot, or lose one they were offered."""
    changes = [event for event in events if isinstance(event, p.SlotOffered | p.SlotReleased)]
    return {event.case for event in changes if isinstance(event, p.SlotOffered) or p.is_lost(was, event)}


def _tell(desk: Desk, pool: str, was: p.Pool, events: Sequence[p.PoolEvent]) -> None:
    for event in events:
        if isinstance(event, p.SlotOffered):
            values = {"pool": pool, "slot": event.slot, "until": event.until.isoformat()}
            told = desk.handle_inside(Envelope(event.case, Ask("NoteSlotOffered", values), SYSTEM, "pool"))
            if not told.accepted:  # It can take nothing any more: it must not stay first in line for ever.
                _ask(desk, pool, GiveBack(event.case), Envelope(pool, Ask("GiveBack"), SYSTEM, "pool"))
        elif isinstance(event, p.SlotReleased) and p.is_lost(was, event):
            values = {"pool": pool, "slot": event.slot}
            desk.handle_inside(Envelope(event.case, Ask("NoteSlotLapsed", values), SYSTEM, "pool"))


def _refuse(envelope: Envelope, command: PoolCommand) -> Refusal | None:
    """A team holds its own slots; what cases ask comes only with a deed on the case."""
    if envelope.actor == SYSTEM:
        return None
    if not isinstance(command, HoldSlots | ReleaseSlot):
        return Refusal("not_by_hand", "Slots are booked and waited for by a step of a case.")
    directory = load(current_version())
    team, _ = p.parts_of(envelope.stream)
    known = directory.teams.get(team)
    if known is None:
        return Refusal("unknown_team", "That team is not in the directory.")
    if directory.in_team(envelope.actor, team):
        return None
    if refuse_admin(Viewer(envelope.actor), directory, known.organisation) is None:
        return None
    return Refusal("not_yours", f"Only somebody of {known.name} holds its slots.")


def read_pool(pool: str) -> p.Pool:
    """A pool as it stands, for looking."""
    return _pool(read_head(pool, "", "", lock=False).head)
