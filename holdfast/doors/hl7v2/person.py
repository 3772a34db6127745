"""A PID segment as the person a notice is about."""

from collections.abc import Iterable
from datetime import date

from holdfast.core.arrivals import ArrivedPerson, Tally, plain_text
from holdfast.doors.hl7v2.segments import Repetition, Segments
from holdfast.doors.hl7v2.stamps import read_day

# HL7 table 0001; a code that is not here is never guessed at.
_SEXES = {"M": "male", "F": "female", "O": "other", "A": "other", "U": "unknown", "N": "other"}
_OF_A_VISIT = frozenset({"VN", "AN", "ANC", "AND", "ANON", "ANT"})  # table 0203: they do not last as the person does
_PLAIN_RECORD_NUMBER = frozenset({"", "MR", "PI", "PT"})
_NOT_A_TELEPHONE = frozenset({"FX", "MD", "BP", "INTERNET", "X.400"})
_TELEPHONE_FIELDS = (13, 14, 40)


def read_person(segments: Segments, facility: str, tally: Tally) -> ArrivedPerson:
    """Read the PID; a number without an assigning authority is taken as one of `facility`, where it was given."""
    if segments.text("PID", 30).upper() == "Y" or segments.text("PID", 29):
        tally.add("PID-30", "says that the person has died: check before anything is sent")
    family, given = _name(segments, tally)
    return ArrivedPerson(
        identifiers=tuple(_identifiers(segments, facility, tally)),
        family=family,
        given=given,
        born=_born(segments, tally),
        sex=_sex(segments, tally),
        phones=tuple(_phones(segments, tally)),
        address=_address(segments, tally),
        language=plain_text(segments.text("PID", 15) or None, tally, "PID-15"),
    )


def _identifiers(segments: Segments, facility: str, tally: Tally) -> Iterable[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    field = 3 if any(number.at(1) for number in segments.repetitions("PID", 3)) else 2
    for number in segments.repetitions("PID", field):
        kind = number.at(5).upper()
        value = plain_text(number.at(1) or None, tally, f"PID-{field}")
        if not value:
            continue
        if kind in _OF_A_VISIT:
            tally.add(f"PID-{field}", "is the number of a visit or an account, not of the person")
            continue
        system = plain_text(_authority(number) or facility, tally, f"PID-{field}") or "unknown"
        found[system if kind in _PLAIN_RECORD_NUMBER else f"{system}#{kind}", value] = None
    if not found:
        tally.add("PID-3", "holds no number of the person")
    return found


def _authority(number: Repetition) -> str:
    """CX-4: the name of the authority, else its universal id, written as FHIR does if that is an OID."""
    universal = number.at(4, 2)
    if universal and number.at(4, 3).upper() == "ISO":
        universal = f"urn:oid:{universal}"
    return number.at(4, 1) or universal


def _name(segments: Segments, tally: Tally) -> tuple[str | None, str | None]:
    names = [name for name in segments.repetitions("PID", 5) if name.at(1) or name.at(2)]
    if not names:
        tally.add("PID-5", "there is no name")
        return None, None
    tally.add("PID-5", "names after the first are not read", len(names) - 1)
    given = " ".join(filter(None, (names[0].at(2), names[0].at(3))))
    return plain_text(names[0].at(1), tally, "PID-5"), plain_text(given, tally, "PID-5")


def _born(segments: Segments, tally: Tally) -> date | None:
    text = segments.text("PID", 7)
    born = read_day(text)
    if text and born is None:
        tally.add("PID-7", "is not a full date")
    return born


def _sex(segments: Segments, tally: Tally) -> str | None:
    code = segments.text("PID", 8).upper()
    if code and code not in _SEXES:
        tally.add("PID-8", "is a code that HL7 does not know")
    return _SEXES.get(code)


def _phones(segments: Segments, tally: Tally) -> Iterable[str]:
    found: dict[str, None] = {}
    for field in _TELEPHONE_FIELDS:
        for point in segments.repetitions("PID", field):
            number = plain_text(_number(point) or None, tally, f"PID-{field}")
            if not number:
                continue
            if point.at(2).upper() == "NET" or point.at(3).upper() in _NOT_A_TELEPHONE:
                tally.add(f"PID-{field}", "is not a telephone")
            elif any(sign.isdigit() for sign in number):
                found[number] = None
            else:
                tally.add(f"PID-{field}", "is not a telephone number")
    return found


def _number(point: Repetition) -> str:
    country = f"+{point.at(5).lstrip('+')}" if point.at(5) else ""
    in_parts = " ".join(filter(None, (country, point.at(6), point.at(7)))) if point.at(7) else ""
    return point.at(1) or in_parts or point.at(12)


def _address(segments: Segments, tally: Tally) -> str | None:
    usable = []
    for address in segments.repetitions("PID", 11):
        if address.at(7).upper() == "BA":
            tally.add("PID-11", "is marked as a bad address")
        elif any(address.at(component) for component in range(1, 7)):
            usable.append(address)
    tally.add("PID-11", "addresses after the first are not read", len(usable) - 1)
    if not usable:
        return None
    street, name = usable[0].at(1, 1), usable[0].at(1, 2)
    first = street if name in street else f"{street} {name}".strip()
    return plain_text(", ".join(filter(None, (first, *(usable[0].at(n) for n in range(2, 7))))), tally, "PID-11")
