"""What a record says the person lives with."""

from holdfast.core.arrivals import Prefill, Tally
from holdfast.doors.fhir.entries import Entries
from holdfast.doors.fhir.moments import read_moment
from holdfast.doors.fhir.rows import Row, gather
from holdfast.doors.fhir.shapes import Json, code_of, named, part, says_nothing_is_there
from holdfast.doors.fhir.validity import Validity

KIND = "Condition"
_ACTIVE = frozenset({"active", "recurrence", "relapse"})
_RULED_OUT = frozenset({"refuted", "entered-in-error"})


def known_conditions(entries: Entries, validity: Validity, tally: Tally) -> Prefill | None:
    """The field conditions.known: rows of name and since; one that is not confirmed says so in its name."""
    rows: list[Row] = []
    for resource in entries.of(KIND):
        if reason := _left_out(resource):
            tally.add(KIND, reason)
        elif validity.passes(resource) and (row := _row(resource, tally)):
            rows.append(row)
    return gather("conditions.known", rows, "FHIR Condition", tally)


def _left_out(resource: Json) -> str | None:
    status = code_of(part(resource, "clinicalStatus"))
    if code_of(part(resource, "verificationStatus")) in _RULED_OUT:
        return "is ruled out or was entered in error"
    if says_nothing_is_there(part(resource, "code")):
        return "says that there is none, or that none is known: ask the person"
    if not status:
        return "does not say whether it is active"
    if status not in _ACTIVE:
        return "is not active"
    if any(name.startswith("abatement") for name in resource):
        return "says both that it is active and that it has ended"
    return None


def _row(resource: Json, tally: Tally) -> Row | None:
    name = named(part(resource, "code"), tally, KIND)
    if not name:
        tally.add(KIND, "has no name")
        return None
    certainty = code_of(part(resource, "verificationStatus"))
    if certainty in ("unconfirmed", "provisional", "differential"):
        name = f"{name} ({certainty})"
    since = read_moment(resource.get("onsetDateTime")) or read_moment(part(resource, "onsetPeriod").get("start"))
    known = read_moment(resource.get("recordedDate")) or since
    return Row((("name", name),), since, known.at if known else None, KIND)
