"""What somebody asks for, in the imperative. The desk carries each in an envelope; ``decide`` answers with events or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from holdfast.core.answers import Answer
from holdfast.core.begun_events import Item


@dataclass(frozen=True, slots=True)
class OpenCase:
    """``parties`` maps each party to a team id; ``holder`` is the person accountable from the first instant.

    ``origin`` and ``hears`` come from the case that begins this one; ``history`` and ``items`` (what is still owed there) are what
    the desk found of the subject's other cases. No door gives these."""

    case: str
    pathway: str
    subject: str
    parties: Mapping[str, str]
    holder: str
    fields: Mapping[str, Answer] = field(default_factory=dict)
    origin: str = ""
    hears: Mapping[str, str] = field(default_factory=dict)
    history: Mapping[str, int] = field(default_factory=dict)
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class FillPacket:
    fields: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class NameRole:
    named: str
    staff: str


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A deed of the pathway. ``about`` is the promise it answers; ``override`` the reason for passing unmet gates,
    ``team`` the offered team for which it is taken, where the door knows it."""

    step: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    about: str = ""
    override: Answer | None = None
    late_reason: Answer | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class AskOverride:
    """Ask a supervisor to sign off passing an ordinary gate."""

    step: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class Meet:
    """Give the evidence that closes a promise."""

    promise: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    late_reason: Answer | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    promise: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Hold a climbing ladder for the short time the pathway allows."""

    promise: str


@dataclass(frozen=True, slots=True)
class MoveHolder:
    to: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class MoveOwner:
    promise: str
    to: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class RaiseTier:
    tier: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class LowerTier:
    tier: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class CloseCase:
    endpoint: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    late_reason: Answer | None = None


@dataclass(frozen=True, slots=True)
class ReopenCase:
    reason: Answer


@dataclass(frozen=True, slots=True)
class FireClocks:
    """What is due is due; ``why_late`` explains a firing that was noticed late."""

    why_late: str = ""


@dataclass(frozen=True, slots=True)
class NoteSent:
    key: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteFailed:
    key: str
    channel: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """Whatever ``frm`` has in the case is ``to``'s: given for every case of somebody who leaves."""

    frm: str
    to: str


@dataclass(frozen=True, slots=True)
class MoveEdition:
    """The case goes on by the edition of this digest. ``obligations`` and ``ladders`` map ids that are not there to those that are;
    ``asked_by`` is who asked for it, if somebody else does it."""

    edition: str
    reason: Answer
    obligations: Mapping[str, str] = field(default_factory=dict)
    ladders: Mapping[str, str] = field(default_factory=dict)
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class NoteSlotOffered:
    """A pool keeps a slot for this case until then."""

    pool: str
    slot: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NoteSlotLapsed:
    pool: str
    slot: str


@dataclass(frozen=True, slots=True)
class HearMoment:
    """Something happened on another case of the same subject; ``origin`` names that case where it was begun from this one."""

    moment: str
    occurred: datetime
    origin: str = ""


@dataclass(frozen=True, slots=True)
class SettleItem:
    """A promise here is taken over by ``case``, or closed from there by the person ``by`` (PKT-13)."""

    promise: str
    how: str
    case: str
    by: str


@dataclass(frozen=True, slots=True)
class NoteDropped:
    """What this case asked of another could not be done; ``code`` is the refusal."""

    what: str
    code: str
    case: str = ""


Command = (
    OpenCase
    | FillPacket
    | NameRole
    | TakeStep
    | AskOverride
    | Meet
    | Waive
    | Acknowledge
    | MoveHolder
    | MoveOwner
    | RaiseTier
    | LowerTier
    | CloseCase
    | ReopenCase
    | FireClocks
    | NoteSent
    | NoteFailed
    | HandOver
    | MoveEdition
    | NoteSlotOffered
    | NoteSlotLapsed
    | HearMoment
    | SettleItem
    | NoteDropped
)
