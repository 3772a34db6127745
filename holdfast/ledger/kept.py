"""The folded state as a head keeps it: JSON, written and read by a compiled codec, since every deed does both."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from holdfast.core.plain import Unreadable
from holdfast.core.state import State

_STATE = TypeAdapter(State)


def state_to_text(state: State) -> str:
    """The state as JSON; fields at their default are left out."""
    return _STATE.dump_json(state, exclude_defaults=True).decode()


def state_from_text(text: str) -> State:
    """The inverse of ``state_to_text``. Raises ``Unreadable``, which names no value, for text that is no state."""
    try:
        return _STATE.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"not a State: {place} {first['type']}") from None
