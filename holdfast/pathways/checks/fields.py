"""Checks of the questions: ids that are not used twice, codes to choose from, columns to fill."""

from __future__ import annotations

from holdfast.pathways.checks.examination import Examination, answers_of, fields_in, packet_fields, records_in
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import FieldShape, Record

#: Beginnings of facts that are not fields, so no packet field may begin like this.
RESERVED = (
    "answer.", "moment.", "open.", "obligation.", "named.", "closing.", "case.", "score.", "begun.", "history.",
)  # fmt: skip
RESERVED_WHOLE = ("packet.complete", "packet.changed", "packet.version")
UNANSWERED = {"none-known", "not-disclosed"}


def check_fields(exam: Examination) -> None:
    """Every form and the packet (PKT-01): each field can be asked, and each id means one thing."""
    seen: dict[str, Path] = {}
    for id, part in exam.shape.packet.items():
        _check_form(exam, ("packet", id, "fields"), part.fields, seen)
    for path, one in ((path, id) for id, path in seen.items()):
        if one.startswith(RESERVED) or one in RESERVED_WHOLE:
            exam.fault(
                path, f"'{one}' is a fact that is worked out, so a packet field cannot have this id.", "Rename it."
            )
    for path, records in records_in(exam.shape):
        _check_form(exam, path, records, {})
    _check_scores(exam)


def _check_scores(exam: Examination) -> None:
    """An instrument adds up questions that are there and whose every choice is a whole number (BEY-26)."""
    asked = packet_fields(exam.shape)
    for _, records in records_in(exam.shape):
        asked = {**answers_of(records), **asked}
    for id, score in exam.shape.scores.items():
        for place, item in enumerate(score.sum):
            path: Path = ("scores", id, "sum", place)
            if item in score.sum[:place]:
                exam.fault(path, f"'{item}' is added up twice.", "Take one out.")
            elif exam.known(path, item, asked, "question"):
                codes = codes_of(exam, asked[item])
                if asked[item].kind != "code" or not all(code.isdecimal() for code in codes):
                    says = f"'{item}' cannot be added up."
                    exam.fault(path, says, 'Make it a code whose choices are whole numbers, such as "0".')


def _check_form(exam: Examination, path: Path, records: list[Record], seen: dict[str, Path]) -> None:
    for place, one in fields_in(records, path):
        if one.id in seen:
            line = exam.source.line_of(seen[one.id])
            exam.fault((*place, "id"), f"The id '{one.id}' is used twice; it is also on line {line}.", "Rename one.")
        seen.setdefault(one.id, (*place, "id"))
        _check_field(exam, place, one)


def _check_field(exam: Examination, place: Path, one: FieldShape) -> None:
    chooses = one.kind in ("code", "codes")
    if chooses and not one.one_of:
        exam.fault(place, f"'{one.id}' is a {one.kind} with nothing to choose from.", "Add one-of: { code: Words }.")
    if not chooses and one.one_of is not None:
        exam.fault(
            (*place, "one-of"), f"'{one.id}' is a {one.kind}, which has no one-of.", "Make it a code, or drop it."
        )
    if isinstance(one.one_of, str):
        exam.known((*place, "one-of"), one.one_of, exam.shape.choices, "list of choices")
    for code in codes_of(exam, one) & UNANSWERED:
        exam.fault(
            (*place, "one-of"), f"'{code}' is not a choice of its own.", f"Write '{code}: allowed' on the field."
        )
    if one.kind == "list" and not one.columns:
        exam.fault(place, f"'{one.id}' is a list without columns.", "Add columns: { id: Words }.")
    if one.kind != "list" and one.columns is not None:
        exam.fault(
            (*place, "columns"), f"'{one.id}' is a {one.kind}, which has no columns.", "Make it a list, or drop it."
        )
    for column in one.each_needs:
        exam.known((*place, "each-needs"), column, one.columns or {}, "column")
    if one.role is not None and one.kind != "staff":
        exam.fault((*place, "role"), f"'{one.id}' is a {one.kind}, which has no role.", "Make it staff, or drop it.")


def codes_of(exam: Examination, one: FieldShape) -> set[str]:
    """The codes a field offers."""
    if one.kind == "flag":
        return {"yes", "no"}
    if isinstance(one.one_of, str):
        return set(exam.shape.choices.get(one.one_of, {}))
    return set(one.one_of or {})
