"""RFC 8785 canonical JSON: the one byte form in which anything of the record is stored, hashed or signed."""

from __future__ import annotations

import json

import rfc8785

LARGEST = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no canonical form, or the bytes are not in it; the message names the place, never the value."""


def canonical(value: object) -> bytes:
    """Give the RFC 8785 bytes of a JSON value.

    Takes None, bool, str, int, list, tuple and dict with str keys. Refuses every float, and every int beyond
    plus or minus (2**53 - 1), because other languages read those differently: store such a number as a string.

    Raises NotCanonical.
    """
    try:
        _refuse_unsafe(value, "")
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except RecursionError as error:
        raise NotCanonical("nested too deeply") from error
    except rfc8785.CanonicalizationError as error:
        # A lone surrogate is all that is left to refuse; the library's words may quote the text, so ours replace them.
        raise NotCanonical("a string is not valid Unicode") from error


def parse(text: str) -> object:
    """Read JSON in any layout, refusing what two readers could understand differently (repeated keys, NaN).

    Raises NotCanonical.
    """
    try:
        value: object = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
        return value
    except RecursionError as error:
        raise NotCanonical("nested too deeply") from error
    except ValueError as error:
        if isinstance(error, NotCanonical):
            raise
        raise NotCanonical("not JSON") from error


def read(body: bytes) -> dict[str, object]:
    """Read a canonical JSON object, refusing bytes that are not exactly its RFC 8785 form.

    Raises NotCanonical.
    """
    try:
        value = parse(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotCanonical("not UTF-8") from error
    if not isinstance(value, dict):
        raise NotCanonical("not a JSON object")
    if canonical(value) != body:
        raise NotCanonical("not in canonical form")
    return value


def _refuse_unsafe(value: object, at: str) -> None:
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical(f"the integer at {at or '/'} is beyond 2**53 - 1: store it as a string")
    elif isinstance(value, float):
        raise NotCanonical(f"the value at {at or '/'} is a float: store it as a string")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            _refuse_unsafe(item, f"{at}/{place}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"a key under {at or '/'} is not a string")
            _refuse_unsafe(item, f"{at}/{key}")
    else:
        raise NotCanonical(f"the value at {at or '/'} is a {type(value).__name__}, which JSON does not have")


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("an object repeats a key")
    return found


def _refuse_constant(_name: str) -> object:
    raise NotCanonical("not JSON: NaN and Infinity do not exist there")
