"""What a team offers, for those who look for somewhere to hand over to, and whom one speaks to at a partner (BEY-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: What was said about free capacity counts for so long; then it is shown as old, and nobody should build on it.
CAPACITY_HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Service:
    """``hours``, ``after_hours`` and ``channel`` are words; without ``hours`` those of the team hold. ``capacity`` is what
    ``said_by`` (a member of staff or a contact) said at ``said_at`` about what is free."""

    id: str
    name: str
    team: str
    criteria: str
    after_hours: str
    hours: str = ""
    channel: str = ""
    capacity: str = ""
    said_by: str = ""
    said_at: datetime | None = None

    def capacity_is_old(self, now: datetime) -> bool:
        """Whether what was said is older than a week, or nothing was ever said."""
        return self.said_at is None or now - self.said_at > CAPACITY_HOLDS


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at an external team by name, who has no account here; ``part`` is what they answer for there, in words."""

    id: str
    name: str
    team: str
    part: str
    phone: str = ""
    email: str = ""
