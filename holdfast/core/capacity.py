"""What can be asked of a pool of slots, and the one function that answers; pure, as for a case (STP-03, CAP-06, HZ-55)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from holdfast.core import pools as p
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.work import Refused

#: How long whoever waits has to take up what is offered; never past the slot's own time.
OFFER_LASTS = timedelta(hours=2)
#: A slip of the keyboard would fill the years.
MOST_SLOTS = 200
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class HoldSlots:
    """Hold ``places`` slots at each of these instants: capacity kept free for whoever needs it."""

    at: tuple[datetime, ...]
    places: int = 1


@dataclass(frozen=True, slots=True)
class BookSlot:
    """``instead`` is a slot of the same case that it gives back for this one."""

    case: str
    slot: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseSlot:
    """The team takes a free or offered slot away again. One that is booked belongs to its case."""

    slot: str


@dataclass(frozen=True, slots=True)
class JoinWaiting:
    """Wait for a slot; asked again it only changes the rank."""

    case: str
    rank: int


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The case needs nothing more from this pool: its coming slots are free again and it waits no longer."""

    case: str


@dataclass(frozen=True, slots=True)
class TurnOver:
    """What is past ends, offers that ran out lapse, and what is free is offered to the first in line."""


PoolCommand = HoldSlots | BookSlot | ReleaseSlot | JoinWaiting | GiveBack | TurnOver


@dataclass(slots=True)
class _Pooling:
    pool: p.Pool
    now: datetime
    events: list[p.PoolEvent] = field(default_factory=list)

    def add(self, *events: p.PoolEvent) -> None:
        self.events.extend(events)
        self.pool = p.fold_pool(self.pool, events)


def decide_pool(pool: p.Pool, command: PoolCommand, now: datetime) -> tuple[p.PoolEvent, ...] | Refusal:
    """The events of ``command`` at ``now`` (aware, UTC), none where nothing changes, or a refusal."""
    work = _Pooling(pool, now)
    try:
        _DEEDS[type(command)](work, command)
    except Refused as refused:
        return refused.refusal
    return tuple(work.events)


def _hold(work: _Pooling, command: HoldSlots) -> None:
    if not command.at or command.places < 1:
        raise Refused(Refusal("no_slots", "Give at least one time, and one place at it."))
    if len(command.at) * command.places > MOST_SLOTS:
        raise Refused(Refusal("too_many_slots", f"Hold at most {MOST_SLOTS} slots in one go."))
    if any(at <= work.now or at - work.now > FARTHEST for at in command.at):
        raise Refused(Refusal("not_coming", "A slot begins later than now, and within a year. Check the dates."))
    wanted = [p.slot_id(at, place) for at in sorted(set(command.at)) for place in range(1, command.places + 1)]
    new = tuple(id for id in wanted if id not in work.pool.slots)
    if new:
        work.add(p.SlotsHeld(new))


def _book(work: _Pooling, command: BookSlot) -> None:
    slot = work.pool.slots.get(command.slot)
    free = slot is not None and slot.at > work.now
    mine = slot is not None and slot.case == command.case
    if slot is not None and mine and slot.status == p.BOOKED:
        return
    if slot is None or not free or (slot.status != p.HELD and not mine):
        raise Refused(_taken(work, command.case))
    earlier = work.pool.slots.get(command.instead)
    if earlier is not None and earlier.case == command.case and earlier.at > work.now:
        work.add(p.SlotReleased(earlier.id, command.case, p.GIVEN_BACK, again=True))
    work.add(p.SlotBooked(slot.id, command.case))
    for offered in [s for s in work.pool.of(command.case) if s.status == p.OFFERED]:
        work.add(p.SlotReleased(offered.id, command.case, p.GIVEN_BACK, again=True))
    if command.case in work.pool.waiting:
        work.add(p.WaitingLeft(command.case, p.BOOKED))


def _taken(work: _Pooling, case: str) -> Refusal:
    """What is free instead, so that nobody has to look again."""
    mine = [s for s in work.pool.of(case) if s.status == p.OFFERED]
    later = [s for s in (*mine, *work.pool.free()) if s.at > work.now]
    if not later:
        return Refusal(
            "slot_taken",
            "That time is not free any more, and no other is. Ask to wait, and the next is offered to you.",
        )
    says = f"That time is not free any more. The next free one is {later[0].at:%Y-%m-%d %H:%M} UTC."
    return Refusal("slot_taken", says, (Missing(later[0].id, f"The next free time: {later[0].at:%Y-%m-%d %H:%M} UTC"),))


def _release(work: _Pooling, command: ReleaseSlot) -> None:
    slot = work.pool.slots.get(command.slot)
    if slot is None:
        raise Refused(Refusal("unknown_slot", "There is no such slot, or its time is over."))
    if slot.status == p.BOOKED:
        says = "This time is promised to somebody. Agree another time with them first; then it is free again."
        raise Refused(Refusal("slot_booked", says))
    work.add(p.SlotReleased(slot.id, slot.case, p.WITHDRAWN))


def _join(work: _Pooling, command: JoinWaiting) -> None:
    was = work.pool.waiting.get(command.case)
    if was is None:
        work.add(p.WaitingJoined(command.case, command.rank, work.now))
    elif was.rank != command.rank:
        work.add(p.WaitingJoined(command.case, command.rank, was.since))


def _give_back(work: _Pooling, command: GiveBack) -> None:
    for slot in work.pool.of(command.case):
        if slot.at > work.now:
            work.add(p.SlotReleased(slot.id, command.case, p.GIVEN_BACK, again=True))
    if command.case in work.pool.waiting:
        work.add(p.WaitingLeft(command.case, p.GIVEN_BACK))


def _turn_over(work: _Pooling, command: TurnOver) -> None:
    for slot in sorted(work.pool.slots.values(), key=lambda s: (s.at, s.id)):
        if slot.at <= work.now:
            used = slot.status == p.BOOKED
            work.add(p.SlotReleased(slot.id, slot.case, p.USED if used else p.UNUSED))
        elif slot.until is not None and slot.until <= work.now:
            work.add(p.SlotReleased(slot.id, slot.case, p.LAPSED, again=True))
    offered = {slot.case for slot in work.pool.slots.values() if slot.status == p.OFFERED}
    for waits in work.pool.line():
        if waits.case not in offered:
            _offer(work, waits)


def _offer(work: _Pooling, waits: p.Waiting) -> None:
    """The next free slot; one that was let pass is offered again only when nobody else was there to take it."""
    free = work.pool.free()
    others = {w.case for w in work.pool.line() if not set(w.passed).issuperset(s.id for s in free)}
    fresh = [slot for slot in free if slot.id not in waits.passed]
    chosen = fresh or ([] if others - {waits.case} else free)
    if chosen:
        slot = chosen[0]
        work.add(p.SlotOffered(slot.id, waits.case, min(work.now + OFFER_LASTS, slot.at)))


_DEEDS: dict[type, Callable[[_Pooling, Any], None]] = {
    HoldSlots: _hold,
    BookSlot: _book,
    ReleaseSlot: _release,
    JoinWaiting: _join,
    GiveBack: _give_back,
    TurnOver: _turn_over,
}
