"""Events, commands and state as plain JSON shapes; old shapes are lifted by ``upcast`` on the way in."""

from __future__ import annotations

from typing import Any, get_args

from holdfast.core import commands, events
from holdfast.core.plain import Unreadable, from_plain, to_plain
from holdfast.core.state import State
from holdfast.core.upcast import lift

_EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(events.Event)}
_COMMANDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(commands.Command)}
#: The shape that ``State`` has now; a head folded by another engine is folded again from its entries.
ENGINE = "1"


def event_to_plain(event: events.Event) -> dict[str, Any]:
    """``{"event": "HolderMoved", ...}``; the version ``v`` is written only when it is not 1. (Some events have a ``kind`` of their own.)"""
    return {"event": type(event).__name__, **to_plain(event)}


def event_from_plain(plain: dict[str, Any]) -> events.Event:
    shape = lift(plain)
    kind = _EVENTS.get(shape.pop("event", ""))
    if kind is None:
        raise Unreadable("not an event this engine knows")
    event: events.Event = from_plain(kind, shape)
    return event


def command_to_plain(command: commands.Command) -> dict[str, Any]:
    return {"kind": type(command).__name__, **to_plain(command)}


def state_to_plain(state: State) -> Any:
    return to_plain(state)


def state_from_plain(plain: Any) -> State:
    return from_plain(State, plain)
