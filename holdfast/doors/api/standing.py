"""What the API says of a case's instruments, of what may be shared, and of the cases beside it."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class ScoreOut(Schema):
    """An instrument that the pathway adds up; ``sum`` is null until every question of it is answered."""

    title: str
    sum: int | None


class HeldBackOut(Schema):
    """A message that may not leave now: ``to`` is ``team:<id>``, ``since`` when it was issued."""

    to: str
    since: datetime


class SharingOut(Schema):
    """Whether anything of the case may be sent or shown outside now; ``says`` when it may be, "" where the pathway does not ask."""

    allowed: bool
    says: str
    waiting: list[HeldBackOut]


class ItemOut(Schema):
    """What another case of the person still owed when this one opened: ``promise`` there, in words, by whom and until when."""

    promise: str
    owed: str
    owner: str
    due: datetime


class KinOut(Schema):
    """A case that this one came from or led to. ``visible`` is false where the caller may not see it; the rest is empty then."""

    visible: bool
    case: str
    pathway: str
    title: str
    status: str
    opened: datetime | None


class BetweenOut(Schema):
    """One line of the list: ``kind`` is unknown-outcome, unanswered, no-case, no-next-contact or ending; ``due`` may be past."""

    kind: str
    owner: str
    due: datetime
    case: str
    message: str


class InvolvedOut(Schema):
    """Somebody in the episode, or a team or service, and what they do in it; exactly one is accountable."""

    who: str
    does: str
    accountable: bool


class FollowedOut(Schema):
    """``case`` was soon followed by another of the same person, which opened then."""

    case: str
    pathway: str
    holder: str
    opened: datetime
    followed_by: KinOut


class ShownOut(Schema):
    """One time that something of the case was read or sent: ``to`` is ``staff:<id>`` or ``team:<id>``, ``under`` the consent or reason.
    ``version`` is the last version of the packet that had been sent by then, 0 before the first."""

    at: datetime
    to: str
    what: str
    door: str
    under: str
    version: int


class PersonsCardOut(Schema):
    """What the printed card says, in plain words and with its instants; "" or null where nothing is on record.

    ``zone`` is that of the team that will call; ``emergency_number`` is the local one, as the
    organisation of whoever is accountable has it."""

    title: str
    person: str
    who: str
    team: str
    says: str
    lead: str
    number: str
    agreed: datetime | None
    by: datetime | None
    appointments: list[datetime]
    meanwhile: str
    night: str
    emergency: str
    emergency_number: str
    zone: str
