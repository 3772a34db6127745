"""The state of a case: what a fold of its events remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from holdfast.core.answers import Answer
from holdfast.core.begun_events import Item

OPEN, BREACHED = "open", "breached"
#: Ways a promise can stand. The first two are still owed.
OWED = frozenset({OPEN, BREACHED})
_URGENT = attrgetter("rings", "id")


@dataclass(frozen=True, slots=True)
class Promise:
    """One obligation of one case: an instance, with its clock."""

    id: str
    kind: str
    status: str
    owner: str
    owed_by: str
    started_by: str
    started: datetime
    due: datetime
    rule: str
    zone: str
    climbs: datetime
    clock: str
    rings: datetime
    tier: str
    about: str = ""
    survives_close: bool = False
    rung: int = 0
    turn: int = 0
    breached: datetime | None = None
    ended: datetime | None = None
    held_by: str = ""
    opened_by: str = ""
    counts_from: datetime | None = None
    before: Mapping[str, int] = field(default_factory=dict)

    @property
    def owed(self) -> bool:
        return self.status in OWED

    @property
    def number(self) -> int:
        """The how-manieth of its kind, from 1. Order is by this and never by place: a store may keep a mapping in another."""
        return int(self.id.rpartition("#")[2])


@dataclass(frozen=True, slots=True)
class Moment:
    """How often something happened, first and last, by when it happened."""

    count: int
    first: datetime
    last: datetime


@dataclass(slots=True)
class State:
    """A case, folded. ``number`` counts events; ``status``: open, closed (endpoint reached), ended (window over as well).

    ``overridable`` are the gates a sign-off was asked for, ``halted`` what the last closing stopped, ``judged`` whether a person
    has set the tier; ``slots`` (field to pool and slot), ``waits`` (pools, since which entry) and ``proposed`` (pool to slot) are those
    of the pools. ``begun`` maps each case begun from this one to its pathway; ``hears`` is what ``origin`` hears of this case;
    ``items`` are what other cases still owed when it opened, by what the promises here are about."""

    case: str
    pathway: str
    edition: str
    kind: str
    subject: str
    opened: datetime
    window_ends: datetime
    status: str = "open"
    holder: str = ""
    tier: str = ""
    tier_by: str = "rule"
    parties: dict[str, str] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    packet: dict[str, Answer] = field(default_factory=dict)
    packet_version: int = 0
    packet_changed: tuple[str, ...] = ()
    packet_missing: tuple[str, ...] = ()
    moments: dict[str, Moment] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    overridable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    halted: tuple[str, ...] = ()
    judged: bool = False
    step_answers: dict[str, Answer] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    offered: dict[str, Mapping[str, str]] = field(default_factory=dict)
    endpoint: str = ""
    window_clock: str = ""
    window_rings: datetime | None = None
    armed: int = 0
    issued: int = 0
    slots: dict[str, tuple[str, str]] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)
    number: int = 0
    last: datetime | None = None
    origin: str = ""
    hears: Mapping[str, str] = field(default_factory=dict)
    history: Mapping[str, int] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    def copy(self) -> State:
        """A state of its own: the values inside are frozen, the mappings are not shared."""
        # Made at every entry: replace() would ask each field for its name and rules again.
        own = State(*_VALUES(self))
        own.parties = own.parties.copy()
        own.duties = own.duties.copy()
        own.named = own.named.copy()
        own.packet = own.packet.copy()
        own.moments = own.moments.copy()
        own.promises = own.promises.copy()
        own.grants = own.grants.copy()
        own.asked = own.asked.copy()
        own.overridable = own.overridable.copy()
        own.step_answers = own.step_answers.copy()
        own.notices = own.notices.copy()
        own.offered = own.offered.copy()
        own.slots = own.slots.copy()
        own.waits = own.waits.copy()
        own.proposed = own.proposed.copy()
        own.begun = own.begun.copy()
        own.items = own.items.copy()
        return own

    def open_offers(self, party: str = "") -> list[str]:
        """Teams that are asked to take the part and have not answered; of every part when none is named.

        ``offered`` says of each team that was asked how it stands: open, taken, declined or withdrawn."""
        asked = [self.offered.get(party, {})] if party else list(self.offered.values())
        return [team for teams in asked for team, how in teams.items() if how == "open"]

    def teams(self) -> list[str]:
        """Every team that may see the case: those with a part, and those that are asked to take one."""
        return [*self.parties.values(), *self.open_offers()]

    # A case has many promises that are over: each look at all of them asks for no more than their status.

    def owed(self, kind: str = "") -> list[Promise]:
        """The promises still owed, most urgent clock first; those of one kind if it is named."""
        found = [p for p in self.promises.values() if p.status in OWED]
        if kind:
            found = [p for p in found if p.kind == kind]
        found.sort(key=_URGENT)
        return found

    def owes(self) -> bool:
        """Whether any promise is still owed."""
        # The last ones are the likeliest.
        return any(p.status in OWED for p in reversed(self.promises.values()))

    def find_owed(self, kind: str) -> Promise | None:
        """The open promise of this kind, the oldest if there are several."""
        owed = [p for p in self.promises.values() if p.kind == kind and p.status in OWED]
        return owed[0] if len(owed) == 1 else min(owed, key=lambda p: p.number, default=None)

    def latest(self, kind: str) -> Promise | None:
        return max([p for p in self.promises.values() if p.kind == kind], key=lambda p: p.number, default=None)

    def next_ring(self) -> datetime | None:
        """When the case's next clock goes."""
        rings = [p.rings for p in self.promises.values() if p.status in OWED]
        if self.window_rings is not None:
            rings.append(self.window_rings)
        return min(rings, default=None)


#: A state's values in the order in which it is made of them.
_VALUES = attrgetter(*(each.name for each in fields(State)))
