"""Capacity: what comes free is offered to the first in line, and what was offered and not taken goes to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.capacity.due import due_pools, oldest_ended
from holdfast.core.capacity import TurnOver
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.pools import handle_pool
from holdfast.workers.duty import DOOR, log, where


@dataclass
class Capacity:
    """Turns the pools over through the desk (STP-03, CAP-06). One pool that fails does not hold up the others."""

    desk: Desk
    name: str = "capacity"
    pause: float = 2.0
    _late: int = 0

    def step(self, now: datetime) -> bool:
        """One round of every pool with something to do. Gives False: there is nothing more before the next."""
        oldest = oldest_ended(now)
        if oldest is not None:
            self._late = max(self._late, int((now - oldest).total_seconds() * 1000))
        for pool in due_pools(now):
            try:
                handle_pool(self.desk, pool, TurnOver(), SYSTEM, DOOR)
            except Exception as error:
                log.error("a pool of slots could not be turned over: %s", where(error))
        return False

    def late_ms(self) -> int:
        late, self._late = self._late, 0
        return late
