"""RFC 8785 canonical JSON: the one byte form in which anything of the record is stored, hashed or signed."""

from __future__ import annotations

import json

import rfc8785

LARGEST = 2**53 - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class NotCanonical(ValueError):
    """The value has no canonical form, or the bytes are not in it; the message names the place, never the value."""


def canonical(value: object) -> bytes:
    """Give the RFC 8785 bytes of a JSON value.

    Takes None, bool, str, int, list, tuple and dict with str keys. Refuses every float, and every int beyond
    plus or minus (2**53 - 1), because other languages read those differently: store such a number as a string.

    Raises NotCanonical.
    """
    try:
        if _refuse_unsafe(value, ""):
            # Without floats and with ASCII keys the standard encoder gives the same bytes, many times faster; a test compares them.
            return _ENCODER.encode(value).encode("utf-8")
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except RecursionError as error:
        raise NotCanonical("nested too deeply") from error
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        # A lone surrogate is all that is left to refuse; the errors quote the text, so ours replaces them.
        raise NotCanonical("a string is not valid Unicode") from None


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


def _refuse_unsafe(value: object, at: str) -> bool:
    """Whether every key below is ASCII, where the order of code points is that of RFC 8785's UTF-16 units."""
    # Every entry passes here, so strings, which are most of it, are told by their exact type and go no further.
    plain = True
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"a key under {at or '/'} is not a string")
            plain = plain and key.isascii()
            if type(item) is not str:
                plain &= _refuse_unsafe(item, f"{at}/{key}")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            if type(item) is not str:
                plain &= _refuse_unsafe(item, f"{at}/{place}")
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical(f"the integer at {at or '/'} is beyond 2**53 - 1: store it as a string")
    elif isinstance(value, float):
        raise NotCanonical(f"the value at {at or '/'} is a float: store it as a string")
    elif value is not None and not isinstance(value, str):
        raise NotCanonical(f"the value at {at or '/'} is a {type(value).__name__}, which JSON does not have")
    return plain


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("an object repeats a key")
    return found


def _refuse_constant(_name: str) -> object:
    raise NotCanonical("not JSON: NaN and Infinity do not exist there")
