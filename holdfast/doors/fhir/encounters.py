"""The person's recent encounters, as rows of the packet."""

from collections.abc import Sequence
from datetime import datetime

from holdfast.core.arrivals import Prefill, Tally, plain_text
from holdfast.doors.fhir.entries import Entries
from holdfast.doors.fhir.shapes import Json, named, part, parts, word
from holdfast.doors.fhir.validity import Validity
from holdfast.doors.fhir.visits import KIND, Visit

ROWS_AT_MOST = 10


def recent_encounters(
    visits: Sequence[Visit], newest: datetime | None, entries: Entries, validity: Validity, tally: Tally
) -> Prefill | None:
    """The field encounters.recent: rows of what, when, where, from the twelve months before `newest`, newest first."""
    rows: list[dict[str, str | None]] = []
    as_of: datetime | None = None
    for visit in visits:  # newest first
        latest = visit.latest
        if latest is None or newest is None:
            tally.add(KIND, "does not say when it was")
        elif latest.at < _a_year_before(newest):
            tally.add(KIND, "is older than twelve months")
        elif len(rows) == ROWS_AT_MOST:
            tally.add(KIND, f"is beyond the {ROWS_AT_MOST} most recent")
        elif validity.passes(visit.resource):
            as_of = as_of or latest.at
            when = visit.start or latest
            rows.append({"what": _what(visit, tally), "when": when.text, "where": place_of(visit, entries, tally)})
    return Prefill("encounters.recent", rows, as_of, "FHIR Encounter") if rows else None


def place_of(visit: Visit, entries: Entries, tally: Tally) -> str | None:
    """What the place or the organisation of an encounter is called, if it says."""
    resource = visit.resource
    provider = part(resource, "serviceProvider")
    spots: list[Json] = [part(item, "location") for item in parts(resource, "location")]
    names = [word(entries.target(provider, resource), "name"), word(provider, "display")]
    for spot in spots:
        names += [word(entries.target(spot, resource), "name"), word(spot, "display")]
    return plain_text(next(filter(None, names), None), tally, f"{KIND}.location")


def _what(visit: Visit, tally: Tally) -> str | None:
    kinds = parts(visit.resource, "type")
    said = named(kinds[0], tally, KIND) if kinds else None
    coded = part(visit.resource, "class")
    return said or plain_text(word(coded, "display") or word(coded, "code"), tally, KIND)


def _a_year_before(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:  # 29 February, or the first year there is
        return moment.replace(year=max(moment.year - 1, 1), day=28)
