"""Old shapes of events, lifted to what they are now, so that a golden ledger folds the same for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Lift = Callable[[dict[str, Any]], dict[str, Any]]

#: (event, version) -> the shape one version later. Empty while every event is at its first version.
LIFTS: dict[tuple[str, int], Lift] = {}


def lift(plain: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``plain`` in today's shape, without its version."""
    shape = dict(plain)
    version = int(shape.pop("v", 1))
    while (step := LIFTS.get((str(shape.get("event")), version))) is not None:
        shape, version = step(shape), version + 1
    return shape
