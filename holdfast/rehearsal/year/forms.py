"""Answers by chance to any form of any pathway: valid ones, and only to what is asked."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, NOT_DISCLOSED, Answer, RawAnswer
from holdfast.core.conditions import ALWAYS, NEVER, Condition, holds
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State

_BLANK = Answer(BLANK)


def answer_form(
    fields: Iterable[Field],
    people: Mapping[str, str],
    state: State,
    pathway: Pathway,
    directory: Directory,
    now: datetime,
    chance: random.Random,
    closing: str = "",
    packet: bool = False,
) -> dict[str, RawAnswer]:
    """One answer for each field that is needed, given the answers before it. ``people`` are the ids for staff and team fields;
    a field whose person is not known there is left out. With ``packet`` what is answered already is left as it is."""
    found: dict[str, RawAnswer] = {}
    clear = {field.id: _BLANK for field in fields}
    shown = state.copy() if packet else state
    facts = facts_of(shown, pathway, directory, clear, closing)
    for field in fields:
        if packet and (before := state.packet.get(field.id)) is not None and before.counts:
            continue
        if not _asked(field.needed, facts):
            continue
        raw = chosen(field, people, now, chance)
        if raw is None:
            continue
        found[field.id] = raw
        read = Answer(raw.how, _clear(field, raw))
        clear[field.id] = read
        if packet:
            shown.packet[field.id] = read
    return found


def read(fields: Iterable[Field], answers: Mapping[str, RawAnswer]) -> dict[str, Answer]:
    """The answers as conditions see them."""
    given = {field.id: (field, answers[field.id]) for field in fields if field.id in answers}
    return {id: Answer(raw.how, _clear(field, raw)) for id, (field, raw) in given.items()}


def _asked(needed: Condition, facts: object) -> bool:
    if needed is ALWAYS or needed is NEVER:
        return needed is ALWAYS
    return holds(needed, facts)  # type: ignore[arg-type]


def _clear(field: Field, raw: RawAnswer) -> str | int | tuple[str, ...] | None:
    if raw.how != GIVEN or field.sealed:
        return None
    return tuple(raw.value) if isinstance(raw.value, list) else raw.value


def chosen(field: Field, people: Mapping[str, str], now: datetime, chance: random.Random) -> RawAnswer | None:
    """An answer of the field's kind. Flags and codes by chance; the gravest and the mildest as likely as each other."""
    if field.none_known and chance.random() < 0.2:
        return RawAnswer(NONE_KNOWN)
    if field.not_disclosed and chance.random() < 0.05:
        return RawAnswer(NOT_DISCLOSED)
    value: object
    match field.kind:
        case "code":
            value = chance.choice(field.options).code
        case "codes":
            value = [option.code for option in field.options if chance.random() < 0.5]
            value = value or [chance.choice(field.options).code]
        case "flag":
            value = "yes" if chance.random() < 0.4 else "no"
        case "date":
            value = (now + timedelta(days=chance.randrange(1, 30))).date().isoformat()
        case "instant":
            value = (now + timedelta(minutes=chance.randrange(0, 72 * 60))).isoformat()
        case "number":
            value = chance.randrange(0, 5)
        case "staff" | "team" | "slot":
            value = people.get(field.id)
        case "teams":
            value = [people[field.id]] if field.id in people else None
        case "list":
            value = [{column.id: column.label for column in field.columns}]
        case "phone":
            value = "202-555-0142"
        case _:
            value = "As agreed."
    return None if value is None else RawAnswer(GIVEN, value)
