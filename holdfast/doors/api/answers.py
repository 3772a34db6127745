"""Answers as JSON: plain values, or how it was answered beside the value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, NOT_DISCLOSED, RawAnswer
from holdfast.core.refusals import Missing
from holdfast.doors.api.problems import problem

_HOWS = (GIVEN, NONE_KNOWN, NOT_DISCLOSED, BLANK)
_PARTS = {"how", "value", "true_at"}


def read_answers(given: Mapping[str, Any]) -> dict[str, RawAnswer]:
    """Field id to what the desk judges. Raises a problem that names each answer that has no proper shape."""
    answers: dict[str, RawAnswer] = {}
    faults: list[Missing] = []
    for id, value in given.items():
        says = "it holds characters that cannot be kept" if not _keepable([id, value]) else ""
        try:
            answers[id] = _raw(value)
        except ValueError as error:
            says = says or str(error)
        if says:
            faults.append(Missing(id if _keepable(id) else "?", says, "you"))
    if faults:
        raise problem(422, "These answers cannot be read.", "unreadable_answers", *faults)
    return answers


def keepable(text: str) -> bool:
    """Whether every character can be stored: no lone surrogate, no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _raw(value: Any) -> RawAnswer:
    if value in (NONE_KNOWN, NOT_DISCLOSED):
        raise ValueError(f'this is how it was answered and not the answer: send {{"how": "{value}"}}')
    if not isinstance(value, Mapping):
        return RawAnswer(BLANK) if value is None else RawAnswer(GIVEN, value)
    how = value.get("how")
    if how not in _HOWS or value.keys() - _PARTS:
        raise ValueError(f'give a value, or {{"how": …, "value": …}} with one of {", ".join(_HOWS)}')
    return RawAnswer(how, value.get("value"), _instant(value.get("true_at")))


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None or not 1900 <= at.year <= 2200:
        raise ValueError("true_at is a date and time with its zone, such as 2026-03-29T14:05+00:00")
    return at


def _keepable(value: Any) -> bool:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, Mapping):
        return all(_keepable(key) and _keepable(item) for key, item in value.items())
    return all(_keepable(item) for item in value) if isinstance(value, list | tuple) else True
