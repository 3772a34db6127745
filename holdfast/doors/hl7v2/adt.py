"""An HL7 v2 ADT message as an arrival."""

import hashlib
import re
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from holdfast.core.arrivals import Arrival, ArrivedPerson, Kind, Prefill, ReadError, Tally, plain_text, written
from holdfast.doors.hl7v2.framing import SEND_AGAIN, messages_in
from holdfast.doors.hl7v2.person import read_person
from holdfast.doors.hl7v2.segments import Segments, signs_in
from holdfast.doors.hl7v2.stamps import Stamp, read_stamp

_KINDS: dict[str, Kind] = {"A03": "discharge", "A01": "admit", "A13": "cancel-discharge"}
# Where the time of the event stands, best first: EVN-6 says when it occurred, EVN-2 when it was written down.
_HAPPENED: dict[Kind, tuple[tuple[str, int], ...]] = {
    "discharge": (("PV1", 45), ("EVN", 6), ("EVN", 2), ("MSH", 7)),
    "admit": (("PV1", 44), ("EVN", 6), ("EVN", 2), ("MSH", 7)),
    "cancel-discharge": (("EVN", 6), ("EVN", 2), ("MSH", 7)),
    "other": (("EVN", 6), ("EVN", 2), ("MSH", 7)),
}
_RECORDED = (("EVN", 2), ("MSH", 7))
_DIED = frozenset({"20", "40", "41", "42"})  # PV1-36, table 0112
FILE_SIGNS_AT_MOST = 400_000  # in one file: two or three seconds of work
_CODE = re.compile(r"[A-Z0-9]{3}")

UNFORESEEN = (
    "The message could not be read, and why is not known: that is a fault on our side. Keep the file, enter what it "
    "says by hand, and tell your administrator."
)


def read_message(raw: bytes, *, zone: str = "UTC") -> Arrival:
    """Translate one ADT message: A03 discharge, A01 admission, A13 cancelled discharge, all else "other" (EVT-01).

    `zone` places times that come without a zone; each of them is listed in `unused`. Raises ReadError for everything
    that cannot be read and for a file of several messages (see `read_messages`), and nothing else.
    """
    found = messages_in(raw)
    if len(found) > 1:
        raise ReadError("The file holds several messages or stray lines. Read it as a batch.")
    return _arrival(found[0], ZoneInfo(zone))


def read_messages(raw: bytes, *, zone: str = "UTC") -> list[Arrival | ReadError]:
    """Translate each message of a file or batch, in its order; what cannot be read stands in its place as a ReadError.

    Raises ReadError where the file as a whole cannot be taken.
    """
    place = ZoneInfo(zone)
    results: list[Arrival | ReadError] = []
    left = FILE_SIGNS_AT_MOST
    for lines in messages_in(raw):
        left -= 0 if isinstance(lines, ReadError) else signs_in(lines)
        try:
            if left < 0:
                raise ReadError("The file is too long to be read at once, from here on. Ask the sender to divide it.")
            results.append(_arrival(lines, place))
        except ReadError as error:
            results.append(error)
    return results


def _arrival(lines: list[bytes] | ReadError, zone: tzinfo) -> Arrival:
    if isinstance(lines, ReadError):
        raise lines
    try:
        return _read(lines, zone)
    except ReadError:
        raise
    except Exception:  # an unforeseen shape must reach a person as a sentence, never as a lost message
        raise ReadError(UNFORESEEN) from None


