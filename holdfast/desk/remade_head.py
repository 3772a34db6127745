"""What a stream's head should say, by its entries alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from holdfast.core.codec import ENGINE
from holdfast.core.plain import Unreadable, to_plain
from holdfast.core.pools import Pool, fold_pool, pool_event_from_plain
from holdfast.core.state import State
from holdfast.desk.difference import Difference
from holdfast.desk.proposals import fold_editions
from holdfast.desk.shelf import Shelf
from holdfast.ledger.chain import digest
from holdfast.ledger.kept import state_from_text, state_to_text
from holdfast.ledger.sql import stored
from holdfast.ledger.store import NewEntry, rewrite_head

#: What a stream is about, by the beginning of its name.
KINDS = {
    "case": "case",
    "person": "person",
    "directory": "directory",
    "pathway": "pathway",
    "inbox": "inbox",
    "pool": "pool",
    "installation": "installation",  # a rehearsal's own mark, by which it knows itself after a rebuild
}


def kind_of(stream: str) -> str:
    return KINDS.get(stream.partition(":")[0], "record")


def kept_state(stream: str, bodies: list[bytes], case: State | None) -> str:
    """The folded state as heads keep it."""
    if case is not None:
        return state_to_text(case)
    events = [event for body in bodies for event in json.loads(body)["events"]]
    return json.dumps(_STATES.get(kind_of(stream), _nothing)(events), separators=(",", ":"))


def outdated(head: Mapping[str, Any] | None) -> bool:
    """Whether an older engine folded it: no fault, but a rebuild that writes folds it again."""
    return head is not None and head["engine"] != ENGINE


def check_head(stream: str, shelf: Shelf, case: State | None, write: bool) -> Iterator[Difference]:
    """Compare the head with its entries; ``write`` puts right what is derived. Number and digest are for ``verify`` to judge."""
    bodies, head = shelf.bodies[stream], shelf.heads.get(stream)
    last = json.loads(bodies[-1])
    right = NewEntry(
        stream=stream,
        kind=kind_of(stream),
        number=last["number"],
        digest=digest(bodies[-1]),
        recorded_at=datetime.fromisoformat(last["recorded"]),
        body=b"",
        edition=last["edition"],
        engine=ENGINE,
        state=kept_state(stream, bodies, case),
        holder=case.holder if case is not None else "",
    )
    if head is None:
        yield Difference("ledger_head", stream, "a row is missing")
        if write:
            _put(right)
        return
    if any(head[name] != getattr(right, name) for name in ("number", "digest", "recorded_at")):
        says = "it is not where its entries end: run holdfast verify"
        yield Difference("ledger_head", stream, says, mends=False)
        return
    wrong = [name for name in ("kind", "edition", "holder") if head[name] != getattr(right, name)]
    # A head folded by an older engine is folded again when it is next used: that is no fault.
    if not outdated(head) and head["state"] != right.state and not _same(head["state"], right.state, case):
        wrong.append("state")
    if wrong:
        yield Difference(
            "ledger_head", stream, f"the record gives another {', '.join(wrong)}", mends="kind" not in wrong
        )
    if write and (wrong or outdated(head)):
        rewrite_head(right)


def _same(kept: str, right: str, case: State | None) -> bool:
    """Whether two texts say the same state, which is ``case`` if there is one, however they are spelt."""
    read = _read(kept, case)
    return bool((case is not None and read == case) or read == _read(right, case))


def _read(state: str, case: State | None) -> Any:
    """What a kept state says, however it is spelt; nothing when it cannot be read."""
    try:
        return json.loads(state) if case is None else state_from_text(state)
    except (ValueError, Unreadable):
        return None


def _put(right: NewEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_head (number, digest, recorded_at, edition, engine, state, holder, stream, kind)"
            " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s)",
            [
                *(right.number, right.digest, stored(right.recorded_at), right.edition, right.engine, right.state),
                *(right.holder, right.stream, right.kind),
            ],
        )


def _person(events: list[dict[str, Any]]) -> dict[str, Any]:
    state: dict[str, Any] = {"fields": {}}
    for event in events:
        state["fields"].update(event.get("fields", {}))
        if event["event"] == "PersonErased":
            state["erased"] = True
        if event["event"] == "LeadMoved":
            state["lead"], state["lead_since"] = event["to"], event["at"]
    return state


def _inbox(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: events[-1][name] for name in ("status", "case") if name in events[-1]}


def _nothing(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {}


def _pool(events: list[dict[str, Any]]) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(fold_pool(Pool(), map(pool_event_from_plain, events)))
    return plain


_STATES = {"person": _person, "pathway": fold_editions, "inbox": _inbox, "pool": _pool}
