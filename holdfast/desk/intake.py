"""Intake: each message from outside opens a draft, adds to one, or waits for a named person; a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction

from holdfast.core.access import Viewer
from holdfast.core.arrivals import Arrival, ReadError, Unused
from holdfast.core.parties import Directory
from holdfast.desk.desk import Desk
from holdfast.desk.drafting import Held, draft
from holdfast.desk.envelope import Outcome, refused
from holdfast.desk.matching import Doubt, find_match
from holdfast.desk.races import TRIES, lost_race
from holdfast.desk.stowing import SETTLED, Fate, Parcel, message_digest, note, opened, owner_of, place_of, refate, stow
from holdfast.directory.items import Route
from holdfast.directory.snapshot import current_version, find_route
from holdfast.directory.snapshot import load as load_directory
from holdfast.inbox.models import Message
from holdfast.inbox.viewing import WAITING, may_see_message, overdue
from holdfast.ledger.commitment import commit
from holdfast.ledger.store import read_head
from holdfast.people.vault import SALT_BYTES, ToSeal
from holdfast.worklists.models import CaseRow

__all__ = ["HOWS", "Received", "open_message", "overdue", "receive", "settle"]

#: How somebody settles a message that waited.
HOWS = {
    "by-hand": "What it says was entered by hand",
    "not-ours": "It is not for us, and the sender was told",
    "repeat": "It says again what is on record",
    "no-handoff": "No handoff is needed",
}
#: Doubts that a door read in a message; none of them may open a case unseen.
_GRAVE = ("has died", "check who this is", "for training or tests", "of the person is no longer used")
_KEPT = {
    "admit": "This is an admission.",
    "cancel-discharge": "This takes a discharge back.",
    "other": "This kind of message is not acted on by itself.",
}
_LOOK = "Look at it, do what it asks for, and settle it here."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message: ``status`` is used, unmatched, unreadable or repeat; ``waits`` when a person must act."""

    message_id: str
    status: str
    says: str
    case: str
    unused: tuple[Unused, ...]
    used: tuple[str, ...] = ()
    owner: str = ""
    waits: bool = False


def receive(
    desk: Desk,
    raw: bytes,
    readings: Sequence[Arrival | ReadError],
    door: str,
    actor: str,
    received_at: datetime,
    *,
    parts: Sequence[bytes] = (),
) -> list[Received]:
    """Take in what a door has read of ``raw``: one transaction for each message, none lost (EVT-01, EVT-04).

    ``actor`` is the member of staff who hands it in, or ``system`` for a line that nobody watches. Of several readings,
    ``parts`` gives the bytes of each, which are then kept by themselves. Raises ValueError where the two do not fit.
    """
    if not parts and len(readings) == 1:
        parts = (raw,)
    if len(parts) != len(readings):
        raise ValueError("each message of a file needs bytes of its own")
    return [
        _receive(desk, part, reading, door, actor, received_at) for part, reading in zip(parts, readings, strict=True)
    ]


def settle(desk: Desk, message_id: str, actor: str, how: str, reason: str, door: str = "web") -> Outcome:
    """Say what was done about a message that waited: ``how`` is a key of ``HOWS``. The reason is sealed with the message."""
    if how not in HOWS:
        return refused(place_of(message_id), "not_offered", f"Settle it as one of: {', '.join(HOWS)}.")

    def work(message: Message, now: datetime) -> Outcome:
        fate = Fate("settled", f"{message.says} {HOWS[how]}.", message.stream, message.person, message.owner)
        _note_settling(desk, message, actor, door, how, reason, fate)
        message.status, message.says, message.due_at = fate.status, fate.says, None
        message.settled_by, message.settled_at = actor, now
        message.save(update_fields=SETTLED)
        return Outcome(True, place_of(message_id), events=("MessageSettled",))

    return _on_waiting(desk, message_id, actor, reason, work)


def open_message(
    desk: Desk,
    message_id: str,
    reading: Callable[[bytes], Arrival | ReadError],
    actor: str,
    reason: str,
    door: str = "web",
) -> Outcome:
    """Open the draft after all: somebody has looked at the doubt and says why it does not stand.

    ``reading`` is the door's way to read one message. What cannot be told apart by machine (whose number it is) stays shut.
    """

    def work(message: Message, now: datetime) -> Outcome:
        raw = opened(desk, message)
        arrival = None if raw is None else reading(raw)
        if not isinstance(arrival, Arrival) or arrival.kind != "discharge":
            return refused(place_of(message_id), "unreadable", "Only a discharge that can be read opens a case.")
        parcel = Parcel(b"", message.what, message.source, door, actor, message.received_at)
        fate = _act(desk, parcel, arrival, looked_at=True)
        if fate.status != "used":
            return refused(place_of(message_id), "not_opened", fate.says)
        _note_settling(desk, message, actor, door, "opened", reason, fate)
        refate(message, fate, actor, now)
        return Outcome(True, fate.case, 1, events=("MessageOpened",))

    return _on_waiting(desk, message_id, actor, reason, work)


