"""The shapes of what the API gives: plain, typed, and the same words as on the screens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from holdfast.doors.api.standing import InvolvedOut, ItemOut, KinOut, ScoreOut, SharingOut


class Strict(Schema):
    """What comes in: a name that is not known is a mistake, and says so."""

    model_config = ConfigDict(extra="forbid")


class MissingOut(Schema):
    """One thing that is lacking, and who can supply it."""

    what: str
    says: str
    supplied_by: str


class RefusalOut(Schema):
    """Why something cannot be done now, and what can."""

    code: str
    says: str
    missing: list[MissingOut]
    instead: list[str]


class ProblemOut(Schema):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    missing: list[MissingOut]
    instead: list[str]


class ColumnOut(Schema):
    id: str
    label: str
    needed: bool


class OptionOut(Schema):
    code: str
    label: str


class QuestionOut(Schema):
    """One field of a form. ``needed`` is always, never or depends (on other answers)."""

    id: str
    kind: str
    ask: str
    hint: str
    options: list[OptionOut]
    columns: list[ColumnOut]
    none_known: bool
    not_disclosed: bool
    role: str
    needed: str


class AnswerOut(Schema):
    """An answer as it stands; ``value`` is null when blank, and when erased."""

    how: str
    value: Any = None
    true_at: datetime | None
    by: str
    unconfirmed: bool
    source: str
    erased: bool
    damaged: bool


class PacketFieldOut(QuestionOut):
    section: str
    missing: bool
    answer: AnswerOut | None


class PacketOut(Schema):
    """``version`` counts what was sent; ``changed`` lists what was filled in since."""

    version: int
    complete: bool
    changed: list[str]
    fields: list[PacketFieldOut]


class PersonOut(Schema):
    id: str
    name: str


class StaffOut(Schema):
    id: str
    name: str
    day: str
    night: str


class TeamOut(Schema):
    id: str
    name: str
    organisation: str
    external: bool
    phone: str
    zone: str


class PromiseOut(Schema):
    """One obligation. ``rings`` is when its clock goes next, ``rung`` how far its ladder has climbed."""

    id: str
    kind: str
    owed: str
    status: str
    owner: str
    owed_by: str
    started_by: str
    started: datetime
    due: datetime
    rule: str
    zone: str
    rings: datetime
    rung: int
    tier: str
    about: str
    held_by: str
    breached: datetime | None
    ended: datetime | None
    task: bool
    item: ItemOut | None


class DeedOut(Schema):
    """What could be done: allowed now, or refused with the reason. Post answers to ``href``."""

    command: str
    target: str
    title: str
    says: str
    about: str
    item: ItemOut | None
    allowed: bool
    urgent: bool
    override: str
    refusal: RefusalOut | None
    fields: list[QuestionOut]
    shows: dict[str, Any]
    href: str


class StateOut(Schema):
    """One of the dated states of the handoff; ``at`` is null until its own evidence is there."""

    title: str
    moment: str
    at: datetime | None


class CaseOut(Schema):
    """One case: who is accountable, what is due next, what can be done, and the packet. Its version is in the ETag."""

    case: str
    number: int
    pathway: str
    title: str
    edition: str
    status: str
    stage: str
    endpoint: str
    tier: str
    tier_by: str
    person: PersonOut
    holder: StaffOut
    lead: StaffOut | None
    parties: dict[str, TeamOut]
    offered: dict[str, dict[str, str]]
    named: dict[str, StaffOut | None]
    opened: datetime
    window_ends: datetime
    states: list[StateOut]
    next_due: PromiseOut | None
    promises: list[PromiseOut]
    deeds: list[DeedOut]
    packet: PacketOut
    scores: list[ScoreOut]
    came_from: KinOut | None
    everybody: list[InvolvedOut]
    led_to: list[KinOut]
    soon_after: list[KinOut]
    soon_followed_by: list[KinOut]
    sharing: SharingOut
    emergency: str


class CaseLineOut(Schema):
    """A case in a list."""

    case: str
    pathway: str
    person: PersonOut
    status: str
    tier: str
    stage: str
    holder: str
    endpoint: str
    opened: datetime
    window_ends: datetime
    next_ring: datetime | None


class CasePageOut(Schema):
    cases: list[CaseLineOut]
    next: str | None


class WorkLineOut(Schema):
    """An obligation in a worklist, most urgent first; ``started_by`` and ``rung`` say why it is here."""

    case: str
    person: PersonOut
    promise: str
    kind: str
    owed: str
    status: str
    owner: str
    team: str
    due: datetime
    rings: datetime
    rung: int
    tier: str
    started_by: str
    task: bool


class WorkPageOut(Schema):
    work: list[WorkLineOut]
    next: str | None


class CallOut(Schema):
    """A call of a ladder that is not answered: ``called`` is I, or whom I stand in for; ``at`` is when last."""

    called: str
    role: str
    because: str
    at: datetime
    work: WorkLineOut


class CallPageOut(Schema):
    calls: list[CallOut]
    next: str | None


class DoneOut(Schema):
    """An accepted change: the entry's number is the new version."""

    case: str
    number: int
    events: list[str]
    again: bool


