"""Answers to any form of any pathway, made from its fields and from what a condition would like to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from holdfast.core.answers import Answer, RawAnswer
from holdfast.core.conditions import All, Condition, Not, Some, Test, holds
from holdfast.core.conditions import Any as Either
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State

#: What a field should say: a code or another clear value, or one of the other ways to answer.
Wish = Mapping[str, Any]
_HOWS = {"none-known": "none_known", "not-disclosed": "not_disclosed"}


def wishes(condition: Condition) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(fact, operator, values) of tests that would make the condition hold, the first way where there are several."""
    match condition:
        case Test(fact, op, values):
            yield fact, op, values
        case All(items):
            for item in items:
                yield from wishes(item)
        case Either(items):
            yield from wishes(items[0])
        case Some(count, items):
            for item in items[:count]:
                yield from wishes(item)
        case Not(item):
            yield from wishes(opposite(item))


def opposite(condition: Condition) -> Condition:
    """A condition that holds where this one does not, without a `not` of several."""
    match condition:
        case Test(fact, op, values):
            if op in ("at-least", "at-most"):
                least = op == "at-least"
                return Test(fact, "at-most" if least else "at-least", (str(int(values[0]) + (-1 if least else 1)),))
            turned = {"is": "is-not", "is-not": "is", "known": "unknown", "unknown": "known"}
            return Test(fact, turned[op], values)
        case All(items):
            return Either(tuple(opposite(item) for item in items))
        case Either(items):
            return All(tuple(opposite(item) for item in items))
        case Not(item):
            return item
        case Some(count, items):
            return Some(len(items) - count + 1, tuple(opposite(item) for item in items))
    return condition


def wished(condition: Condition, fields: Iterable[Field], prefix: str = "") -> dict[str, Any]:
    """Values for ``fields`` that help ``condition`` to hold; ``prefix`` is what facts put before a field's id."""
    known = {prefix + field.id: field for field in fields}
    found: dict[str, Any] = {}
    for fact, op, values in wishes(condition):
        field = known.get(fact)
        if field is None or op in ("known", "unknown"):
            continue
        if op == "is-not":
            others = [option.code for option in field.options if option.code not in values]
            found[field.id] = others[0] if others else values[0]
        else:
            found[field.id] = values[0]
    return found


def fill(
    fields: Iterable[Field],
    wish: Wish,
    someone: Callable[[Field], str],
    state: State,
    pathway: Pathway,
    directory: Directory,
    now: datetime,
    kept: Mapping[str, Answer] | None = None,
    closing: str = "",
) -> dict[str, RawAnswer]:
    """Every field that is needed gets an answer, the wished one where there is one. ``kept`` is what the packet says already."""
    fields, packet = tuple(fields), kept is not None
    found = {field.id: _raw(field, wish[field.id]) for field in fields if field.id in wish}
    while True:
        shown = state
        answers = {field.id: Answer("blank") for field in fields} | {id: _read(raw) for id, raw in found.items()}
        if packet:
            shown = state.copy()
            shown.packet.update({id: _read(raw) for id, raw in found.items()})
        facts = facts_of(shown, pathway, directory, {} if packet else answers, closing)
        more = next(
            (f for f in fields if f.id not in found and f.id not in (kept or {}) and holds(f.needed, facts)), None
        )
        if more is None:
            return found
        found[more.id] = RawAnswer("given", _usual(more, someone, now))


def _raw(field: Field, value: Any) -> RawAnswer:
    if value in _HOWS:
        return RawAnswer(str(value))
    number = int(value) if field.kind == "number" else value
    return RawAnswer("given", [number] if field.kind == "codes" else number)


def _read(raw: RawAnswer) -> Answer:
    """As conditions read it: a clear value, several, or only that there is one."""
    value = raw.value
    clear = tuple(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
    return Answer(raw.how, None if isinstance(clear, list) else clear)


def _usual(field: Field, someone: Callable[[Field], str], now: datetime) -> Any:
    match field.kind:
        case "code":
            return field.options[0].code
        case "codes":
            return [field.options[0].code]
        case "flag":
            return "no"
        case "date":
            return (now + timedelta(days=14)).date().isoformat()
        case "instant":
            return now.isoformat()
        case "number":
            return 1
        case "staff" | "team":
            return someone(field)
        case "teams":
            return [someone(field)]
        case "list":
            return [{column.id: column.label for column in field.columns}]
        case "phone":
            return "202-555-0142"
        case "identity":
            return "Alex Moor"
        case _:
            return f"{field.ask}: as agreed."
