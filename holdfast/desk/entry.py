"""One entry: the canonical body that the chain is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from holdfast.core.codec import ENGINE
from holdfast.desk.envelope import Envelope
from holdfast.ledger.canonical import canonical
from holdfast.ledger.store import StoredHead, previous_digest

FORMAT = 1


def compose(
    envelope: Envelope,
    head: StoredHead | None,
    recorded: datetime,
    edition: str,
    command: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]],
) -> tuple[int, bytes]:
    """The entry's number and its RFC 8785 bytes: who asked for what, through which door, when, and what came of it."""
    number = 1 if head is None else head.number + 1
    body: dict[str, Any] = {
        "v": FORMAT,
        "engine": ENGINE,
        "stream": envelope.stream,
        "number": number,
        "prev": previous_digest(head),
        "recorded": recorded.isoformat(),
        "actor": envelope.actor,
        "door": envelope.door,
        "edition": edition,
        "command": dict(command),
        "events": [dict(event) for event in events],
    }
    if envelope.scribe:
        body["scribe"] = envelope.scribe
    if envelope.key:
        body["key"] = envelope.key
    if envelope.occurred is not None:
        body["occurred"] = envelope.occurred.isoformat()
    if envelope.received is not None:
        body["received"] = envelope.received.isoformat()
    return number, canonical(body)