class EntryOut(Schema):
    """One entry of the record, with what was sealed opened where it still can be. ``scribe``: who wrote it down for the actor."""

    number: int
    recorded: datetime
    occurred: datetime | None
    actor: str
    door: str
    scribe: str | None = None
    command: dict[str, Any]
    events: list[dict[str, Any]]


class HeldOut(Schema):
    holder: StaffOut | None
    since: datetime | None
    until: datetime | None
    entry: int | None
    why: str


class ExceptionOut(Schema):
    case: str
    entry: int
    place: int
    kind: str
    what: str
    at: datetime


class ExceptionPageOut(Schema):
    exceptions: list[ExceptionOut]
    next: str | None


class UnusedOut(Schema):
    what: str
    why: str
    count: int


class ReceivedOut(Schema):
    """What became of one message. ``waits``: a person must look at it."""

    message: str
    status: str
    says: str
    case: str
    used: list[str]
    unused: list[UnusedOut]
    owner: str
    waits: bool


class MessageOut(Schema):
    message: str
    what: str
    source: str
    door: str
    received: datetime
    status: str
    says: str
    unused: list[UnusedOut]
    case: str
    owner: str
    due: datetime | None
    settled_by: str
    settled: datetime | None


class NumberIn(Strict):
    system: str = Field(min_length=1, max_length=200)
    value: str = Field(min_length=1, max_length=200)


class NewPersonIn(Strict):
    """A person as somebody at the desk writes them down."""

    name: str = Field(min_length=1, max_length=300)
    born: date | None = None
    phone: str = Field("", max_length=100)
    address: str = Field("", max_length=500)
    language: str = Field("", max_length=100)
    sex: str = Field("", max_length=50)
    numbers: list[NumberIn] = Field([], max_length=20)


class OpenIn(Strict):
    """``person`` is an id that you may see, or somebody new. ``even_so`` opens a second case beside one that is open."""

    pathway: str = Field(max_length=100)
    person: str | NewPersonIn
    parties: dict[str, str]
    holder: str = Field(max_length=100)
    answers: dict[str, Any] = {}
    even_so: bool = False


class DeedIn(Strict):
    """What a deed may carry; each command says which. ``answers``: field to value, or to {"how", "value", "true_at"}; ``team``: of
    the offered teams that the caller belongs to, the one they answer for."""

    answers: dict[str, Any] = {}
    about: str = Field("", max_length=200)
    team: str = Field("", max_length=100)
    staff: str = Field("", max_length=100)
    to: str = Field("", max_length=100)
    reason: str = Field("", max_length=20_000)
    override: str = Field("", max_length=20_000)
    late_reason: str = Field("", max_length=20_000)
    occurred: datetime | None = None


class SettleIn(Strict):
    how: str
    reason: str = Field(max_length=20_000)


class ReasonIn(Strict):
    reason: str = Field(max_length=20_000)
