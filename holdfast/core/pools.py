"""A pool of slots: what is held, offered and booked, who waits, and what happened to it, in the past tense (STP-03, CAP-06)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, get_args

from holdfast.core.plain import Unreadable, from_plain, to_plain

HELD, OFFERED, BOOKED, RELEASED = "held", "offered", "booked", "released"
#: Why a slot's turn ended.
GIVEN_BACK, LAPSED, WITHDRAWN, USED, UNUSED = "given-back", "lapsed", "withdrawn", "used", "unused"
_PLACE = "#"


def pool_of(team: str, kind: str) -> str:
    """The stream of a team's pool of one kind of slot."""
    return f"pool:{team}:{kind}"


def parts_of(pool: str) -> tuple[str, str]:
    """The team and the kind of a pool's stream."""
    _, team, kind = pool.split(":", 2)
    return team, kind


def slot_id(at: datetime, place: int) -> str:
    """A slot is named by when it begins and which of those at that time it is: ``2026-03-04T10:00:00+00:00#1``."""
    return f"{at.astimezone(UTC).isoformat(timespec='seconds')}{_PLACE}{place}"


def begins(slot: str) -> datetime | None:
    """When a slot begins (UTC), read from its name; nothing for what is no slot's name."""
    text, _, place = slot.partition(_PLACE)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and place.isdigit() else None


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that one case can have. ``turn`` counts how often it was free; ``until`` is when an offer ends."""

    id: str
    at: datetime
    status: str = HELD
    case: str = ""
    until: datetime | None = None
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """``rank`` is the case's tier, 0 the most acute; ``passed`` are slots it was offered and did not take."""

    case: str
    rank: int
    since: datetime
    passed: tuple[str, ...] = ()


@dataclass(slots=True)
class Pool:
    """A pool, folded. Slots whose turn is over are not kept here, only in the entries."""

    slots: dict[str, Slot] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)

    def free(self) -> list[Slot]:
        return sorted((s for s in self.slots.values() if s.status == HELD), key=lambda s: (s.at, s.id))

    def line(self) -> list[Waiting]:
        """Who waits: by risk, then by how long."""
        return sorted(self.waiting.values(), key=lambda w: (w.rank, w.since, w.case))

    def of(self, case: str) -> list[Slot]:
        return sorted((s for s in self.slots.values() if s.case == case), key=lambda s: (s.at, s.id))


@dataclass(frozen=True, slots=True)
class SlotsHeld:
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotOffered:
    slot: str
    case: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SlotBooked:
    slot: str
    case: str


@dataclass(frozen=True, slots=True)
class SlotReleased:
    """Its turn is over. ``again``: it is free once more, as the next turn of the same slot."""

    slot: str
    case: str
    why: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class WaitingJoined:
    """``since`` stays what it was when only the rank changed."""

    case: str
    rank: int
    since: datetime


@dataclass(frozen=True, slots=True)
class WaitingLeft:
    case: str
    why: str


PoolEvent = SlotsHeld | SlotOffered | SlotBooked | SlotReleased | WaitingJoined | WaitingLeft
_EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(PoolEvent)}


def pool_event_to_plain(event: PoolEvent) -> dict[str, Any]:
    return {"event": type(event).__name__, **to_plain(event)}


def pool_event_from_plain(plain: Mapping[str, Any]) -> PoolEvent:
    shape = dict(plain)
    kind = _EVENTS.get(shape.pop("event", ""))
    if kind is None:
        raise Unreadable("not an event of a pool")
    event: PoolEvent = from_plain(kind, shape)
    return event


def is_lost(was: Pool, event: PoolEvent) -> bool:
    """Whether a case loses by ``event`` what ``was`` offered it, and so has to hear of it."""
    if not isinstance(event, SlotReleased) or event.why not in (LAPSED, WITHDRAWN, UNUSED):
        return False
    slot = was.slots.get(event.slot)
    return slot is not None and slot.status == OFFERED


def fold_pool(pool: Pool, events: Iterable[PoolEvent]) -> Pool:
    """The pool after ``events``; the one given is left as it was."""
    after = Pool(dict(pool.slots), dict(pool.waiting))
    for event in events:
        _FOLDS[type(event)](after, event)
    return after


def _held(pool: Pool, event: SlotsHeld) -> None:
    for id in event.slots:
        at = begins(id)
        if at is None:
            raise Unreadable("not a slot's name")
        pool.slots[id] = Slot(id, at)


def _offered(pool: Pool, event: SlotOffered) -> None:
    pool.slots[event.slot] = replace(pool.slots[event.slot], status=OFFERED, case=event.case, until=event.until)


def _booked(pool: Pool, event: SlotBooked) -> None:
    pool.slots[event.slot] = replace(pool.slots[event.slot], status=BOOKED, case=event.case, until=None)


def _released(pool: Pool, event: SlotReleased) -> None:
    was = pool.slots.pop(event.slot)
    if event.again:
        pool.slots[event.slot] = Slot(was.id, was.at, turn=was.turn + 1)
    waits = pool.waiting.get(event.case)
    if event.why == LAPSED and waits is not None:
        pool.waiting[event.case] = replace(waits, passed=(*waits.passed, event.slot))


def _joined(pool: Pool, event: WaitingJoined) -> None:
    was = pool.waiting.get(event.case)
    pool.waiting[event.case] = Waiting(event.case, event.rank, event.since, was.passed if was else ())


def _left(pool: Pool, event: WaitingLeft) -> None:
    pool.waiting.pop(event.case, None)


_FOLDS: dict[type, Callable[[Pool, Any], None]] = {
    SlotsHeld: _held,
    SlotOffered: _offered,
    SlotBooked: _booked,
    SlotReleased: _released,
    WaitingJoined: _joined,
    WaitingLeft: _left,
}
