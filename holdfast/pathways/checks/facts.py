"""Checks of conditions: every fact they read exists where they read it, and is compared with what it can be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from holdfast.pathways.checks.examination import Examination, answers_of, packet_fields, records_in, suggestion
from holdfast.pathways.checks.fields import codes_of
from holdfast.pathways.checks.moments import ENGINES_MOMENTS, begins_in, marked
from holdfast.pathways.condition_shape import (
    AllShape,
    AnyShape,
    ConditionShape,
    DefinedShape,
    NotShape,
    SomeShape,
    TestShape,
)
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import FieldShape, GroupShape, Record

Answers = Mapping[str, FieldShape]

#: What `obligation.<id>` can be.
STANDINGS = frozenset(
    {"open", "breached", "met", "met-late", "annulled", "waived", "not-applicable", "stopped", "taken-over", "closed"}
)
YES_NO = frozenset({"yes", "no"})
_KNOWN = frozenset({"known", "unknown"})
_CODES = _KNOWN | {"is", "is-not"}
_COUNTS = frozenset({"at-least", "at-most"})


@dataclass(frozen=True, slots=True)
class _Fact:
    """How a fact may be tested: the operators, and the codes it can be."""

    operators: frozenset[str]
    codes: frozenset[str] = frozenset()


def check_conditions(exam: Examination) -> None:
    """Every condition of the file, and definitions whether they are used or not."""
    facts = _Facts(exam)
    for path, condition, answers in _conditions(exam):
        facts.check(path, condition, answers, ())
    for name, condition in exam.shape.definitions.items():
        if name not in facts.used:
            exam.question(("definitions", name), f"The definition '{name}' is not used.", "Use it, or take it out.")
            facts.check(("definitions", name), condition, {}, (name,))


def _conditions(exam: Examination) -> Iterator[tuple[Path, ConditionShape, Answers]]:
    """Each condition with its place and the answers given there, which go before those given earlier in the case."""
    shape, nothing = exam.shape, dict[str, FieldShape]()
    yield from ((("tiers", place, "when"), tier.when, nothing) for place, tier in enumerate(shape.tiers))
    yield ("may-share-when",), shape.may_share_when, nothing
    for id, part in shape.packet.items():
        yield from _needed(("packet", id, "fields"), part.fields, nothing)
    yield from ((("gates", id, "when"), gate.when, nothing) for id, gate in shape.gates.items())
    for id, step in shape.steps.items():
        path, answers = ("steps", id), answers_of(step.records)
        yield (*path, "only-when"), step.only_when, nothing
        yield from (((*path, "begins", place, "when"), one.when, answers) for place, one in enumerate(step.begins))
        yield from _needed((*path, "records"), step.records, answers)
        yield from (((*path, "emits", place, "when"), one.when, answers) for place, one in enumerate(step.emits))
    for id, obligation in shape.obligations.items():
        for place, opening in enumerate(obligation.opens_on):
            where = ("obligations", id, "opens-on")
            within = place if (*where, place) in exam.source.lines else None
            full = (*where, "when") if within is None else (*where, within, "when")
            yield full, opening.when, answers_at(exam, opening.moment)
        yield from _needed(("obligations", id, "records"), obligation.records, answers_of(obligation.records))
    for id, endpoint in shape.endpoints.items():
        yield from _needed(("endpoints", id, "records"), endpoint.records, answers_of(endpoint.records))
    for path, one in begins_in(shape):
        if path[0] != "steps":
            yield (*path, "when"), one.when, nothing
    for place, one in enumerate(shape.validations):
        yield ("validations", place, "holds-when"), one.holds_when, nothing
        yield ("validations", place, "applies-when"), one.applies_when, nothing


def _needed(path: Path, records: Iterable[Record], answers: Answers) -> Iterator[tuple[Path, ConditionShape, Answers]]:
    for place, one in enumerate(records):
        yield (*path, place, "needed-when"), one.needed_when, answers
        if isinstance(one, GroupShape):
            yield from _needed((*path, place, "fields"), one.fields, answers)


def answers_at(exam: Examination, moment: str) -> Answers:
    """The answers at hand when a moment is marked: those of all steps that mark it."""
    steps = (step for step in exam.shape.steps.values() if any(moment in (e.moment, e.otherwise) for e in step.emits))
    return answers_of(chain.from_iterable(step.records for step in steps))


class _Facts:
    def __init__(self, exam: Examination) -> None:
        self.exam = exam
        self.packet = packet_fields(exam.shape)
        self.moments = marked(exam.shape) | ENGINES_MOMENTS
        self.answers = answers_of(record for _, records in records_in(exam.shape) for record in records)
        self.cases: dict[str, Collection[str]] = {
            "case.tier": [tier.tier for tier in exam.shape.tiers],
            "case.status": ["open", "closed", "ended"],
            "closing.endpoint": exam.shape.endpoints,
        }
        self.used: set[str] = set()

    def check(self, path: Path, condition: ConditionShape, answers: Answers, within: tuple[str, ...]) -> None:
        match condition:
            case TestShape():
                self._test(path, condition, answers)
            case AllShape() | AnyShape() | SomeShape():
                key = "of" if isinstance(condition, SomeShape) else "all" if isinstance(condition, AllShape) else "any"
                items: list[ConditionShape] = getattr(condition, key if key == "of" else f"{key}_")
                for place, item in enumerate(items):
                    self.check((*path, key, place), item, answers, within)
                if isinstance(condition, SomeShape) and condition.at_least > len(items):
                    says = f"At least {condition.at_least} of {len(items)} can never be."
                    self.exam.fault((*path, "at-least"), says, f"Write a number up to {len(items)}.")
            case NotShape():
                self.check((*path, "not"), condition.not_, answers, within)
            case DefinedShape():
                self._defined((*path, "defined"), condition.defined, answers, within)

    def _defined(self, path: Path, name: str, answers: Answers, within: tuple[str, ...]) -> None:
        if name in within:
            says = f"The definition '{name}' goes round in a circle: {' > '.join((*within, name))}."
            self.exam.fault(path, says, "Write out one of them.")
        elif self.exam.known(path, name, self.exam.shape.definitions, "definition"):
            self.used.add(name)
            self.check(("definitions", name), self.exam.shape.definitions[name], answers, (*within, name))

    def _test(self, path: Path, test: TestShape, answers: Answers) -> None:
        written = {
            "is": test.is_, "is-not": test.is_not, "known": test.known, "unknown": test.unknown,
            "at-least": test.at_least, "at-most": test.at_most,
        }  # fmt: skip
        operators = [op for op, value in written.items() if value is not None]
        if len(operators) != 1:
            says = f"A fact is tested in one way, and here are {len(operators)}."
            self.exam.fault(path, says, f"Write one of {', '.join(written)}.")
            return
        fact = self._fact(path, test.fact, answers)
        if fact is None:
            return
        [op] = operators
        if op not in fact.operators:
            says = f"'{test.fact}' cannot be tested with '{op}'."
            self.exam.fault((*path, op), says, f"Write {' or '.join(sorted(fact.operators))}.")
        elif op in ("is", "is-not"):
            codes = test.is_ if op == "is" else test.is_not
            for code in codes or []:
                if code not in fact.codes:
                    says = f"'{test.fact}' is never '{code}'."
                    self.exam.fault((*path, op), says, suggestion(code, fact.codes))

    def _fact(self, path: Path, name: str, answers: Answers) -> _Fact | None:
        shape, (first, _, rest) = self.exam.shape, name.partition(".")
        where = (*path, "fact")
        if name in self.packet:
            return self._field(self.packet[name])
        if name in ("packet.complete", "packet.changed", "closing.as-asked"):
            return _Fact(_CODES, YES_NO)
        if name == "packet.version":
            return _Fact(_COUNTS)
        if name in self.cases:
            return _Fact(_CODES, frozenset(self.cases[name]))
        if first == "answer":
            field = answers.get(rest, self.answers.get(rest))
            if field is None:
                self.exam.known(where, rest, [*answers, *self.answers], "answer")
            return self._field(field) if field else None
        if first == "score":
            return _Fact(_KNOWN | _COUNTS) if self.exam.known(where, rest, shape.scores, "score") else None
        if first == "moment":
            return _Fact(_KNOWN | _COUNTS) if self.exam.known(where, rest, self.moments, "moment") else None
        if first == "open":
            return _Fact(_COUNTS) if self.exam.known(where, rest, shape.obligations, "obligation") else None
        if first == "obligation":
            return _Fact(_CODES, STANDINGS) if self.exam.known(where, rest, shape.obligations, "obligation") else None
        if first == "begun":
            begun = {one.pathway for _, one in begins_in(shape)}
            return _Fact(_COUNTS) if self.exam.known(where, rest, begun, "case begun from here on") else None
        if first == "history":
            return (
                _Fact(_COUNTS) if self.exam.known(where, rest, shape.looks_back, "pathway under looks-back:") else None
            )
        if first == "named":
            whom = rest.removesuffix(".day-and-night")
            if not self.exam.known(where, whom, shape.named, "name"):
                return None
            return _Fact(_KNOWN) if whom == rest else _Fact(_CODES, YES_NO)
        self.exam.known(where, name, [*self.packet, *(f"moment.{one}" for one in self.moments)], "fact")
        return None

    def _field(self, one: FieldShape) -> _Fact | None:
        if isinstance(one.one_of, str) and one.one_of not in self.exam.shape.choices:
            return None  # said where the field is
        codes = codes_of(self.exam, one)
        codes |= {"none-known"} if one.none_known else set()
        codes |= {"not-disclosed"} if one.not_disclosed else set()
        operators = _CODES if codes else _KNOWN
        return _Fact(operators | _COUNTS if one.kind == "number" else operators, frozenset(codes))
