"""Checks of what ties a case to others: which it begins, hears of, looks back on and ahead to."""

from __future__ import annotations

from holdfast.core.items import DISPOSITIONS
from holdfast.core.spans import elapsed, parse_span
from holdfast.pathways.checks.examination import Examination, answers_of, records_in
from holdfast.pathways.checks.fields import codes_of
from holdfast.pathways.checks.moments import begins_in
from holdfast.pathways.checks.references import answerable
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import BeginShape, StepShape


def check_others(exam: Examination) -> None:
    """Another file cannot be looked into from here: its parties and moments show when a case is begun, in a rehearsal first."""
    for path, one in begins_in(exam.shape):
        _check_begin(exam, path, one)
    for key, spans in (("looks-back", exam.shape.looks_back), ("looks-ahead", exam.shape.looks_ahead)):
        for id, span in spans.items():
            if elapsed(parse_span(span)) is None:
                exam.fault((key, id), f"'{span}' is not real time.", "Write days or hours, such as 90 d.")
    _check_takes_up(exam)
    for id, step in exam.shape.steps.items():
        if step.settles is not None:
            _check_settles(exam, ("steps", id), step)


def _check_takes_up(exam: Examination) -> None:
    up = exam.shape.takes_up
    if up is None:
        return
    exam.known(("takes-up", "from"), up.from_, exam.shape.parties, "party")
    if exam.known(("takes-up", "opens"), up.opens, exam.shape.obligations, "obligation"):
        owed = exam.shape.obligations[up.opens]
        if not owed.many or "taken-up" not in [one.moment for one in owed.opens_on]:
            says = f"'{up.opens}' is not there once for each item."
            exam.fault(("obligations", up.opens), says, "Write opens-on: taken-up and many: yes.")


def _check_settles(exam: Examination, path: Path, step: StepShape) -> None:
    """What becomes of an item: each of the answers is one the engine knows."""
    up, answers = exam.shape.takes_up, answers_of(step.records)
    if up is None or step.about != up.opens:
        exam.fault((*path, "settles"), "A step settles only what takes-up opens.", "Say about: and that obligation.")
    if exam.known((*path, "settles"), step.settles or "", answers, "question of this step called"):
        codes = codes_of(exam, answers[step.settles or ""])
        if answers[step.settles or ""].kind != "code" or not codes <= DISPOSITIONS:
            exam.fault((*path, "settles"), "This is no disposition.", f"Offer {', '.join(sorted(DISPOSITIONS))}.")


def _check_begin(exam: Examination, path: Path, one: BeginShape) -> None:
    if one.pathway == exam.shape.pathway and any("opened" in (there, here) for there, here in one.hears.items()):
        exam.question((*path, "hears"), "A case of the same pathway begins others that are heard of: it may go round.")
    answers = answers_of(record for _, records in records_in(exam.shape) for record in records)
    for party, source in one.parties.items():
        where = (*path, "parties", party)
        if not source.startswith("answer."):
            exam.known(where, source, exam.shape.parties, "party")
            continue
        id = source.removeprefix("answer.")
        if exam.known(where, id, answers, "answer") and answers[id].kind != "team":
            exam.fault(where, f"'{id}' is a {answers[id].kind}.", "Name a field of kind team.")
    if one.holder is not None:
        exam.known((*path, "holder"), one.holder, answerable(exam.shape), "role in this case")
