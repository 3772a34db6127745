"""Rescue: what should move and cannot is found and made an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.clocks.models import Stalled
from holdfast.clocks.stalled import adrift, clear_stalled, note_stalled
from holdfast.workers.duty import Unhurried

_MARK = "found adrift: "


@dataclass
class Rescue(Unhurried):
    """Clocks without their case and living cases without a clock. Leases that ran out need nothing: the outbox gives them again."""

    name: str = "rescue"
    pause: float = 300.0

    def step(self, now: datetime) -> bool:
        """Look through all clocks once; an alarm of ours ends when what it said is no longer so."""
        found = adrift()
        known = dict(Stalled.objects.filter(says__startswith=_MARK).values_list("stream", "says"))
        for stream, says in found.items():
            if stream not in known:
                note_stalled(stream, now, _MARK + says)
        clear_stalled(known.keys() - found.keys())
        return False
