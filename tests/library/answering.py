"""Valid answers to any form of any pathway, made from nothing but its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from holdfast.core.answers import Answer
from holdfast.core.conditions import holds
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State

#: An override that leaves the field out, whatever the form asks.
LEFT_OUT = object()
BLANK = {"how": "blank"}
NONE_KNOWN = {"how": "none-known"}
NOT_DISCLOSED = {"how": "not-disclosed"}


def answers_to(
    fields: Iterable[Field],
    given: Mapping[str, Any],
    people: Mapping[str, str],
    state: State,
    pathway: Pathway,
    directory: Directory,
    now: datetime,
    kept: Mapping[str, Answer] | None = None,
    closing: str = "",
) -> dict[str, Any]:
    """Every field that is needed gets its first valid answer; ``given`` goes before it. ``people`` maps a staff or team field to an id.

    What is needed can hang on other answers, so the form is gone through until nothing more becomes needed. ``kept`` is what was
    answered before (the packet): it is left as it is.
    """
    fields, before = tuple(fields), dict(kept or {})
    strange = set(given) - {field.id for field in fields}
    assert not strange, f"this form has no {', '.join(sorted(strange))}"
    stale = {field.id: Answer("blank") for field in fields}
    found: dict[str, Any] = {id: value for id, value in given.items() if value is not LEFT_OUT}
    while True:
        shown = _with(state, found, fields, kept is not None)
        facts = facts_of(shown, pathway, directory, {**stale, **_answers(found, fields)}, closing)
        more = [
            field
            for field in fields
            if field.id not in found and field.id not in given and field.id not in before and holds(field.needed, facts)
        ]
        if not more:
            return found
        # One at a time and in order: an earlier answer may make a later question needless.
        found[more[0].id] = usual(more[0], people, now)


def usual(field: Field, people: Mapping[str, str], now: datetime) -> Any:
    """An answer of the field's kind: the first of its codes, none of several where that is an answer, "no" to a flag, a time: now."""
    match field.kind:
        case "code":
            return field.options[0].code
        case "codes":
            return NONE_KNOWN if field.none_known else [field.options[0].code]
        case "flag":
            return "no"
        case "date":
            return (now + timedelta(days=14)).date().isoformat()
        case "instant":
            return now.isoformat()
        case "number":
            return 1
        case "staff" | "team":
            return people[field.id]
        case "teams":
            return [people[field.id]]
        case "list":
            return [{column.id: column.label for column in field.columns}]
        case "phone":
            return "202-555-0142"
        case "identity":
            return "Alex Moor"
        case _:
            return f"{field.ask}: as agreed."


def _answers(found: Mapping[str, Any], fields: Iterable[Field]) -> dict[str, Answer]:
    """As conditions read them."""
    sealed = {field.id for field in fields if field.sealed}
    answers = {}
    for id, value in found.items():
        if isinstance(value, Mapping) and "how" in value:
            answers[id] = Answer(value["how"])
        else:
            clear = None if id in sealed else tuple(value) if isinstance(value, list) else value
            answers[id] = Answer("given", clear)
    return answers


def _with(state: State, found: Mapping[str, Any], fields: Iterable[Field], packet: bool) -> State:
    if not packet:
        return state
    state = state.copy()
    state.packet.update(_answers(found, fields))
    return state
