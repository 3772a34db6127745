"""A pathway as the engine reads it: one protocol's packet, tiers, steps, gates, obligations, ladders and endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from holdfast.core.conditions import ALWAYS, NEVER, Condition
from holdfast.core.lookups import Index, index_of
from holdfast.core.questions import CLEAR_KINDS as CLEAR_KINDS
from holdfast.core.questions import SEALED_KINDS as SEALED_KINDS
from holdfast.core.questions import Column as Column
from holdfast.core.questions import Field as Field
from holdfast.core.questions import Option as Option
from holdfast.core.questions import Section as Section
from holdfast.core.spans import Span, elapsed


@dataclass(frozen=True, slots=True)
class Tier:
    """An acuity. The first tier whose condition holds is the computed one; listed from the most acute."""

    id: str
    title: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Party:
    """A team's part in the case; ``duties`` maps a duty (holder, intake, supervisor) to a role in the directory."""

    id: str
    title: str
    duties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """A further name the pathway requires (OWN-05); ``day_and_night`` asks for a route in hours and after hours."""

    id: str
    ask: str
    role: str
    day_and_night: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """A fact without which a step is refused (GAT-01). ``override``: never, clinical (acts at once) or ordinary (sign-off first)."""

    id: str
    says: str
    when: Condition
    supplied_by: str
    override: str = "ordinary"
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """A notice to send: to whom, and which wording."""

    who: str
    notice: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Another case that is opened for the same person, in the same transaction.

    ``parties`` maps each of its parties to one of this case's, or to ``answer.<field>``. ``holder`` is who here holds it there
    ("": whoever is on duty for that there). ``hears`` maps moments of the new case to those marked here when they happen there."""

    pathway: str
    parties: Mapping[str, str]
    holder: str = ""
    hears: Mapping[str, str] = field(default_factory=dict)
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Effects:
    """What else happens when an obligation opens, is met or is breached."""

    emits: tuple[str, ...] = ()
    moves_to: str = ""
    tells: tuple[Tell, ...] = ()
    begins: tuple[Begin, ...] = ()


NOTHING_ELSE = Effects()


@dataclass(frozen=True, slots=True)
class Emission:
    """A moment a step marks when its condition holds; closer than ``apart`` to the last one it marks ``otherwise`` instead (CON-01)."""

    moment: str
    when: Condition = ALWAYS
    apart: Span | None = None
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """The line in which a step puts the case: the team that is party ``of`` offers its next free slot of this ``pool``."""

    pool: str
    of: str


@dataclass(frozen=True, slots=True)
class Step:
    """A deed of the pathway: who may do it, what it needs, records, marks and moves.

    ``assigns`` maps a duty such as ``receiver.holder`` to the field that names the person; ``names`` does the same for named
    roles, and ``parties`` for a team's part in the case (the field holds a team). ``packet`` is ``freeze`` (send a version) or
    ``amend``. ``clears`` names moments that must happen again after it. ``about`` names the obligation an instance of which it
    answers. ``link`` lets a partner do it from the secure link. ``urgent`` steps have no gates and stand on every page.
    """

    id: str
    title: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    when: Condition = ALWAYS
    records: tuple[Field, ...] = ()
    emits: tuple[Emission, ...] = ()
    moves_to: str = ""
    assigns: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    clears: tuple[str, ...] = ()
    packet: str = ""
    tells: tuple[Tell, ...] = ()
    about: str = ""
    link: bool = False
    urgent: bool = False
    says: str = ""
    shows: tuple[str, ...] = ()
    offers: Mapping[str, str] = field(default_factory=dict)
    takes_offer: str = ""
    declines_offer: str = ""
    waits_for: WaitsFor | None = None
    begins: tuple[Begin, ...] = ()
    settles: str = ""


@dataclass(frozen=True, slots=True)
class TakesUp:
    """What the team that is ``party`` still owes on the person's other cases is asked about here, each by an obligation ``opens``."""

    party: str
    opens: str


