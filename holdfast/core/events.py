"""What happened, in the past tense: the only things a case's state is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from holdfast.core.answers import Answer
from holdfast.core.begun_events import AskDropped as AskDropped
from holdfast.core.begun_events import CaseBegun as CaseBegun
from holdfast.core.begun_events import ItemTakenUp as ItemTakenUp
from holdfast.core.begun_events import ObligationSettled as ObligationSettled
from holdfast.core.moved_events import EditionMoved as EditionMoved
from holdfast.core.offering import OfferDeclined as OfferDeclined
from holdfast.core.offering import OffersMade as OffersMade
from holdfast.core.offering import OfferTaken as OfferTaken
from holdfast.core.offering import OfferWithdrawn as OfferWithdrawn
from holdfast.core.slot_events import SlotForgone as SlotForgone
from holdfast.core.slot_events import SlotProposed as SlotProposed
from holdfast.core.slot_events import SlotTaken as SlotTaken
from holdfast.core.slot_events import WaitBegun as WaitBegun


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A case began; ``subject`` is a pseudonymous id, ``parties`` maps a party to a team id.

    ``origin`` is the case it was begun from, ``hears`` maps moments here to those marked there when they happen. ``history`` says
    how many other cases of the subject there were, by pathway, within the span that the pathway looks back."""

    case: str
    pathway: str
    edition: str
    kind: str
    subject: str
    parties: Mapping[str, str]
    at: datetime
    window_ends: datetime
    origin: str = ""
    hears: Mapping[str, str] = field(default_factory=dict)
    history: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HolderMoved:
    """Responsibility moved to one named person (OWN-01, OWN-02), at recorded time."""

    to: str
    frm: str
    why: str


@dataclass(frozen=True, slots=True)
class DutyAssigned:
    """A duty of a party, such as ``receiver.holder``, has its person for this case."""

    duty: str
    staff: str


@dataclass(frozen=True, slots=True)
class PartyChosen:
    party: str
    team: str


@dataclass(frozen=True, slots=True)
class RoleNamed:
    named: str
    staff: str


