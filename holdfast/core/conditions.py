"""Conditions are structured data over facts, so that they can be explained, checked and explored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: What a fact can be: a code, a whole number, several codes, or nothing recorded.
FactValue = str | int | None | tuple[str, ...]
Facts = Callable[[str], FactValue]

#: Operators a test may use, each with the words that explain it.
OPERATORS = {
    "is": "is",
    "is-not": "is not",
    "known": "is recorded",
    "unknown": "is not recorded",
    "at-least": "is at least",
    "at-most": "is at most",
}


@dataclass(frozen=True, slots=True)
class Always:
    """Holds whatever the facts are."""

    def holds(self, facts: Facts) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Test:
    """One fact compared with values: ``op`` is a key of ``OPERATORS``; ``values`` are codes, or one whole number as text."""

    fact: str
    op: str
    values: tuple[str, ...] = ()

    def holds(self, facts: Facts) -> bool:
        return _test(self, facts(self.fact))


@dataclass(frozen=True, slots=True)
class All:
    items: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        # A loop, not all(): a deed asks some eighty conditions, and a generator for each costs more than its questions.
        for item in self.items:  # noqa: SIM110
            if not item.holds(facts):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Any:
    items: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        for item in self.items:  # noqa: SIM110
            if item.holds(facts):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Not:
    item: Condition

    def holds(self, facts: Facts) -> bool:
        return not self.item.holds(facts)


@dataclass(frozen=True, slots=True)
class Some:
    """At least ``count`` of ``items`` hold."""

    count: int
    items: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return sum(item.holds(facts) for item in self.items) >= self.count


Condition = Always | Test | All | Any | Not | Some

ALWAYS = Always()
NEVER = Not(ALWAYS)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether ``condition`` holds. A fact not recorded satisfies only ``unknown`` and ``is-not``; a moment that never came is 0."""
    return condition.holds(facts)


def _test(test: Test, value: FactValue) -> bool:
    op = test.op
    if op == "is" or op == "is-not":
        if value is None:
            return op == "is-not"
        met = any(item in test.values for item in value) if isinstance(value, tuple) else str(value) in test.values
        return met if op == "is" else not met
    if op == "known":
        return value is not None and value != ()
    if op == "unknown":
        return value is None or value == ()
    if value is None and not test.fact.startswith("moment."):
        return False
    number = value if isinstance(value, int) else 0
    bound = int(test.values[0])
    return number >= bound if op == "at-least" else number <= bound


def because(condition: Condition, facts: Facts) -> list[str]:
    """The tests that made ``condition`` hold, in words: ``["risk.suicidal-ideation is plan"]``."""
    match condition:
        case Always():
            return []
        case Test(_, "is-not", _):
            return [words(condition)] if holds(condition, facts) else []
        case Test(fact, op, _):
            return [f"{fact} {OPERATORS[op]} {_shown(facts(fact))}".strip()] if _test(condition, facts(fact)) else []
        case Not(item):
            return [f"not: {words(item)}"] if not holds(item, facts) else []
        case All(items) | Any(items) | Some(_, items):
            return [line for item in items for line in because(item, facts)] if holds(condition, facts) else []


def words(condition: Condition) -> str:
    """The condition as one plain phrase."""
    match condition:
        case Always():
            return "always"
        case Test(fact, op, values):
            return f"{fact} {OPERATORS[op]} {' or '.join(values)}".strip()
        case Not(item):
            return f"not ({words(item)})"
        case All(items):
            return " and ".join(f"({words(i)})" if isinstance(i, Any | Some) else words(i) for i in items)
        case Any(items):
            return " or ".join(f"({words(i)})" if isinstance(i, All | Some) else words(i) for i in items)
        case Some(count, items):
            return f"at least {count} of: " + "; ".join(words(i) for i in items)


def facts_read(condition: Condition) -> Iterator[str]:
    """Every fact the condition reads, repeats included."""
    match condition:
        case Test(fact, _, _):
            yield fact
        case Not(item):
            yield from facts_read(item)
        case All(items) | Any(items) | Some(_, items):
            for item in items:
                yield from facts_read(item)
        case _:
            return


def _shown(value: FactValue) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
