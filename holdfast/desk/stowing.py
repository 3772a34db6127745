"""Keeping a message: its bytes sealed under a key of its own, what became of it, who owns what is left, and by when."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from holdfast.core.arrivals import Unused
from holdfast.core.parties import Directory
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.desk.streams import record
from holdfast.directory.items import Route
from holdfast.inbox.models import Message
from holdfast.ledger.store import read_head
from holdfast.people.sealing import NONCE_BYTES, open_sealed, seal
from holdfast.people.vault import ToSeal

#: How long whoever owns a message that waits has to look at it.
LOOK_WITHIN = timedelta(hours=4)
#: What may change of a message: never what arrived, nor when.
SETTLED = ("status", "says", "unused", "stream", "person", "owner", "due_at", "settled_by", "settled_at")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one message. ``status`` is used, unmatched or unreadable; ``says`` is for people and quotes no value."""

    status: str
    says: str
    case: str = ""
    person: str = ""
    owner: str = ""
    unused: Sequence[Unused] = ()
    used: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way in. ``what`` is the kind of notice, ``source`` who sent it, as far as that is known."""

    raw: bytes
    what: str
    source: str
    door: str
    actor: str
    received_at: datetime


def place_of(message: str) -> str:
    return f"inbox:{message}"


def message_digest(desk: Desk, raw: bytes) -> str:
    """A keyed digest of the bytes: it finds a repeat, and nobody can guess from it what an erased message said."""
    return hmac.new(desk.keyring.secret("arrived"), raw, hashlib.sha256).hexdigest()


def owner_of(route: Route | None, directory: Directory, at: datetime) -> str:
    """Who looks at what waits: the route's holder, their cover, or the last resort of the sending team's organisation."""
    if route is not None:
        resort = directory.last_resort(route.sender) if route.sender in directory.teams else ""
        found = directory.standing_in(route.holder, at) or resort
        if found:
            return found
    resorts = [o.last_resort for _, o in sorted(directory.organisations.items())]
    return next((r for r in resorts if directory.available(r, at)), resorts[0] if resorts else SYSTEM)


def stow(desk: Desk, parcel: Parcel, fate: Fate) -> Message:
    """Keep the message with its fate, and say so in the record. Inside the transaction that decided it."""
    id = desk.entropy(16).hex()
    place = place_of(id)
    desk.vault.make_key(place)
    key = desk.vault.find_key(place)
    if key is None:
        raise LookupError("a key that was made is gone")
    message = Message.objects.create(
        id=id,
        digest=message_digest(desk, parcel.raw),
        what=parcel.what,
        received_at=parcel.received_at,
        door=parcel.door,
        source=parcel.source[:200],
        sealed=seal(key, parcel.raw, place, desk.entropy(NONCE_BYTES)),
        **_columns(fate, parcel.received_at),
    )
    note(desk, id, parcel.actor, parcel.door, "MessageArrived", {"what": parcel.what, "digest": message.digest}, fate)
    return message


def refate(message: Message, fate: Fate, by: str, at: datetime) -> None:
    """What became of a message that waited."""
    for name, value in _columns(fate, at).items():
        setattr(message, name, value)
    message.settled_by, message.settled_at = by, at
    message.save(update_fields=SETTLED)


def opened(desk: Desk, message: Message) -> bytes | None:
    """The message as it arrived; nothing once the person it is about was erased."""
    key = desk.vault.find_key(place_of(message.id))
    return None if key is None else open_sealed(key, bytes(message.sealed), place_of(message.id))


def note(
    desk: Desk,
    message: str,
    actor: str,
    door: str,
    kind: str,
    values: Mapping[str, Any],
    fate: Fate,
    sealed: Sequence[ToSeal] = (),
) -> datetime:
    """One entry in the message's own stream, with values sealed under its key. Gives the recorded time."""
    stream = place_of(message)
    read = read_head(stream, actor, "")
    now = desk.recorded_at(read)
    state = {"status": fate.status, "case": fate.case}
    event = {"event": kind, **values, **state, **{item.path: item.commitment for item in sealed}}
    number = record(Envelope(stream, Ask(kind), actor, door), read.head, now, "inbox", {"kind": kind}, [event], state)
    desk.vault.put(stream, stream, number, sealed)
    return now


def _columns(fate: Fate, at: datetime) -> dict[str, Any]:
    waits = fate.status in ("unmatched", "unreadable")
    return {
        "status": fate.status,
        "says": fate.says,
        "unused": [{"what": u.what, "why": u.why, "count": u.count} for u in fate.unused],
        "stream": fate.case,
        "person": fate.person,
        "owner": fate.owner,
        "due_at": at + LOOK_WITHIN if waits else None,
    }