@dataclass(frozen=True, slots=True)
class Opening:
    """When an obligation opens: at a moment, at its ``nth`` time while another obligation is open (CON-04)."""

    moment: str
    nth: int = 0
    while_open: str = ""
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class DueRule:
    """When an obligation is due, by tier.

    Without ``fact``: a span after its start. With ``fact`` (a field or answer that holds an instant): at that instant, moved by
    ``offset`` when there is one (back, if ``before``); while the fact is not recorded, ``spans`` after the start.
    """

    spans: Mapping[str, Span]
    fact: str = ""
    offset: Mapping[str, Span] = field(default_factory=dict)
    before: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """Somebody named must do something by some time; evidence closes it; a ladder climbs until a person acts."""

    id: str
    owed: str
    owed_by: str
    opens: tuple[Opening, ...]
    due: DueRule
    ladder: str
    met_by: tuple[str, ...] = ()
    records: tuple[Field, ...] = ()
    done_when: str = ""
    not_applicable: bool = False
    waived_by: str = ""
    many: bool = False
    every: Mapping[str, Span] | None = None
    next_from: str = "done"
    survives_close: bool = False
    climbs_on: tuple[str, ...] = ()
    when_opened: Effects = NOTHING_ELSE
    when_met: Effects = NOTHING_ELSE
    when_breached: Effects = NOTHING_ELSE
    task: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage of a ladder: a first rung fires when due, or ``at_once``; ``after`` counts from the rung before; ``every`` repeats."""

    tell: str
    after: Span | None = None
    every: Span | None = None
    at_once: bool = False
    out_of_hours: str = ""
    by: str = ""
    notice: str = "rung"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in order; the last repeats and never falls silent (ESC-01). ``holds`` is how long an acknowledgement lasts."""

    id: str
    rungs: tuple[Rung, ...]
    holds: Span


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A defined end with its evidence (CLS-01, CLS-02)."""

    id: str
    title: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    records: tuple[Field, ...] = ()
    tells: tuple[Tell, ...] = ()
    begins: tuple[Begin, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """An instrument: ``items`` are the fields whose codes are whole numbers and are added up (BEY-26)."""

    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Validation:
    """What an auditor asks, checked by the system (AUD-02); it applies to cases where ``when`` holds."""

    id: str
    says: str
    holds: Condition
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Pathway:
    """One edition of a protocol, whole. ``digest`` names it; the engine reads nothing else.

    ``looks_back`` maps another pathway to how far back its cases of the same person count; ``looks_ahead`` to how long after the
    end of a case here one of it is linked to that case. ``hears_of`` maps another pathway to
    the moment marked here when a case opens on it for the same person."""

    id: str
    title: str
    kind: str
    subject: str
    window: Span
    late_after: Span
    prevents: tuple[str, ...]
    sources: tuple[str, ...]
    holder_at_opening: str
    parties: tuple[Party, ...]
    named: tuple[Named, ...]
    tiers: tuple[Tier, ...]
    packet: tuple[Section, ...]
    gates: tuple[Gate, ...]
    steps: tuple[Step, ...]
    obligations: tuple[Obligation, ...]
    ladders: tuple[Ladder, ...]
    endpoints: tuple[Endpoint, ...]
    validations: tuple[Validation, ...]
    states: Mapping[str, str]
    success: Mapping[str, str]
    sign_off: str
    lowered_by: tuple[str, ...]
    card: Mapping[str, str]
    emergency: str
    digest: str = ""
    wording: Mapping[str, str] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    sharing: Condition = ALWAYS
    looks_back: Mapping[str, Span] = field(default_factory=dict)
    looks_ahead: Mapping[str, Span] = field(default_factory=dict)
    hears_of: Mapping[str, str] = field(default_factory=dict)
    takes_up: TakesUp | None = None
    meant: Mapping[str, str] = field(default_factory=dict)

    @property
    def window_length(self) -> timedelta:
        """How long somebody must be accountable; always real time."""
        length = elapsed(self.window)
        if length is None:
            raise ValueError(f"{self.id}: a window is real time, such as 30 d, not {self.window.text}")
        return length

    def packet_fields(self) -> Iterator[Field]:
        for section in self.packet:
            yield from section.fields

    def forms(self) -> Iterator[tuple[Field, ...]]:
        """What is asked besides the packet: by steps, for evidence, and at the end."""
        yield from (step.records for step in self.steps)
        yield from (owed.records for owed in self.obligations)
        yield from (endpoint.records for endpoint in self.endpoints)

    def find_field(self, id: str) -> Field | None:
        return self._index().fields.get(id)

    def find_step(self, id: str) -> Step | None:
        return self._index().steps.get(id)

    def find_endpoint(self, id: str) -> Endpoint | None:
        return self._index().endpoints.get(id)

    def find_obligation(self, id: str) -> Obligation | None:
        return self._index().obligations.get(id)

    def get_obligation(self, id: str) -> Obligation:
        return self._index().obligations[id]

    def met_by(self, moment: str) -> Sequence[Obligation]:
        """The obligations that this moment meets, in the file's order; so the two below."""
        return self._index().met_by.get(moment, ())

    def climbing_on(self, moment: str) -> Sequence[Obligation]:
        return self._index().climbing_on.get(moment, ())

    def opening_on(self, moment: str) -> Sequence[Obligation]:
        return self._index().opening_on.get(moment, ())

    def get_ladder(self, id: str) -> Ladder:
        return self._index().ladders[id]

    def get_gate(self, id: str) -> Gate:
        return self._index().gates[id]

    def gate_says(self, id: str) -> str:
        """What a gate says; its id where this edition knows it no more, and only the record does."""
        gate = self._index().gates.get(id)
        return gate.says if gate else id

    def get_party(self, id: str) -> Party:
        return next(party for party in self.parties if party.id == id)

    def find_score(self, id: str) -> Score | None:
        return next((score for score in self.scores if score.id == id), None)

    def find_named(self, id: str) -> Named | None:
        return next((named for named in self.named if named.id == id), None)

    def tier_rank(self, id: str) -> int:
        """0 for the most acute tier. A tier the pathway does not know ranks last."""
        return self._index().ranks.get(id, len(self.tiers))

    def _index(self) -> Index:
        return index_of(self)


#: The condition of a field that may be left blank.
OPTIONAL = NEVER
