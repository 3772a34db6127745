"""The encounters of one person: which ones count, and which of them is the discharge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from holdfast.core.arrivals import Tally
from holdfast.doors.fhir.entries import Entries
from holdfast.doors.fhir.moments import Moment, read_moment
from holdfast.doors.fhir.shapes import Json, part, word
from holdfast.doors.fhir.validity import Validity

KIND = "Encounter"
_STAYS = frozenset({"IMP", "ACUTE", "NONAC", "EMER"})  # v3 ActEncounterCode: inpatient and its kinds, emergency
_OPEN = frozenset({"arrived", "triaged", "in-progress", "onleave"})


@dataclass(frozen=True, slots=True)
class Visit:
    """One encounter that took place: `stay` for inpatient or emergency care, `over` once it is finished."""

    resource: Json
    start: Moment | None
    end: Moment | None
    stay: bool
    over: bool

    @property
    def latest(self) -> Moment | None:
        return self.end or self.start


def visits_of(entries: Entries, zone: tzinfo, tally: Tally) -> list[Visit]:
    """The person's encounters that took place, newest first; planned, cancelled and mistaken ones are counted."""
    found: list[Visit] = []
    for resource in entries.of(KIND):
        status = word(resource, "status")
        if status != "finished" and status not in _OPEN:
            tally.add(KIND, "did not take place, or is not known to have")
            continue
        period = part(resource, "period")
        start, end = read_moment(period.get("start"), zone), read_moment(period.get("end"), zone)
        stay = word(part(resource, "class"), "code") in _STAYS
        found.append(Visit(resource, start, end, stay, status == "finished"))
    return sorted(found, key=lambda visit: -visit.latest.at.timestamp() if visit.latest else float("inf"))


def last_discharge(visits: Sequence[Visit], validity: Validity) -> Visit | None:
    """The stay that ended last, if its end is known to the day at least."""
    ended = [v for v in visits if v.stay and v.over and v.end and v.end.precision in ("day", "instant")]
    ended.sort(key=lambda visit: -visit.end.at.timestamp() if visit.end else 0.0)
    return next((visit for visit in ended if validity.passes(visit.resource)), None)


def open_stay(visits: Sequence[Visit], validity: Validity) -> Visit | None:
    """The stay that began last among those that go on, if there is one."""
    going_on = [v for v in visits if v.stay and not v.over and v.start]
    going_on.sort(key=lambda visit: -visit.start.at.timestamp() if visit.start else 0.0)
    return next((visit for visit in going_on if validity.passes(visit.resource)), None)
