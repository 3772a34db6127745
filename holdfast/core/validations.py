"""Auditable validations: each question an auditor asks of a pathway, judged on the case, with what the answer rests on (AUD-02)."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.core.conditions import Condition, Facts, facts_read, holds
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway, Validation
from holdfast.core.state import OPEN, Promise, State

PASSED, FAILED, AWAITED, NOT_APPLICABLE = "passed", "failed", "awaited", "not-applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``word``: passed, failed, awaited (owed, and still within its time) or not-applicable.

    ``facts`` are the facts it was judged on, in words; ``promises`` the ids of the obligations behind them, oldest first.
    """

    id: str
    says: str
    word: str
    facts: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()


def judge(state: State, pathway: Pathway, directory: Directory) -> list[Verdict]:
    """One verdict for each validation of the pathway, in its order."""
    facts = facts_of(state, pathway, directory)
    return [_judge(one, state, facts) for one in pathway.validations]


def _judge(asked: Validation, state: State, facts: Facts) -> Verdict:
    if not holds(asked.when, facts):
        return Verdict(asked.id, asked.says, NOT_APPLICABLE, _as_they_stand(asked.when, facts))
    rests_on = [p for kind in _kinds(asked.holds) for p in _of_kind(state, kind)]
    owed = [promise for promise in rests_on if promise.owed]
    if holds(asked.holds, facts):
        word = PASSED
    elif owed and state.status == OPEN and all(promise.status == OPEN for promise in owed):
        word = AWAITED
    else:
        word = FAILED
    return Verdict(asked.id, asked.says, word, _as_they_stand(asked.holds, facts), tuple(p.id for p in rests_on))


def _kinds(condition: Condition) -> list[str]:
    """The kinds of obligation that the condition asks about."""
    named = [fact.split(".")[1] for fact in facts_read(condition) if fact.startswith(("obligation.", "open."))]
    return list(dict.fromkeys(named))


def _of_kind(state: State, kind: str) -> list[Promise]:
    return sorted((p for p in state.promises.values() if p.kind == kind), key=lambda p: (p.started, p.id))


def _as_they_stand(condition: Condition, facts: Facts) -> tuple[str, ...]:
    lines = []
    for fact in dict.fromkeys(facts_read(condition)):
        value = facts(fact)
        shown = ", ".join(value) if isinstance(value, tuple) else value
        lines.append(f"{fact} is not recorded" if shown in (None, "") else f"{fact} is {shown}")
    return tuple(lines)
