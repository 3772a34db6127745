"""Messages in doubt that name a person all the same: found again by their numbers when that person is to be erased (BEY-23)."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.core.arrivals import ReadError
from holdfast.desk.desk import Desk
from holdfast.desk.stowing import opened
from holdfast.doors.arriving import read_part
from holdfast.inbox.models import Message
from holdfast.people.models import Identifier


@dataclass(frozen=True, slots=True)
class Doubtful:
    """``about`` are ids of messages that carry a number of the person, ``unknown`` those of whom nobody can tell."""

    about: tuple[str, ...]
    unknown: tuple[str, ...]


def doubtful_of(desk: Desk, person: str) -> Doubtful:
    """Every message that is matched to nobody, read again. Memory: one message."""
    tags = set(Identifier.objects.filter(person=person).values_list("tag", flat=True))
    about, unknown = [], []
    for message in Message.objects.filter(person="").order_by("received_at", "id").iterator(chunk_size=50):
        raw = opened(desk, message)
        if raw is None:
            continue
        reading = read_part(raw)
        if isinstance(reading, ReadError) or not reading.person.identifiers:
            unknown.append(message.id)
        elif any(tags & set(desk.vault.keyring.tags(system, value)) for system, value in reading.person.identifiers):
            about.append(message.id)
    return Doubtful(tuple(about), tuple(unknown))
