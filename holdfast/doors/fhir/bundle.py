"""A FHIR R4 Bundle as an arrival."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from holdfast.core.arrivals import Arrival, ArrivedPerson, Prefill, ReadError, Tally, plain_text, written
from holdfast.doors.fhir.conditions import KIND as CONDITION
from holdfast.doors.fhir.conditions import known_conditions
from holdfast.doors.fhir.encounters import place_of, recent_encounters
from holdfast.doors.fhir.entries import Entries
from holdfast.doors.fhir.medicines import KINDS as MEDICINES
from holdfast.doors.fhir.medicines import current_medicines
from holdfast.doors.fhir.moments import read_moment
from holdfast.doors.fhir.notice import Notice, notice_of
from holdfast.doors.fhir.person import read_person
from holdfast.doors.fhir.shapes import part, word
from holdfast.doors.fhir.strict_json import read_object
from holdfast.doors.fhir.validity import Validity
from holdfast.doors.fhir.visits import KIND as ENCOUNTER
from holdfast.doors.fhir.visits import Visit, visits_of

_READ = frozenset({CONDITION, ENCOUNTER, *MEDICINES})

UNFORESEEN = (
    "The file could not be read, and why is not known: that is a fault on our side. Keep the file, enter what it says "
    "by hand, and tell your administrator."
)


def read_bundle(raw: bytes, *, zone: str = "UTC") -> Arrival:
    """Translate a Bundle about one person (EVT-01, EVT-04); `zone` places days that come without a time.

    Accepts transaction, collection, message, document and searchset Bundles with exactly one Patient. A resource that
    is invalid, inactive or about somebody else is listed in `unused`; the rest is read. Raises ReadError for everything
    that cannot be read, and nothing else.
    """
    midnight_in = ZoneInfo(zone)
    try:
        return _read(raw, midnight_in)
    except ReadError:
        raise
    except Exception:  # an unforeseen shape must reach a person as a sentence, never as a lost file
        raise ReadError(UNFORESEEN) from None


def _read(raw: bytes, zone: ZoneInfo) -> Arrival:
    tally = Tally()
    entries = Entries(read_object(raw), tally)
    validity = Validity(tally)
    person = read_person(entries.patient, tally)
    visits = visits_of(entries, zone, tally)
    notice = notice_of(entries, visits, validity, tally)
    medicines = current_medicines(entries, validity, tally)
    conditions = known_conditions(entries, validity, tally)
    stamp = read_moment(entries.bundle.get("timestamp"), zone)
    recorded_at = stamp.at if stamp and stamp.precision == "instant" else None
    newest = recorded_at or _newest(visits, medicines, conditions)
    encounters = recent_encounters(visits, newest, entries, validity, tally)
    fields = [medicines, conditions, encounters, _discharge(notice), _phone(person, entries, recorded_at)]
    source, message_id = _source(entries, notice, tally), _message_id(entries, raw, tally)
    entries.count_unread(_READ)
    return Arrival(
        kind=notice.kind,
        source=source,
        message_id=message_id,
        event_at=notice.moment.at if notice.moment else None,
        recorded_at=recorded_at,
        person=person,
        prefill=tuple(field for field in fields if field),
        unused=tally.listed(),
    )


def _newest(visits: Sequence[Visit], *fields: Prefill | None) -> datetime | None:
    dates = [visit.latest.at for visit in visits if visit.latest]
    dates += [field.as_of for field in fields if field and field.as_of]
    return max(dates, default=None)


def _discharge(notice: Notice) -> Prefill | None:
    if notice.kind != "discharge" or notice.moment is None:
        return None
    source = "FHIR Encounter.period.end"
    if notice.moment.precision == "day":
        source += ", a day without a time"
    return Prefill("discharge.at", written(notice.moment.at), notice.moment.at, source)


def _phone(person: ArrivedPerson, entries: Entries, recorded_at: datetime | None) -> Prefill | None:
    if not person.phones:
        return None
    updated = read_moment(part(entries.patient, "meta").get("lastUpdated"))
    return Prefill("contact.phone", person.phones[0], updated.at if updated else recorded_at, "FHIR Patient.telecom")


def _source(entries: Entries, notice: Notice, tally: Tally) -> str:
    """Where it came from: the sending system, else the system that made the Bundle, else who gave the care."""
    sender = part(entries.header(), "source")
    names = [word(sender, "endpoint"), word(sender, "name"), word(part(entries.bundle, "meta"), "source")]
    if notice.visit:
        names.append(place_of(notice.visit, entries, tally) or "")
    names.append(word(entries.target(part(entries.patient, "managingOrganization"), entries.patient), "name"))
    numbering = word(part(entries.bundle, "identifier"), "system")
    names.append("" if numbering.startswith("urn:ietf:rfc:") else numbering)  # that only says how numbers are made
    return plain_text(next(filter(None, names), None), tally, "source") or "unknown"


def _message_id(entries: Entries, raw: bytes, tally: Tally) -> str:
    identifier = part(entries.bundle, "identifier")
    name = "|".join(filter(None, (word(identifier, "system"), word(identifier, "value"))))
    own = name if word(identifier, "value") else word(entries.header(), "id")
    return plain_text(own, tally, "Bundle.identifier") or "sha256:" + hashlib.sha256(raw).hexdigest()
