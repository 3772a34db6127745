"""Bytes to one JSON object, refusing whatever two readers could understand in two ways."""

import json
from decimal import Decimal

from holdfast.core.arrivals import BYTES_AT_MOST, ReadError

NESTED_AT_MOST = 64
PARTS_AT_MOST = 500_000  # objects and lists; six times what a real record of 10 MB holds

SEND_AGAIN = "Ask the sender to correct the file and send it again."


def read_object(raw: bytes) -> dict[str, object]:
    """Parse UTF-8 JSON (a byte order mark is allowed) whose top is an object; decimals become Decimal.

    Raises ReadError for anything else, for duplicate keys, NaN and infinities, lone surrogates, more than 10 MB or
    500,000 parts, and nesting deeper than 64 (ASVS 1.5.3).
    """
    if len(raw) > BYTES_AT_MOST:
        raise ReadError("The file is larger than 10 MB. Ask the sender for a smaller extract.")
    if raw.count(b"{") + raw.count(b"[") > PARTS_AT_MOST:
        raise ReadError("The file has more parts than any real record. Ask the sender for a smaller extract.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReadError(f"The file is not in UTF-8, the only encoding of FHIR JSON. {SEND_AGAIN}") from None
    try:
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number, parse_float=Decimal)
    except ReadError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except Exception:  # the parser's own complaints quote the text, so none of them is passed on
        raise ReadError(f"The file is not well-formed JSON. {SEND_AGAIN}") from None
    if not isinstance(value, dict):
        raise ReadError(f"The file is JSON, but not one object. A FHIR Bundle is needed. {SEND_AGAIN}")
    _check_depth(value)
    if "\\u" in text:
        _check_surrogates(value)
    return value


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ReadError(
            f"The file names the same property twice in one object, so its meaning is unclear. {SEND_AGAIN}"
        )
    return found


def _no_number(_: str) -> object:
    raise ReadError(f"The file contains NaN or Infinity, which JSON does not allow. {SEND_AGAIN}")


def _too_deep() -> ReadError:
    return ReadError(
        f"The file is nested more than {NESTED_AT_MOST} levels deep, which no real record is. {SEND_AGAIN}"
    )


def _check_depth(value: dict[str, object]) -> None:
    level: list[object] = [value]
    for _ in range(NESTED_AT_MOST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise _too_deep()


def _children(value: object) -> list[object]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in inner if isinstance(child, dict | list)]


def _check_surrogates(value: dict[str, object]) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise ReadError(f"The file contains half of a character (a lone surrogate). {SEND_AGAIN}") from None
