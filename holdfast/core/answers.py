"""Answers: what was asked, what was said, by whom, and when it was true."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from holdfast.core.pathway import Field

GIVEN, NONE_KNOWN, NOT_DISCLOSED, BLANK = "given", "none-known", "not-disclosed", "blank"
#: Longest text accepted in one answer, in characters; a chart is not a summary (PKT-08).
LONGEST_TEXT = 20_000
MOST_ROWS = 200
_JSON = json.JSONEncoder(ensure_ascii=False)

Clear = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What a door hands in: ``how`` is given, none-known, not-disclosed or blank; ``value`` is text, a number, codes or rows."""

    how: str
    value: Any = None
    true_at: datetime | None = None
    unconfirmed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record keeps of one answer: clear values as they are, text and identity as a commitment (``sealed``)."""

    how: str
    value: Clear | None = None
    sealed: str = ""
    by: str = ""
    true_at: datetime | None = None
    unconfirmed: bool = False
    source: str = ""

    @property
    def counts(self) -> bool:
        """Whether it answers the question: blank does not, and neither does what was carried forward and not confirmed (PKT-09)."""
        return self.how != BLANK and not self.unconfirmed


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer that cannot be taken, and what to do about it."""

    field: str
    says: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A raw answer read against its field: the clear part, and the plain bytes to seal, if any."""

    how: str
    value: Clear | None
    to_seal: bytes | None


def instant_of(value: object) -> datetime | None:
    """The instant (UTC) that a clear value holds, or nothing."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.partition("#")[0])  # a slot is named by when it begins
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def read_answer(field: Field, raw: RawAnswer) -> Reading | Problem:
    """The reading of ``raw``, or the problem with it. Instants are ISO 8601 with an offset; dates are ISO dates."""
    if raw.how == BLANK or (raw.how == GIVEN and _is_empty(raw.value)):
        return Reading(BLANK, None, None)
    if raw.how == NONE_KNOWN:
        return (
            Reading(NONE_KNOWN, None, None) if field.none_known else _no(field, '"None known" is not an answer here.')
        )
    if raw.how == NOT_DISCLOSED:
        allowed = field.not_disclosed
        return Reading(NOT_DISCLOSED, None, None) if allowed else _no(field, '"Not disclosed" is not an answer here.')
    if raw.how != GIVEN:
        return _no(field, "An answer is given, none-known, not-disclosed or blank.")
    return _READERS[field.kind](field, raw.value)


def _no(field: Field, says: str) -> Problem:
    return Problem(field.id, f"{field.ask}: {says}")


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


def _code(field: Field, value: Any) -> Reading | Problem:
    codes = [option.code for option in field.options]
    if value in codes:
        return Reading(GIVEN, str(value), None)
    return _no(field, f"choose one of {', '.join(option.label for option in field.options)}.")


def _codes(field: Field, value: Any) -> Reading | Problem:
    codes = {option.code for option in field.options}
    if isinstance(value, list | tuple) and all(item in codes for item in value):
        return Reading(GIVEN, tuple(sorted(set(value))), None)
    return _no(field, f"choose among {', '.join(option.label for option in field.options)}.")


def _flag(field: Field, value: Any) -> Reading | Problem:
    if value in (True, "yes"):
        return Reading(GIVEN, "yes", None)
    if value in (False, "no"):
        return Reading(GIVEN, "no", None)
    return _no(field, "answer yes or no.")


def _date(field: Field, value: Any) -> Reading | Problem:
    try:
        return Reading(GIVEN, date.fromisoformat(str(value)).isoformat(), None)
    except ValueError:
        return _no(field, "give a date such as 2026-03-29.")


def _instant(field: Field, value: Any) -> Reading | Problem:
    try:
        instant = datetime.fromisoformat(str(value))
        if instant.tzinfo is None:
            raise ValueError
        return Reading(GIVEN, instant.astimezone(UTC).isoformat(), None)
    except (ValueError, OverflowError):
        return _no(field, "give a date and time with its zone, such as 2026-03-29T14:05+00:00.")


def _number(field: Field, value: Any) -> Reading | Problem:
    try:
        number = int(str(value))
    except ValueError:
        return _no(field, "give a whole number.")
    return Reading(GIVEN, number, None) if abs(number) < 2**53 else _no(field, "that number is too large.")


def _name(field: Field, value: Any) -> Reading | Problem:
    if isinstance(value, str) and 0 < len(value) <= 100:
        return Reading(GIVEN, value, None)
    return _no(field, "choose one of the people or teams offered.")


def _names(field: Field, value: Any) -> Reading | Problem:
    several = isinstance(value, list | tuple) and 0 < len(value) <= MOST_ROWS
    if several and all(isinstance(one, str) and 0 < len(one) <= 100 for one in value):
        return Reading(GIVEN, tuple(sorted(set(value))), None)
    return _no(field, "choose one or several of the teams offered.")


def _text(field: Field, value: Any) -> Reading | Problem:
    if not isinstance(value, str):
        return _no(field, "write it as text.")
    if len(value) > LONGEST_TEXT:
        return _no(field, f"that is longer than {LONGEST_TEXT} characters; give the part the reader must act on.")
    text = value.strip()
    if "\x00" in text or not _encodes(text):
        return _no(field, "it holds characters that cannot be kept; type them again.")
    return Reading(GIVEN, None, _JSON.encode(text).encode())


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _list(field: Field, value: Any) -> Reading | Problem:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_ROWS:
        return _no(field, f"give up to {MOST_ROWS} rows.")
    names = [column.id for column in field.columns]
    rows: list[dict[str, str]] = []
    for position, row in enumerate(value, start=1):
        if not isinstance(row, Mapping) or not all(isinstance(cell, str) for cell in row.values()):
            return _no(field, f"row {position} must have {', '.join(names)} as text.")
        kept = {name: str(row.get(name, "")).strip() for name in names}
        if not any(kept.values()):
            continue
        missing = [column.label for column in field.columns if column.needed and not kept[column.id]]
        if missing:
            return _no(field, f"row {position} lacks: {', '.join(missing)}.")
        if len(json.dumps(kept)) > LONGEST_TEXT or not all(
            _encodes(cell) and "\x00" not in cell for cell in kept.values()
        ):
            return _no(field, f"row {position} is too long or holds characters that cannot be kept.")
        rows.append(kept)
    if not rows:
        return Reading(BLANK, None, None)
    return Reading(GIVEN, None, json.dumps(rows, ensure_ascii=False, sort_keys=True).encode())


_READERS = {
    "code": _code,
    "codes": _codes,
    "flag": _flag,
    "date": _date,
    "instant": _instant,
    "number": _number,
    "staff": _name,
    "team": _name,
    "teams": _names,
    "slot": _name,
    "text": _text,
    "identity": _text,
    "phone": _text,
    "list": _list,
}