def _on_waiting(
    desk: Desk, message_id: str, actor: str, reason: str, work: Callable[[Message, datetime], Outcome]
) -> Outcome:
    """Run ``work`` on a message that waits and is the actor's business, with a reason."""
    stream = place_of(message_id)
    if not reason.strip():
        return refused(stream, "reason_missing", "Say why, in a sentence.")

    def once() -> Outcome:
        # A refusal undoes whatever was begun for it.
        with transaction.atomic():
            message = Message.objects.select_for_update().filter(id=message_id).first()
            directory, now = _directory(), _now(desk)
            if message is None or not may_see_message(Viewer(actor), directory, message, now):
                return refused(stream, "not_visible", "There is no such message among those that you may see.")
            if message.status not in WAITING:
                return refused(stream, "already_settled", "Somebody has settled this message already.")
            outcome = work(message, now)
            if not outcome.accepted:
                transaction.set_rollback(True)
            return outcome

    return _again(once)


def _note_settling(desk: Desk, message: Message, actor: str, door: str, how: str, reason: str, fate: Fate) -> None:
    sealed: list[ToSeal] = []
    if desk.vault.find_key(place_of(message.id)) is not None:
        salt, plain = desk.entropy(SALT_BYTES), reason.strip().encode()
        sealed.append(ToSeal("reason", commit(plain, salt), salt, plain))
    note(desk, message.id, actor, door, "MessageSettled", {"how": how}, fate, sealed)


def _receive(
    desk: Desk, raw: bytes, reading: Arrival | ReadError, door: str, actor: str, received_at: datetime
) -> Received:
    what, source = ("unreadable", "unknown") if isinstance(reading, ReadError) else (reading.kind, reading.source)
    parcel = Parcel(raw, what, source, door, actor, received_at)

    def once() -> Received:
        with transaction.atomic():
            known = Message.objects.filter(digest=message_digest(desk, raw)).defer("sealed").first()
            if known is not None:
                return _repeated(known)
            fate = _unreadable(desk, parcel, reading) if isinstance(reading, ReadError) else _act(desk, parcel, reading)
            message = stow(desk, parcel, fate)
        waits = message.status in WAITING
        return Received(
            message.id, fate.status, fate.says, fate.case, tuple(fate.unused), tuple(fate.used), fate.owner, waits
        )

    return _again(once)


def _repeated(known: Message) -> Received:
    says = f"This was received before, on {known.received_at:%Y-%m-%d at %H:%M} UTC; nothing was changed. {known.says}"
    return Received(known.id, "repeat", says, known.stream, (), (), known.owner, known.status in WAITING)


def _unreadable(desk: Desk, parcel: Parcel, error: ReadError) -> Fate:
    return Fate("unreadable", error.says, owner=owner_of(find_route("*"), _directory(), _now(desk)))


def _act(desk: Desk, parcel: Parcel, arrival: Arrival, looked_at: bool = False) -> Fate:
    """Decide on one readable message. What is begun and then doubted is undone, and the message waits."""
    route, directory, now = find_route(arrival.source), _directory(), _now(desk)
    try:
        with transaction.atomic():
            if arrival.kind != "discharge":
                raise Held(f"{_KEPT[arrival.kind]} {_LOOK}", *_concerned(desk, arrival, route))
            if route is None:
                raise Held("No route is set for where it comes from, nor one for all the rest. " + _LOOK)
            grave = [u for u in arrival.unused if any(mark in u.why for mark in _GRAVE)]
            if grave and not looked_at:
                raise Held(" ".join(f"{u.what} {u.why}." for u in grave) + " Check, then open it or settle it.")
            return draft(desk, parcel, arrival, route)
    except Doubt as doubt:
        held = Held(doubt.says)
    except Held as caught:
        held = caught
    owner = held.owner if held.owner and directory.available(held.owner, now) else owner_of(route, directory, now)
    return Fate("unmatched", held.says, held.case, held.person, owner, arrival.unused)


def _concerned(desk: Desk, arrival: Arrival, route: Route | None) -> tuple[str, str, str]:
    """(case, person, holder) of the open case that a notice bears on, so that it comes to whoever is accountable (EVT-01)."""
    try:
        person = find_match(desk, arrival.person) or ""
    except Doubt:
        return "", "", ""
    open_cases = CaseRow.objects.filter(subject=person, status="open").order_by("-opened_at") if person else ()
    for row in open_cases:
        if route is None or row.pathway == route.pathway:
            return row.case, person, row.holder
    return "", person, ""


def _directory() -> Directory:
    return load_directory(current_version())


def _now(desk: Desk) -> datetime:
    return desk.recorded_at(read_head("inbox:", "", ""))


def _again(once: Callable[[], T]) -> T:
    """Run one transaction, and again where it lost a race: another may have taken in the same message meanwhile."""
    for tried in range(TRIES):
        try:
            return once()
        except (IntegrityError, OperationalError) as error:
            if tried + 1 == TRIES or not lost_race(error):
                raise
    raise AssertionError("unreachable")
