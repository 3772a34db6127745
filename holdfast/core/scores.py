"""Scores: the sum of the answers to an instrument's questions, or nothing until every one of them is answered (BEY-26)."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core.conditions import Condition, Facts, facts_read
from holdfast.core.pathway import Pathway

#: How the facts that are scores begin.
SCORE = "score."


def score_of(id: str, pathway: Pathway, facts: Facts) -> int | None:
    """The sum of one instrument as a whole number. An answer that is no number, such as "not disclosed", leaves it without a sum."""
    total = 0
    for fact in inputs_of(id, pathway):
        value = facts(fact)
        if not isinstance(value, str) or not value.isdecimal():
            return None
        total += int(value)
    return total


def inputs_of(id: str, pathway: Pathway) -> tuple[str, ...]:
    """The facts that an instrument adds up: fields of the packet as they are called, others as answers."""
    score = pathway.find_score(id)
    items = score.items if score is not None else ()
    return tuple(item if pathway.find_field(item) is not None else f"answer.{item}" for item in items)


def facts_behind(condition: Condition, pathway: Pathway) -> Iterator[str]:
    """Every fact the condition reads, and behind a score the questions that it adds up, repeats included."""
    for fact in facts_read(condition):
        yield fact
        if fact.startswith(SCORE):
            yield from inputs_of(fact.removeprefix(SCORE), pathway)
