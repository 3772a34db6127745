"""A case's state, folded again from its entries."""

from __future__ import annotations

import json
from collections.abc import Iterable

from holdfast.core.codec import event_from_plain
from holdfast.core.fold import fold
from holdfast.core.state import State


def refold(bodies: Iterable[bytes]) -> State:
    """Raises ``LookupError`` for a stream without a beginning."""
    state: State | None = None
    for body in bodies:
        for event in json.loads(body)["events"]:
            state = fold(state, event_from_plain(event))
    if state is None:
        raise LookupError("a stream without entries has no state")
    return state
