"""The folded state as a head keeps it: JSON, written and read by a compiled codec, since every deed does both."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

from holdfast.core.events import Event
from holdfast.core.plain import Unreadable
from holdfast.core.state import State

_STATE = TypeAdapter(State)
# What the adapter itself calls, after asking questions that have one answer here.
_WRITE, _READ = _STATE.serializer.to_json, _STATE.validator.validate_json


_writers: dict[type, Callable[[object], bytes]] = {}


def event_to_bytes(event: Event) -> bytes:
    """An event as JSON with its name before it: for digests of what happened where no record is written, never for the record itself."""
    kind = type(event)
    if kind not in _writers:
        _writers[kind] = TypeAdapter(kind).serializer.to_json
    return kind.__name__.encode() + _writers[kind](event)


def state_to_text(state: State) -> str:
    """The state as JSON; fields at their default are left out."""
    return _WRITE(state, exclude_defaults=True).decode()


def state_from_text(text: str) -> State:
    """The inverse of ``state_to_text``. Raises ``Unreadable``, which names no value, for text that is no state."""
    try:
        state: State = _READ(text)
        return state
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"not a State: {place} {first['type']}") from None
