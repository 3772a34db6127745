"""Values to plain JSON shapes and back, driven by their types: one codec for events, commands and state."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Codec = Callable[[Any], Any]
T = TypeVar("T")


class Unreadable(ValueError):
    """A plain shape that does not fit the type it is read as."""


def to_plain(value: Any) -> Any:
    """``value`` (a dataclass) as dicts, lists, strings, ints and None; fields at their default are left out."""
    return _encoder(type(value))(value)


def from_plain(kind: type[T], plain: Any) -> T:
    """The inverse of ``to_plain``. Raises ``Unreadable`` naming what does not fit."""
    try:
        value: T = _decoder(kind)(plain)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"not a {kind.__name__}: {error}") from error
    return value


def _same(value: Any) -> Any:
    return value


_encoders: dict[Any, Codec] = {}
_decoders: dict[Any, Codec] = {}


def _encoder(kind: Any) -> Codec:
    known = _encoders.get(kind)
    if known is None:
        known = _encoders[kind] = _make_encoder(kind)
    return known


def _decoder(kind: Any) -> Codec:
    known = _decoders.get(kind)
    if known is None:
        known = _decoders[kind] = _make_decoder(kind)
    return known


def _make_encoder(kind: Any) -> Codec:
    if is_dataclass(kind):
        return _encode_dataclass(kind)
    if kind is datetime:
        return datetime.isoformat
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _encode_any
    if origin is tuple:
        item = _encoder(args[0])
        return list if item is _same else lambda value: [item(entry) for entry in value]
    if origin is not None and issubclass(origin, Mapping):
        item = _encoder(args[1])
        return dict if item is _same else lambda value: {key: item(entry) for key, entry in value.items()}
    return _encode_any if kind is Any else _same


def _encode_any(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_encode_any(item) for item in value]
    return _encoder(type(value))(value)


def _encode_dataclass(kind: Any) -> Codec:
    hints = get_type_hints(kind)
    plan = [(f.name, _encoder(hints[f.name]), _default(f)) for f in fields(kind)]

    def encode(value: Any) -> dict[str, Any]:
        shape: dict[str, Any] = {}
        for name, item, default in plan:
            held = getattr(value, name)
            if held != default or default is MISSING:
                shape[name] = item(held) if held is not None else None
        return shape

    return encode


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _make_decoder(kind: Any) -> Codec:
    if is_dataclass(kind):
        return _decode_dataclass(kind)
    if kind is datetime:
        return _instant
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(args)
    if origin is tuple:
        item = _decoder(args[0])
        return tuple if item is _same else lambda plain: tuple(item(entry) for entry in plain)
    if origin is not None and issubclass(origin, Mapping):
        item = _decoder(args[1])
        return dict if item is _same else lambda plain: {key: item(entry) for key, entry in plain.items()}
    if kind in (str, int, bool):
        return _checked(kind)
    return _same


def _checked(kind: type) -> Codec:
    def check(plain: Any) -> Any:
        if type(plain) is not kind:
            raise TypeError(f"{kind.__name__} expected")
        return plain

    return check


def _instant(plain: Any) -> datetime:
    instant = datetime.fromisoformat(plain)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant


def _decode_union(args: tuple[Any, ...]) -> Codec:
    structured = [arg for arg in args if is_dataclass(arg) or arg is datetime]
    item = _decoder(structured[0]) if structured else None

    def decode(plain: Any) -> Any:
        if plain is None:
            return None
        if item is not None:
            return item(plain)
        return tuple(plain) if isinstance(plain, list) else plain

    return decode


def _decode_dataclass(kind: Any) -> Codec:
    hints = get_type_hints(kind)
    plan = {f.name: _decoder(hints[f.name]) for f in fields(kind)}
    exact = {f.name: hints[f.name] for f in fields(kind) if hints[f.name] in (str, int, bool)}

    def decode(plain: Any) -> Any:
        made = {}
        for name, held in plain.items():
            wanted = exact.get(name)
            # Most fields are these; a call for each would take longer than the question.
            made[name] = held if wanted is not None and type(held) is wanted else plan[name](held)
        return kind(**made)

    return decode
