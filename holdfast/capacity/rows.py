"""The rows of a pool, written by the desk in the deciding transaction and by a rebuild."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from holdfast.capacity.models import SlotRow, WaitingRow
from holdfast.core import pools as p


def project_pool(pool: str, events: Sequence[p.PoolEvent], at: datetime) -> None:
    """Write what ``events``, recorded at ``at``, change; the desk alone and a rebuild call this."""
    for event in events:
        _ROWS[type(event)](pool, event, at)


def forget_pool(pool: str) -> None:
    """Take every row of a pool out before a rebuild."""
    SlotRow.objects.filter(pool=pool).delete()
    WaitingRow.objects.filter(pool=pool).delete()


def _held(pool: str, event: p.SlotsHeld, at: datetime) -> None:
    team, kind = p.parts_of(pool)
    turns = {
        row["slot"]: row["turn"] for row in SlotRow.objects.filter(pool=pool).order_by("turn").values("slot", "turn")
    }
    at_of = {slot: begins for slot in event.slots if (begins := p.begins(slot)) is not None}
    SlotRow.objects.bulk_create(
        SlotRow(
            pool=pool,
            team=team,
            kind=kind,
            slot=slot,
            turn=turns.get(slot, 0) + 1,
            at=at_of[slot],
            status=p.HELD,
            since=at,
        )
        for slot in event.slots
    )


def _offered(pool: str, event: p.SlotOffered, at: datetime) -> None:
    _change(pool, event.slot, status=p.OFFERED, case=event.case, until=event.until, since=at)


def _booked(pool: str, event: p.SlotBooked, at: datetime) -> None:
    _change(pool, event.slot, status=p.BOOKED, case=event.case, until=None, since=at)


def _released(pool: str, event: p.SlotReleased, at: datetime) -> None:
    _change(pool, event.slot, status=p.RELEASED, until=None, why=event.why, since=at)
    if event.again:
        _held(pool, p.SlotsHeld((event.slot,)), at)


def _joined(pool: str, event: p.WaitingJoined, at: datetime) -> None:
    values = {"rank": event.rank, "since": event.since}
    WaitingRow.objects.update_or_create(pool=pool, case=event.case, defaults=values)


def _left(pool: str, event: p.WaitingLeft, at: datetime) -> None:
    WaitingRow.objects.filter(pool=pool, case=event.case).delete()


def _change(pool: str, slot: str, **values: Any) -> None:
    changed = SlotRow.objects.filter(pool=pool, slot=slot).exclude(status=p.RELEASED).update(**values)
    if changed != 1:
        raise LookupError("a pool's rows are not what its entries give")


_ROWS: dict[type, Callable[[str, Any, datetime], None]] = {
    p.SlotsHeld: _held,
    p.SlotOffered: _offered,
    p.SlotBooked: _booked,
    p.SlotReleased: _released,
    p.WaitingJoined: _joined,
    p.WaitingLeft: _left,
}
