"""Which pools have something to do now: an offer that ran out, a time that is past, a free slot and somebody who waits."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, Q

from holdfast.capacity.models import SlotRow, WaitingRow
from holdfast.core.pools import HELD, OFFERED, RELEASED


def due_pools(now: datetime) -> list[str]:
    """Their streams, each once."""
    current = SlotRow.objects.exclude(status=RELEASED)
    ended = current.filter(Q(at__lte=now) | Q(status=OFFERED, until__lte=now)).values_list("pool", flat=True)
    offered = current.filter(status=OFFERED).values_list("pool", "case")
    served = set(offered)
    waiting = {pool for pool, case in WaitingRow.objects.values_list("pool", "case") if (pool, case) not in served}
    free = set(current.filter(status=HELD, pool__in=waiting).values_list("pool", flat=True)) if waiting else set()
    return sorted({*ended, *(waiting & free)})


def oldest_ended(now: datetime) -> datetime | None:
    """The oldest offer that ran out and was not yet passed on."""
    found: datetime | None = SlotRow.objects.filter(status=OFFERED, until__lte=now).aggregate(oldest=Min("until"))[
        "oldest"
    ]
    return found
