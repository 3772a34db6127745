"""A case's state: as its head keeps it, or folded again from its entries."""

from __future__ import annotations

import json
from collections.abc import Iterable

from holdfast.core.codec import ENGINE, event_from_plain
from holdfast.core.fold import fold
from holdfast.core.state import State
from holdfast.ledger.kept import state_from_text
from holdfast.ledger.store import StoredHead, bodies


def refold(entries: Iterable[bytes]) -> State:
    """Raises ``LookupError`` for a stream without a beginning."""
    state: State | None = None
    for body in entries:
        for event in json.loads(body)["events"]:
            state = fold(state, event_from_plain(event))
    if state is None:
        raise LookupError("a stream without entries has no state")
    return state


def folded(stream: str, head: StoredHead) -> State:
    """The state kept on the head, or folded again from the entries when another engine made it."""
    if head.engine == ENGINE:
        return state_from_text(head.state)
    return refold(bodies(stream))
