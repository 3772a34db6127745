"""One packet field as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext

from holdfast.doors.web.templatetags.times import plain_day

Kind = Literal["code", "codes", "flag", "date", "instant", "number", "text", "list", "phone"]
Answer = Literal["", "given", "none-known", "not-disclosed"]

# One radio group cannot hold two answers, so for these kinds the answers that are not values sit among the options.
SINGLE_CHOICE = frozenset({"code", "flag"})
GROUPED = SINGLE_CHOICE | {"codes", "instant", "list"}
# A colon is never part of a field id or an option: it sets apart `:none-known`, `field:answer`, `field:0:column`.


@dataclass(frozen=True, slots=True)
class Option:
    """One coded answer."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One named part of a list row; `kind` is text, date, number, phone or code (then with options)."""

    id: str
    label: str
    kind: str = "text"
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldView:
    """A packet field ready to show (PKT-06).

    `value` is a string (code, text, number, phone), `True`/`False`/`None` (flag), a sequence of strings (codes), an ISO
    date, a local `YYYY-MM-DDTHH:MM` in `zone` (instant), or a sequence of mappings by column id (list).
    """

    id: str
    kind: Kind
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    value: Any = None
    answer: Answer = ""
    error: str = ""
    required: bool = False
    none_known_allowed: bool = False
    not_disclosed_allowed: bool = False
    prefill_note: str = ""
    confirmed: bool = False
    zone: str = ""
    unit: str = ""
    blank_rows: int = 1


def dom_id(field_id: str) -> str:
    """The element id of a field's first control: `risk.summary` gives `f-risk__summary`."""
    return "f-" + field_id.replace(".", "__").replace(":", "--")


def _checked(view: FieldView, value: str) -> bool:
    if view.kind in SINGLE_CHOICE and view.answer in ("none-known", "not-disclosed"):
        return False
    if view.kind == "flag":
        return view.value is not None and view.value == (value == "yes")
    if view.kind == "codes":
        return value in (view.value or ())
    return bool(view.value == value)


def _choices(view: FieldView) -> list[dict[str, Any]]:
    options = (Option("yes", gettext("Yes")), Option("no", gettext("No"))) if view.kind == "flag" else view.options
    dom = dom_id(view.id)
    return [
        {"value": o.value, "label": o.label, "hint": o.hint, "checked": _checked(view, o.value)}
        | {"dom": dom if n == 0 else f"{dom}-{n}"}
        for n, o in enumerate(options)
    ]


def _short(choices: list[dict[str, Any]]) -> bool:
    """Whether three answers or fewer fit beside each other on a phone."""
    return len(choices) <= 3 and all(len(c["label"]) <= 8 and not c["hint"] for c in choices)


def _answers(view: FieldView) -> list[dict[str, Any]]:
    """The radios for answers that are not values; empty when the field allows none."""
    allowed = [("none-known", gettext("None known"))] * view.none_known_allowed + [
        ("not-disclosed", gettext("Asked, not disclosed"))
    ] * view.not_disclosed_allowed
    if not allowed:
        return []
    single = view.kind in SINGLE_CHOICE
    shown = allowed if single else [("given", gettext("Answer given")), *allowed]
    return [
        {"value": f":{kind}" if single else kind, "label": label, "checked": view.answer == kind}
        | {"dom": f"{dom_id(view.id)}-is-{kind}"}
        for kind, label in shown
    ]


def _rows(view: FieldView) -> list[dict[str, Any]]:
    values: list[Mapping[str, Any]] = [*(view.value or ()), *([{}] * view.blank_rows)]
    dom = dom_id(view.id)
    return [
        {
            "number": n + 1,
            "filled": n < len(values) - view.blank_rows,
            "remove": f"{view.id}:{n}:remove",
            "remove_dom": f"{dom}-{n}-remove",
            "cells": [
                {
                    "column": column,
                    "name": f"{view.id}:{n}:{column.id}",
                    "dom": dom if n == c == 0 else f"{dom}-{n}-{column.id}",
                    "value": row.get(column.id) or "",
                }
                for c, column in enumerate(view.columns)
            ],
        }
        for n, row in enumerate(values)
    ]


def field_context(view: FieldView) -> dict[str, Any]:
    """Everything `forms/field.html` needs, as plain values."""
    dom = dom_id(view.id)
    notes = {"hint": view.hint, "prefill": view.prefill_note, "error": view.error}
    answers = _answers(view)
    choices = _choices(view) if view.kind in SINGLE_CHOICE | {"codes"} else []
    date, _t, time = str(view.value or "").partition("T") if view.kind == "instant" else ("", "", "")
    return {
        "field": view,
        "dom": dom,
        "describedby": " ".join(f"{dom}-{part}" for part, text in notes.items() if text),
        "grouped": view.kind in GROUPED or bool(answers),
        "single_choice": view.kind in SINGLE_CHOICE,
        "entry": f"forms/entry_{view.kind}.html",
        "choices": choices,
        "short": _short(choices),
        "answers": answers,
        "answer_name": view.id if view.kind in SINGLE_CHOICE else f"{view.id}:answer",
        "given_dom": f"{dom}-is-given" if answers and view.kind not in SINGLE_CHOICE else "",
        "rows": _rows(view) if view.kind == "list" else [],
        "date": date,
        "time": time,
    }


def answer_text(view: FieldView) -> str:
    """A field's answer in words for reading: the four states of an answer stay apart (PKT-06)."""
    if view.answer == "none-known":
        return gettext("None known")
    if view.answer == "not-disclosed":
        return gettext("Asked, not disclosed")
    if view.value in (None, "", (), []):
        return gettext("Not answered yet")
    labels = {o.value: o.label for o in view.options}
    if view.kind == "flag":
        return gettext("Yes") if view.value else gettext("No")
    if view.kind == "codes":
        return ", ".join(labels.get(v, v) for v in view.value)
    if view.kind == "list":
        return "; ".join(", ".join(cell for cell in row if cell) for row in answer_rows(view))
    if view.kind == "instant":
        day, _t, time = str(view.value).partition("T")
        return f"{plain_day(day)}, {time} {view.zone}".strip()
    if view.kind == "date":
        return plain_day(view.value)
    return f"{labels.get(view.value, view.value)} {view.unit}".strip()


def answer_rows(view: FieldView) -> list[list[str]]:
    """The rows of a list for reading: cells in column order, codes as their labels."""
    labels = {column.id: {o.value: o.label for o in column.options} for column in view.columns}
    days = {column.id for column in view.columns if column.kind == "date"}

    def cell(column: str, value: str) -> str:
        return plain_day(value) if column in days else labels[column].get(value, value)

    return [[cell(column.id, row.get(column.id) or "") for column in view.columns] for row in view.value or ()]
