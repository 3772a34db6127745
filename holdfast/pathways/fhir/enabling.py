"""When a question is asked, in the terms of a FHIR R4 Questionnaire: one list of comparisons that all, or any, must hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from holdfast.core.conditions import All, Condition, Not, Test
from holdfast.core.conditions import Any as AnyOf
from holdfast.core.pathway import Field

Comparison = dict[str, Any]
#: Finds the question behind a fact, with its link id and the system of its codes; None where the form does not ask it.
Asked = Callable[[str], "Question | None"]
NO_ANSWERS = {"none-known": "None known", "not-disclosed": "Asked, not disclosed"}
_OPPOSITE = {"is": "is-not", "is-not": "is", "known": "unknown", "unknown": "known"}
_BOUNDS = {"at-least": ">=", "at-most": "<="}


@dataclass(frozen=True, slots=True)
class Question:
    """A field as an item. ``beside`` is the item that says why there is no answer, where that is one of its own."""

    field: Field
    link: str
    system: str
    beside: str = ""

    @property
    def chosen(self) -> bool:
        """Whether it is answered by a code. A yes or no that may also stay open is."""
        return self.field.kind in ("code", "codes") or (self.field.kind == "flag" and bool(self.open_ways))

    @property
    def open_ways(self) -> tuple[str, ...]:
        allowed = {"none-known": self.field.none_known, "not-disclosed": self.field.not_disclosed}
        return tuple(way for way, may in allowed.items() if may)

    def codes(self) -> list[tuple[str, str]]:
        """Each code that can be chosen, with its label."""
        yes_no = [("yes", "Yes"), ("no", "No")] if self.field.kind == "flag" else []
        offered = yes_no or [(option.code, option.label) for option in self.field.options]
        return [*offered, *((way, NO_ANSWERS[way]) for way in self.open_ways)]


@dataclass(frozen=True, slots=True)
class Enabling:
    """``behaviour`` is all or any; it says nothing where there is one comparison."""

    behaviour: str
    comparisons: tuple[Comparison, ...]

    def shape(self) -> dict[str, Any]:
        together = {"enableBehavior": self.behaviour} if len(self.comparisons) > 1 else {}
        return {"enableWhen": list(self.comparisons), **together}


def enabling_of(condition: Condition, asked: Asked) -> Enabling | None:
    """The same condition as comparisons; None where FHIR R4 has no words for it: other facts, mixed all and any, some of several."""
    match condition:
        case Test():
            return _test(condition, asked)
        case Not(item):
            turned = _turned(item)
            return enabling_of(turned, asked) if turned is not None else None
        case All(items):
            return _together("all", [enabling_of(item, asked) for item in items])
        case AnyOf(items):
            return _together("any", [enabling_of(item, asked) for item in items])
    return None


def _together(behaviour: str, parts: list[Enabling | None]) -> Enabling | None:
    if any(part is None or (len(part.comparisons) > 1 and part.behaviour != behaviour) for part in parts):
        return None
    found = tuple(one for part in parts if part is not None for one in part.comparisons)
    return Enabling(behaviour, found)


def _turned(condition: Condition) -> Condition | None:
    """The contrary, with the not inside."""
    match condition:
        case Test(fact, op, values) if op in _OPPOSITE:
            return Test(fact, _OPPOSITE[op], values)
        case Not(item):
            return item
        case All(items):
            return AnyOf(tuple(Not(item) for item in items))
        case AnyOf(items):
            return All(tuple(Not(item) for item in items))
    return None


def _test(test: Test, asked: Asked) -> Enabling | None:
    question = asked(test.fact)
    if question is None or question.field.kind == "list":
        return None
    if test.op == "known":
        return Enabling("any", tuple(_exists(link, True) for link in _links(question)))
    if test.op == "unknown":
        return Enabling("all", tuple(_exists(link, False) for link in _links(question)))
    if test.op in _BOUNDS:
        return _bound(question, test) if question.field.kind == "number" else None
    if question.chosen:
        return _choice(question, test)
    if question.field.kind == "flag" and test.op == "is":
        return Enabling("any", tuple(_equals(question, value == "yes") for value in test.values))
    if question.field.kind == "flag":
        others = {"yes", "no"} - set(test.values)
        comparisons = (_exists(question.link, False), *(_equals(question, value == "yes") for value in sorted(others)))
        return Enabling("any", comparisons)
    return None


def _choice(question: Question, test: Test) -> Enabling | None:
    """ "Is not" also holds for a question without an answer; of several answers it would have to hold for each, and cannot be said."""
    if test.op == "is":
        return Enabling("any", tuple(_coded(question, value) for value in test.values))
    if question.field.kind == "codes":
        return None
    others = [code for code, _ in question.codes() if code not in test.values]
    return Enabling("any", (_exists(question.link, False), *(_coded(question, code) for code in others)))


def _bound(question: Question, test: Test) -> Enabling:
    compared = {"question": question.link, "operator": _BOUNDS[test.op], "answerInteger": int(test.values[0])}
    return Enabling("all", (compared,))


def _links(question: Question) -> tuple[str, ...]:
    return (question.link, question.beside) if question.beside else (question.link,)


def _exists(link: str, answer: bool) -> Comparison:
    return {"question": link, "operator": "exists", "answerBoolean": answer}


def _equals(question: Question, answer: bool) -> Comparison:
    return {"question": question.link, "operator": "=", "answerBoolean": answer}


def _coded(question: Question, code: str) -> Comparison:
    return {
        "question": question.link,
        "operator": "=",
        "answerCoding": {"system": question.system, "code": code},
    }
