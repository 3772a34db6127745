"""What came back from a form for one packet field: the inverse of showing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from holdfast.doors.web.forms.fields import SINGLE_CHOICE, FieldView

AnswerKind = Literal["blank", "given", "none-known", "not-disclosed"]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What was posted for a field: unchecked text, to be judged by the desk.

    `contradiction` is true when somebody chose "none known" or "asked, not disclosed" and also wrote an answer; `kind`
    is then what they chose and `value` what they wrote, so that neither is lost and the page can ask which is meant.
    """

    kind: AnswerKind
    value: Any = None
    confirmed: bool = False
    contradiction: bool = False


class Posted(Protocol):
    """The part of Django's QueryDict that reading needs."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...
    def __contains__(self, key: object, /) -> bool: ...


def wants_row(view: FieldView, posted: Posted) -> bool:
    """Whether the form was sent by the button "Add a row" of this list: save the draft and show it again."""
    return f"{view.id}:add" in posted


def _text(posted: Posted, name: str) -> str:
    return str(posted.get(name) or "").replace("\r\n", "\n").strip()


def _posted_rows(view: FieldView, posted: Posted) -> tuple[dict[str, str], ...]:
    rows: list[dict[str, str]] = []
    n = 0
    while view.columns and any(f"{view.id}:{n}:{column.id}" in posted for column in view.columns):
        row = {column.id: _text(posted, f"{view.id}:{n}:{column.id}") for column in view.columns}
        if any(row.values()) and f"{view.id}:{n}:remove" not in posted:
            rows.append(row)
        n += 1
    return tuple(rows)


def _posted_value(view: FieldView, posted: Posted) -> Any:
    """The value written, or None where nothing was."""
    if view.kind == "codes":
        return tuple(str(v) for v in posted.getlist(view.id) if v) or None
    if view.kind == "list":
        return _posted_rows(view, posted) or None
    if view.kind == "instant":
        date, time = _text(posted, f"{view.id}:date"), _text(posted, f"{view.id}:time")
        return f"{date}T{time}" if date or time else None
    text = _text(posted, view.id)
    if view.kind == "flag":
        return {"yes": True, "no": False}.get(text)
    return text or None


def read_posted(view: FieldView, posted: Posted) -> RawAnswer:
    """The inverse of the form: what was posted for this field, never raising. An answer not offered is not read."""
    confirmed = f"{view.id}:confirmed" in posted
    if view.kind in SINGLE_CHOICE:
        text = _text(posted, view.id)
        chosen = text[1:] if text.startswith(":") else ""
    else:
        chosen = _text(posted, f"{view.id}:answer")
    kind: AnswerKind | None = None
    if chosen == "none-known" and view.none_known_allowed:
        kind = "none-known"
    elif chosen == "not-disclosed" and view.not_disclosed_allowed:
        kind = "not-disclosed"
    # In a single choice the colon marks an answer that is not a value, offered or not.
    value = None if view.kind in SINGLE_CHOICE and chosen else _posted_value(view, posted)
    if kind:
        return RawAnswer(kind, value, confirmed, contradiction=value is not None)
    return RawAnswer("blank" if value is None else "given", value, confirmed)
