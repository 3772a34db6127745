"""Checks of what is owed: it can come to be owed, nobody's silence settles it, and who owes it again can still do it (HZ-30)."""

from __future__ import annotations

from collections.abc import Iterator

from holdfast.core.conditions import All, Condition, Test, facts_read
from holdfast.core.pathway import Obligation, Pathway, Step
from holdfast.pathways.checks.examination import Examination

#: Moments that come when nobody does anything.
BY_ITSELF = frozenset({"slot-lapsed", "window-ended", "delivery-failed"})


def check_openings(exam: Examination, pathway: Pathway) -> None:
    """Every obligation of the pathway as built."""
    for obligation in pathway.obligations:
        _ask_of_the_empty_packet(exam, pathway, obligation)
        _refuse_silence(exam, obligation)
        for step, settled in _too_late(pathway, obligation):
            exam.question(
                ("obligations", obligation.id, "opens-on"),
                f"After '{settled}' the step '{step.id}' can still be taken and makes '{obligation.id}' owed once more; the step that"
                " settles it is over then, so nobody could, and its ladder would climb until the case ends. Write at"
                f" '{step.id}' only-when: {{ fact: moment.{settled}, unknown: yes }}.",
            )


def _ask_of_the_empty_packet(exam: Examination, pathway: Pathway, obligation: Obligation) -> None:
    packet = {field.id for field in pathway.packet_fields()}
    read = sorted(packet.intersection(*[facts_read(opening.when) for opening in obligation.opens[:1]]))
    if read and all(opening.moment == "opened" for opening in obligation.opens):
        exam.question(
            ("obligations", obligation.id, "opens-on"),
            f"'{obligation.id}' is decided at the moment the case opens, when nobody has answered {read[0]} yet, and not again: it"
            " may never be owed. Let it open on a later moment, such as that of sending.",
        )


def _refuse_silence(exam: Examination, obligation: Obligation) -> None:
    for moment in sorted(BY_ITSELF & set(obligation.met_by)):
        exam.fault(
            ("obligations", obligation.id, "met-by"),
            f"'{moment}' comes when nobody does anything: silence would settle '{obligation.id}', and a ladder that had climbed would"
            " end with no person's answer.",
            "Take it out of met-by, and ask under records: for the answer, such as why it was not done.",
        )


def _too_late(pathway: Pathway, obligation: Obligation) -> Iterator[tuple[Step, str]]:
    """Steps that open it, each with a moment after which they still can and no step that settles it is possible."""
    settling = [step for step in pathway.steps if _marks(step) & set(obligation.met_by)]
    own = {moment for step in settling for moment in _marks(step)}
    if not settling or obligation.records or obligation.not_applicable or not own.issuperset(obligation.met_by):
        return  # it is settled by hand, or by something else
    over = set.intersection(*(_never_after(step.when) for step in settling)) & own
    for step in pathway.steps:
        for opening in obligation.opens:
            if opening.moment in _marks(step):
                left = over - _never_after(step.when) - _never_after(opening.when) - set(step.clears)
                yield from ((step, moment) for moment in sorted(left))


def _marks(step: Step) -> set[str]:
    return {emission.moment for emission in step.emits}


def _never_after(condition: Condition) -> set[str]:
    """Moments that must not have happened for it to hold."""
    if isinstance(condition, All):
        return set().union(*map(_never_after, condition.items))
    head, _, moment = condition.fact.partition(".") if isinstance(condition, Test) else ("", "", "")
    return {moment} if head == "moment" and condition.op == "unknown" else set()
