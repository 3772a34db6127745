"""What a record says the person takes now."""

from holdfast.core.arrivals import Prefill, Tally
from holdfast.doors.fhir.doses import dose_of
from holdfast.doors.fhir.entries import Entries
from holdfast.doors.fhir.moments import read_moment
from holdfast.doors.fhir.rows import Row, gather
from holdfast.doors.fhir.shapes import Json, named, part, says_nothing_is_there, word
from holdfast.doors.fhir.validity import Validity

KINDS = ("MedicationRequest", "MedicationStatement")
_NOT_AN_ORDER = frozenset({"proposal", "plan", "option"})


def current_medicines(entries: Entries, validity: Validity, tally: Tally) -> Prefill | None:
    """The field medication.current: rows of name, dose, since, from active requests and statements."""
    rows: list[Row] = []
    for kind in KINDS:
        for resource in entries.of(kind):
            if reason := _left_out(resource):
                tally.add(kind, reason)
            elif validity.passes(resource) and (row := _row(resource, kind, entries, tally)):
                rows.append(row)
    return gather("medication.current", rows, "FHIR " + " and ".join(KINDS), tally)


def _left_out(resource: Json) -> str | None:
    if resource.get("doNotPerform"):
        return "says that a medicine is not to be given: read it in the record itself"
    if says_nothing_is_there(part(resource, "medicationCodeableConcept")):
        return "says that there is none, or that none is known: ask the person"
    if word(resource, "status") != "active":
        return "is not active"
    if word(resource, "intent") in _NOT_AN_ORDER:
        return "is a proposal or a plan, not an order"
    return None


def _row(resource: Json, kind: str, entries: Entries, tally: Tally) -> Row | None:
    reference = part(resource, "medicationReference")
    concept = part(resource, "medicationCodeableConcept") or part(entries.target(reference, resource), "code")
    name = named(concept, tally, kind) or named({"text": reference.get("display")}, tally, kind)
    if not name:
        tally.add(kind, "does not name the medicine")
        return None
    if kind == "MedicationRequest":
        since = known = read_moment(resource.get("authoredOn"))
        dose = dose_of(resource, "dosageInstruction", tally)
    else:
        period = part(resource, "effectivePeriod")
        since = read_moment(resource.get("effectiveDateTime")) or read_moment(period.get("start"))
        known = read_moment(resource.get("dateAsserted")) or since
        dose = dose_of(resource, "dosage", tally)
    return Row((("name", name), ("dose", dose)), since, known.at if known else None, kind)
