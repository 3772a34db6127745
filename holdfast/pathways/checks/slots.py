"""Checks of slots: each is of a pool of a team in the case, chosen in a step's form; who waits for one can also take one."""

from __future__ import annotations

from holdfast.pathways.checks.examination import Examination, answers_of, fields_in, records_in
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import FieldShape

_ONLY_STEPS = "A slot is booked by the step that asks for it."


def check_slots(exam: Examination) -> None:
    """Slots and the waiting for them (STP-03, CAP-06)."""
    forms = [(("packet", id, "fields"), part.fields) for id, part in exam.shape.packet.items()]
    for path, records in (*forms, *records_in(exam.shape)):
        for place, one in fields_in(records, path):
            _check_field(exam, place, one)
    for id, step in exam.shape.steps.items():
        if step.waits_for is None:
            continue
        path = ("steps", id, "waits-for")
        exam.known((*path, "of"), step.waits_for.of, exam.shape.parties, "party")
        wanted = (step.waits_for.pool, step.waits_for.of)
        takes = [one for other in exam.shape.steps.values() for one in answers_of(other.records).values()]
        if not any((one.pool, one.of) == wanted for one in takes if one.kind == "slot"):
            says = f"'{id}' waits for a slot that no step can take."
            exam.fault(path, says, f"Add a field of kind slot with pool: {wanted[0]} and of: {wanted[1]} to a step.")


def _check_field(exam: Examination, place: Path, one: FieldShape) -> None:
    if one.kind != "slot":
        for key, value in (("pool", one.pool), ("of", one.of)):
            if value is not None:
                says = f"'{one.id}' is a {one.kind}, which has no {key}."
                exam.fault((*place, key), says, "Make it a slot, or drop it.")
        return
    if place[0] != "steps":
        exam.fault((*place, "kind"), _ONLY_STEPS, "Ask for it in a step's records.")
    if one.pool is None or one.of is None:
        says = f"'{one.id}' is a slot of nobody's."
        exam.fault(place, says, "Add pool: the kind of slot, and of: the party whose team holds it.")
    else:
        exam.known((*place, "of"), one.of, exam.shape.parties, "party")
