"""Appending to a stream that is not a case: a person, the directory, a pathway's editions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from holdfast.core.codec import ENGINE
from holdfast.desk import points
from holdfast.desk.entry import compose
from holdfast.desk.envelope import Envelope
from holdfast.ledger.chain import digest
from holdfast.ledger.store import NewEntry, StoredHead, append


def record(
    envelope: Envelope,
    head: StoredHead | None,
    now: datetime,
    kind: str,
    command: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    state: Mapping[str, Any],
    edition: str = "",
) -> int:
    """Append one entry and keep ``state`` (plain JSON, derived) on the head. Gives the entry's number."""
    number, body = compose(envelope, head, now, edition, command, events)
    append(
        NewEntry(
            stream=envelope.stream,
            kind=kind,
            number=number,
            digest=digest(body),
            recorded_at=now,
            body=body,
            edition=edition,
            engine=ENGINE,
            state=json.dumps(state, separators=(",", ":")),
            holder="",
        )
    )
    points.passing("recorded")
    return number
