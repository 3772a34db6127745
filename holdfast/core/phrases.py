"""The phrases a pathway is told in: its own questions, titles and times instead of their ids."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from holdfast.core.conditions import ALWAYS, NEVER, All, Any, Condition, Not, Some, Test
from holdfast.core.pathway import DueRule, Field, Obligation, Pathway
from holdfast.core.state import Promise

_PEOPLE = {
    "holder": "whoever holds the case",
    "owner": "whoever owes it",
    "anyone": "anyone in the case",
    "last-resort": "the last-resort person",
}
_FACTS = {
    "packet.complete": "the packet is complete",
    "packet.changed": "the packet was changed after it was sent",
    "closing.as-asked": "the case ends as was asked for",
}
_WAYS = {"none-known": "none known", "not-disclosed": "asked, not disclosed", "yes": "yes", "no": "no"}
_STANDINGS = {"met-late": "met late", "annulled": "met in time and written up late"}


class Phrases:
    """Words for the parts of one pathway."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self.packet = {one.id: one for one in pathway.packet_fields()}
        forms = chain(
            (step.records for step in pathway.steps),
            (owed.records for owed in pathway.obligations),
            (endpoint.records for endpoint in pathway.endpoints),
        )
        self.answers: dict[str, Field] = {one.id: one for one in chain.from_iterable(forms)}

    def asked(self, id: str) -> str:
        """The question behind a field of the packet or of a form."""
        field = self.packet.get(id) or self.answers.get(id)
        return field.ask if field else spaced(id)

    def owed(self, id: str) -> str:
        """What is owed under an obligation's id."""
        obligation = self.pathway.find_obligation(id)
        return obligation.owed if obligation else spaced(id)

    def rule(self, promise: Promise) -> str:
        """How a promise's time came about, with the question in place of the fact that it was reckoned from."""
        spec = self.pathway.find_obligation(promise.kind)
        fact = spec.due.fact if spec else ""
        asked = f"“{self.asked(fact.removeprefix('answer.'))}”"
        return promise.rule.replace(f"given for {fact}", f"given for {asked}") if fact else promise.rule

    def who(self, who: str) -> str:
        party, _, duty = who.partition(".")
        title = next((one.title for one in self.pathway.parties if one.id == party), "")
        if title and duty:
            return f"anyone of {_lowered(title)}" if duty == "any" else f"the {spaced(duty)} of {_lowered(title)}"
        return _PEOPLE.get(who, f"the person named for “{spaced(who)}”")

    def team(self, source: str) -> str:
        """A team by its part in the case, or by the answer that names it."""
        field = self.answers.get(source.removeprefix("answer."))
        title = next((one.title for one in self.pathway.parties if one.id == source), "")
        return f"the team given under “{field.ask}”" if field else _lowered(title)

    def people(self, people: Iterable[str]) -> str:
        return listed([self.who(one) for one in people], "or")

    def condition(self, condition: Condition) -> str:
        if condition == ALWAYS:
            return "always"
        if condition == NEVER:
            return "never"
        match condition:
            case Test():
                return self._test(condition)
            case Not(item):
                return f"not ({self.condition(item)})"
            case All(items):
                return " and ".join(self._inner(item) for item in items)
            case Any(items):
                return " or ".join(self._inner(item) for item in items)
            case Some(count, items):
                return f"at least {count} of these: " + "; ".join(self.condition(item) for item in items)
        raise AssertionError(condition)

    def _inner(self, condition: Condition) -> str:
        text = self.condition(condition)
        return f"({text})" if isinstance(condition, All | Any | Some) else text

    def _test(self, test: Test) -> str:
        head, _, rest = test.fact.partition(".")
        if test.fact in _FACTS:
            happens = (test.op == "is") == ("yes" in test.values)
            return _FACTS[test.fact] if happens else f"it is not so that {_FACTS[test.fact]}"
        if head == "moment" and test.op in ("known", "unknown"):
            return f"“{spaced(rest)}” has {'' if test.op == 'known' else 'not yet '}happened"
        if head == "named":
            role, _, hours = rest.partition(".")
            return f"{self.who(role)} " + ("can be reached by day and by night" if hours else self._op(test, None))
        if head == "score":
            score = self.pathway.find_score(rest)
            return f"the sum of “{score.title if score else rest}” {self._op(test, None)}"
        if head == "obligation":
            return f"“{self.owed(rest)}” is {self._values(test, None)}"
        if head == "open":
            owed = self.owed(rest)
            return f"nothing is open for “{owed}”" if test == Test(test.fact, "at-most", ("0",)) else (
                f"the number open for “{owed}” {self._op(test, None)}"
            )  # fmt: skip
        if head in ("begun", "history"):
            cases = f"cases of “{spaced(rest)}” " + ("begun from here" if head == "begun" else "before this one")
            return f"the number of {cases} {self._op(test, None)}"
        field = self.answers.get(rest) if head == "answer" else self.packet.get(test.fact)
        asked = f"“{field.ask}”" if field else spaced(test.fact)
        return f"{asked} {self._op(test, field)}"

    def _op(self, test: Test, field: Field | None) -> str:
        words = {
            "is": f"is {self._values(test, field)}",
            "is-not": f"is not {self._values(test, field)}",
            "known": "is on record",
            "unknown": "is not on record",
            "at-least": f"is at least {self._values(test, field)}",
            "at-most": f"is at most {self._values(test, field)}",
        }
        return words[test.op]

    def _values(self, test: Test, field: Field | None) -> str:
        labels = {option.code: f"“{option.label}”" for option in field.options} if field else {}
        return listed([labels.get(v, _WAYS.get(v, _STANDINGS.get(v, v))) for v in test.values], "or")

    def due(self, owed: Obligation) -> dict[str, str]:
        """When it is due, for each tier in words."""
        if owed.every is not None and owed.due.spans == owed.every and not owed.due.fact:
            return {tier: f"every {span.text}" for tier, span in owed.every.items()}
        return {tier: self._due(owed.due, tier) for tier in owed.due.spans}

    def _due(self, due: DueRule, tier: str) -> str:
        if not due.fact:
            return due.spans[tier].text
        fact = due.fact.removeprefix("answer.")
        field = self.packet.get(due.fact) or self.answers.get(fact)
        asked = f"“{field.ask if field else due.fact}”"
        if tier not in due.offset:
            return f"at {asked}, or {due.spans[tier].text} while that is not known"
        moved = f"{due.offset[tier].text} {'before' if due.before else 'after'} {asked}"
        return moved if due.spans == due.offset else f"{moved}, or {due.spans[tier].text} while that is not known"


def listed(items: list[str], joint: str = "and") -> str:
    """`a, b and c`."""
    return " ".join(part for part in (", ".join(items[:-1]), joint if items[1:] else "", *items[-1:]) if part)


def spaced(id: str) -> str:
    """An id as words."""
    return id.replace("-", " ").replace(".", " ")


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
