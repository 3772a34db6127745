"""A Patient resource as the person a notice is about."""

from collections.abc import Iterable
from datetime import date

from holdfast.core.arrivals import ArrivedPerson, Tally, plain_text
from holdfast.doors.fhir.moments import read_moment
from holdfast.doors.fhir.shapes import Json, code_of, named, part, parts, word

_SEXES = frozenset({"male", "female", "other", "unknown"})
_NOT_A_CURRENT_NAME = frozenset({"old", "maiden", "nickname", "anonymous", "temp"})
EACH_AT_MOST = 50  # identifiers, telephone numbers


def read_person(patient: Json, tally: Tally) -> ArrivedPerson:
    """Read what a Patient says, element by element; what cannot be used is counted, and nothing is guessed."""
    if patient.get("active") is False:
        tally.add("Patient.active", "says that this record of the person is no longer used")
    if patient.get("deceasedBoolean") is True or patient.get("deceasedDateTime"):
        tally.add("Patient.deceased", "says that the person has died: check before anything is sent")
    if patient.get("modifierExtension"):
        tally.add("Patient", "carries a modifier that is not understood: check who this is")
    family, given = _name(patient, tally)
    return ArrivedPerson(
        identifiers=tuple(_identifiers(patient, tally)),
        family=family,
        given=given,
        born=_born(patient, tally),
        sex=_sex(patient, tally),
        phones=tuple(_phones(patient, tally)),
        address=_address(patient, tally),
        language=_language(patient, tally),
    )


def _identifiers(patient: Json, tally: Tally) -> Iterable[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for identifier in parts(patient, "identifier"):
        system = word(identifier, "system") or code_of(part(identifier, "type"))
        value = plain_text(identifier.get("value"), tally, "Patient.identifier")
        if identifier.get("use") == "old":
            tally.add("Patient.identifier", "is marked as old")
        elif not value:
            tally.add("Patient.identifier", "has no value")
        elif name := plain_text(system, tally, "Patient.identifier"):
            found[name, value] = None
        else:
            tally.add("Patient.identifier", "does not say what kind of number it is")
    tally.add("Patient.identifier", f"more than {EACH_AT_MOST} of them", len(found) - EACH_AT_MOST)
    return list(found)[:EACH_AT_MOST]


def _name(patient: Json, tally: Tally) -> tuple[str | None, str | None]:
    names = [name for name in parts(patient, "name") if word(name, "use") not in _NOT_A_CURRENT_NAME]
    names.sort(key=lambda name: {"official": 0, "usual": 1}.get(word(name, "use"), 2))
    if not names:
        tally.add("Patient.name", "there is no current name")
        return None, None
    given = names[0].get("given")
    first = " ".join(item.strip() for item in given if isinstance(item, str)) if isinstance(given, list) else None
    family = plain_text(names[0].get("family"), tally, "Patient.name")
    if not family and not first and word(names[0], "text"):
        tally.add("Patient.name", "is one text, not divided into family and given name; it stands under family name")
        return plain_text(names[0].get("text"), tally, "Patient.name"), None
    return family, plain_text(first, tally, "Patient.name")


def _born(patient: Json, tally: Tally) -> date | None:
    if (value := patient.get("birthDate")) is None:
        return None
    moment = read_moment(value)
    if moment is None or moment.precision != "day":
        tally.add("Patient.birthDate", "is not a full date")
        return None
    return moment.at.date()


def _sex(patient: Json, tally: Tally) -> str | None:
    gender = patient.get("gender")
    if gender is None or (isinstance(gender, str) and gender in _SEXES):
        return gender
    tally.add("Patient.gender", "is a code that FHIR does not know")
    return None


def _phones(patient: Json, tally: Tally) -> Iterable[str]:
    found: dict[str, None] = {}
    points = [p for p in parts(patient, "telecom") if word(p, "system") in ("phone", "sms")]
    for point in sorted(points, key=_rank):
        number = plain_text(point.get("value"), tally, "Patient.telecom")
        number = number.removeprefix("tel:") if number else None
        if point.get("use") == "old":
            tally.add("Patient.telecom", "is marked as old")
        elif number and any(sign.isdigit() for sign in number):
            found[number] = None
        else:
            tally.add("Patient.telecom", "is not a telephone number")
    tally.add("Patient.telecom", f"more than {EACH_AT_MOST} of them", len(found) - EACH_AT_MOST)
    return list(found)[:EACH_AT_MOST]


def _rank(point: Json) -> int:
    rank = point.get("rank")
    return rank if isinstance(rank, int) else 1_000_000


def _address(patient: Json, tally: Tally) -> str | None:
    current = [a for a in parts(patient, "address") if word(a, "use") not in ("old", "billing")]
    if not current:
        return None
    lines = current[0].get("line")
    pieces = [item for item in lines if isinstance(item, str)] if isinstance(lines, list) else []
    pieces += [word(current[0], name) for name in ("city", "state", "postalCode", "country")]
    whole = ", ".join(piece.strip() for piece in pieces if piece.strip()) or word(current[0], "text")
    return plain_text(whole, tally, "Patient.address")


def _language(patient: Json, tally: Tally) -> str | None:
    spoken = sorted(parts(patient, "communication"), key=lambda item: item.get("preferred") is not True)
    if not spoken:
        return None
    language = part(spoken[0], "language")
    return code_of(language) or named(language, tally, "Patient.communication")
