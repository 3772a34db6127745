"""What a Bundle gives notice of, and when that happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.core.arrivals import Kind, Tally
from holdfast.doors.fhir.entries import Entries
from holdfast.doors.fhir.moments import Moment
from holdfast.doors.fhir.shapes import Json, part, parts, word
from holdfast.doors.fhir.validity import Validity
from holdfast.doors.fhir.visits import Visit, last_discharge, open_stay

# Da Vinci Unsolicited Notifications, CodeSystem notification-event: the two that begin or end a stay.
_EVENTS: dict[str, Kind] = {"notification-discharge": "discharge", "notification-admit": "admit"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, in which encounter (if it is here), and when (if it is known to the day at least)."""

    kind: Kind
    visit: Visit | None
    moment: Moment | None


def notice_of(entries: Entries, visits: Sequence[Visit], validity: Validity, tally: Tally) -> Notice:
    """A message says itself what happened; in a plain record the latest stay does, ended or going on."""
    if header := entries.header():
        event = word(part(header, "eventCoding"), "code")
        kind: Kind = _EVENTS.get(event, "other")
        return _timed(kind, _focus(header, kind, entries, visits, validity), tally)
    ended, going_on = last_discharge(visits, validity), open_stay(visits, validity)
    if going_on and going_on.start and (not ended or not ended.end or going_on.start.at > ended.end.at):
        return _timed("admit", going_on, tally)
    if ended:
        return _timed("discharge", ended, tally)
    tally.add("Bundle", "shows no stay that ended and none that goes on")
    return Notice("other", None, None)


def _focus(header: Json, kind: Kind, entries: Entries, visits: Sequence[Visit], validity: Validity) -> Visit | None:
    targets = [entries.target(reference) for reference in parts(header, "focus")]
    for visit in visits:
        if any(target is visit.resource for target in targets) and validity.passes(visit.resource):
            return visit
    if kind == "discharge":
        return last_discharge(visits, validity)
    return open_stay(visits, validity) if kind == "admit" else None


def _timed(kind: Kind, visit: Visit | None, tally: Tally) -> Notice:
    if kind == "other":
        tally.add("MessageHeader.eventCoding", "is neither an admission nor a discharge")
        return Notice(kind, visit, None)
    moment = (visit.end if kind == "discharge" else visit.start) if visit else None
    if moment is None or moment.precision not in ("day", "instant"):
        tally.add("Encounter.period", f"gives no time of {'discharge' if kind == 'discharge' else 'admission'}")
        return Notice(kind, visit, None)
    if moment.precision == "day":
        tally.add("Encounter.period", "gives a day without a time: read as the beginning of that day")
    return Notice(kind, visit, moment)