@dataclass(frozen=True, slots=True)
class PacketFilled:
    fields: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class PacketSent:
    """A version of the packet was fixed; ``missing`` is not empty when it went out provisional (PKT-06)."""

    version: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TierSet:
    """``by`` is rule, or the person who raised or lowered it."""

    tier: str
    was: str
    because: tuple[str, ...]
    by: str
    reason: Answer | None = None


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A deed of the pathway was done. ``late`` marks one written up long after it happened (CON-07)."""

    step: str
    answers: Mapping[str, Answer]
    occurred: datetime
    about: str = ""
    late: bool = False
    late_reason: Answer | None = None


@dataclass(frozen=True, slots=True)
class MomentMarked:
    """Something of which clocks and gates take notice, and when it happened."""

    moment: str
    occurred: datetime
    about: str = ""


@dataclass(frozen=True, slots=True)
class MomentsForgotten:
    """The same will have to happen again, such as the sending when another team is asked; the record keeps that it did."""

    moments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObligationOpened:
    """A promise with its clock: what started it, the rule, the due instant, and the person who owes it.

    ``climbs`` is when its ladder's next rung fires, ``rings`` when its clock goes next (the earlier of due and climbs).
    ``counts_from`` is the instant of the fact it is due by, where its rule names one that was known. ``before`` says how often the
    moments that are counted while it is open had come before."""

    id: str
    kind: str
    owed_by: str
    owner: str
    started_by: str
    started: datetime
    due: datetime
    rule: str
    zone: str
    calendar: str
    climbs: datetime
    clock: str
    rings: datetime
    tier: str
    about: str = ""
    survives_close: bool = False
    alarm: str = ""
    counts_from: datetime | None = None
    before: Mapping[str, int] = field(default_factory=dict)
    opened_by: str = ""


@dataclass(frozen=True, slots=True)
class ObligationRetimed:
    """The same promise under another time; each re-timing makes a new clock. ``rings`` is when the clock goes next."""

    id: str
    due: datetime
    rule: str
    climbs: datetime
    clock: str
    rings: datetime
    tier: str
    because: str


@dataclass(frozen=True, slots=True)
class ObligationMet:
    """``how``: met, met-late, or annulled (done in time, written up after the breach)."""

    id: str
    how: str
    occurred: datetime
    late_by: int
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObligationWaived:
    """``kind``: waived (signed off) or not-applicable."""

    id: str
    how: str
    reason: Answer


@dataclass(frozen=True, slots=True)
class ObligationStopped:
    """The case closed, or another answer made it moot."""

    id: str
    because: str


@dataclass(frozen=True, slots=True)
class ObligationBreached:
    """Its time passed. ``late_by`` is whole seconds between due and noticed; ``why_late`` says what kept it (ESC-06)."""

    id: str
    due: datetime
    noticed: datetime
    late_by: int
    why_late: str
    clock: str = ""
    rings: datetime | None = None


@dataclass(frozen=True, slots=True)
class RungFired:
    """The ladder climbed to a person; it arms its own next clock. ``alarm`` says why another than the wanted person was told."""

    id: str
    rung: int
    turn: int
    told: str
    role: str
    by: str
    notice: str
    due: datetime
    noticed: datetime
    late_by: int
    climbs: datetime
    clock: str
    rings: datetime
    because: str
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class LadderHeld:
    """Somebody acknowledged; without an action by ``rings`` the ladder climbs on (BEY-03)."""

    id: str
    by: str
    climbs: datetime
    clock: str
    rings: datetime


@dataclass(frozen=True, slots=True)
class OwnerMoved:
    """Another person owes it; ``owed_by`` is set when it was handed to somebody by name."""

    id: str
    to: str
    frm: str
    why: str
    owed_by: str = ""


@dataclass(frozen=True, slots=True)
class NoticeIssued:
    """A message is to leave: ``to`` is a staff or team id, ``key`` is its idempotency key."""

    key: str
    to: str
    notice: str
    about: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """The channel took it: transmitted, which is not received (REC-01, REC-10)."""

    key: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeFailed:
    """It could not be delivered, or came back."""

    key: str
    channel: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GateOverridden:
    """Gates were passed unmet, with a reason (GAT-07)."""

    step: str
    gates: tuple[str, ...]
    reason: Answer


@dataclass(frozen=True, slots=True)
class OverrideAsked:
    step: str
    gates: tuple[str, ...]
    reason: Answer
    sign_off: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    endpoint: str
    answers: Mapping[str, Answer]
    occurred: datetime
    as_asked: bool


@dataclass(frozen=True, slots=True)
class WindowEnded:
    """The last day for which somebody had to be accountable is over."""

    due: datetime
    noticed: datetime


@dataclass(frozen=True, slots=True)
class CaseReopened:
    reason: Answer


@dataclass(frozen=True, slots=True)
class WindowArmed:
    clock: str
    rings: datetime


Event = (
    CaseOpened
    | HolderMoved
    | DutyAssigned
    | PartyChosen
    | OffersMade
    | OfferTaken
    | OfferDeclined
    | OfferWithdrawn
    | RoleNamed
    | PacketFilled
    | PacketSent
    | TierSet
    | StepTaken
    | MomentMarked
    | MomentsForgotten
    | ObligationOpened
    | ObligationRetimed
    | ObligationMet
    | ObligationWaived
    | ObligationStopped
    | ObligationBreached
    | RungFired
    | LadderHeld
    | OwnerMoved
    | NoticeIssued
    | NoticeSent
    | NoticeFailed
    | GateOverridden
    | OverrideAsked
    | CaseClosed
    | WindowEnded
    | CaseReopened
    | WindowArmed
    | SlotTaken
    | WaitBegun
    | SlotProposed
    | SlotForgone
    | CaseBegun
    | AskDropped
    | ItemTakenUp
    | ObligationSettled
    | EditionMoved
)
