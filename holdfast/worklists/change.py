"""What one entry did to a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.core import events as e
from holdfast.core.pathway import Pathway
from holdfast.core.state import State


@dataclass(frozen=True, slots=True)
class Change:
    """The state before and after, and the events between."""

    was: State | None
    now: State
    pathway: Pathway
    entry: int
    at: datetime
    events: Sequence[e.Event]