def _read(lines: list[bytes], zone: tzinfo) -> Arrival:
    tally = Tally()
    segments = Segments(lines, tally)
    kind = _kind(segments, tally)
    facility, application = _named(segments, 4), _named(segments, 3)
    person = _person(segments, kind, facility, tally)
    _note_the_rest(segments, tally)
    doubts: set[tuple[str, str]] = set()
    event_at, place = _time(segments, _HAPPENED[kind], zone, doubts)
    recorded_at, _ = _time(segments, _RECORDED, zone, doubts)
    for what, why in doubts:
        tally.add(what, why)
    prefill: list[Prefill] = []
    if kind == "discharge" and event_at:
        prefill.append(Prefill("discharge.at", written(event_at), event_at, f"HL7 v2 {place}"))
    if person.phones:
        prefill.append(Prefill("contact.phone", person.phones[0], recorded_at, "HL7 v2 PID"))
    source = plain_text(f"{facility}/{application}" if facility or application else None, tally, "MSH-4")
    number = plain_text(segments.text("MSH", 10) or None, tally, "MSH-10")
    return Arrival(
        kind=kind,
        source=source or "unknown",
        message_id=number or "sha256:" + hashlib.sha256(b"\r".join(lines)).hexdigest(),
        event_at=event_at,
        recorded_at=recorded_at,
        person=person,
        prefill=tuple(prefill),
        unused=tally.listed(),
    )


def _kind(segments: Segments, tally: Tally) -> Kind:
    """MSH-9 says what happened; where EVN-1 says otherwise, as it does in real files, MSH-9 is followed."""
    code, trigger = segments.text("MSH", 9, 1).upper(), segments.text("MSH", 9, 2).upper()
    event = segments.text("EVN", 1).upper()
    if not code:
        raise ReadError(f"MSH-9 does not say what kind of message it is. {SEND_AGAIN}")
    if not trigger and event:
        tally.add("MSH-9", "names no event, so EVN-1 was followed")
        trigger = event
    elif event and event != trigger:
        tally.add("EVN-1", "names another event than MSH-9, and MSH-9 was followed")
    if segments.text("MSH", 11).upper() not in ("P", ""):
        tally.add("MSH-11", "says that this is a message for training or tests")
    kind = _KINDS.get(trigger, "other") if code == "ADT" else "other"
    if kind == "other":
        names = [name if _CODE.fullmatch(name) else "?" for name in (code, trigger)]
        tally.add("^".join(names), "this type of message is not read")
    return kind


def _person(segments: Segments, kind: Kind, facility: str, tally: Tally) -> ArrivedPerson:
    count = segments.count("PID")
    if count == 1:
        return read_person(segments, facility, tally)
    if kind != "other":
        found = "no PID segment" if count == 0 else f"{count} PID segments"
        raise ReadError(f"The message has {found}, so it does not say whom it is about. {SEND_AGAIN}")
    tally.add("PID", "is about several people, so none of them was read", count)
    return ArrivedPerson()


def _note_the_rest(segments: Segments, tally: Tally) -> None:
    for name in ("EVN", "PV1"):
        tally.add(name, "came more than once, and the first was read", segments.count(name) - 1)
    if segments.text("PV1", 36) in _DIED:
        tally.add("PV1-36", "says that the person has died: check before anything is sent")


def _named(segments: Segments, field: int) -> str:
    """An HD field: its name, else its universal id."""
    return segments.text("MSH", field, 1) or segments.text("MSH", field, 2)


def _time(
    segments: Segments, places: tuple[tuple[str, int], ...], zone: tzinfo, doubts: set[tuple[str, str]]
) -> tuple[datetime | None, str]:
    """The first of several fields that holds a time, and its name with what had to be assumed about it."""
    first = f"{places[0][0]}-{places[0][1]}"
    for name, field in places:
        place, text = f"{name}-{field}", segments.text(name, field)
        if stamp := read_stamp(text, zone):
            assumed = _assumed(stamp, zone)
            doubts.update((place, doubt) for doubt in assumed)
            if place != first:
                doubts.add((first, f"gives no time that can be used, so {place} was taken"))
            return stamp.at, ", ".join([place, *assumed])
        if text:
            doubts.add((place, "is not a time known to the day"))
    doubts.add((first, "gives no time that can be used, nor does any other field"))
    return None, ""


def _assumed(stamp: Stamp, zone: tzinfo) -> list[str]:
    assumed = [] if stamp.timed else ["gives a day without a time: read as the beginning of that day"]
    return assumed if stamp.zoned else [*assumed, f"gives no time zone: read as {zone}"]
