"""What a case has on record that allows or forbids sharing, read from its bare events: the measure of I12, none of it the engine's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from holdfast.core import events as e
from holdfast.core.answers import BLANK, GIVEN, Answer
from holdfast.core.conditions import All, Always, Any, Condition, Test
from holdfast.core.pathway import Pathway

#: A fact of this kind is read from what was marked; any other must be a field of the packet.
MOMENT = "moment."


class Unreadable(LookupError):
    """The pathway asks for more than is read here; the promise says so instead of taking the engine's word."""


@dataclass(slots=True)
class Basis:
    """One case's record as far as it bears on sharing.

    ``packet`` is by field, ``notices`` by key; ``moments`` are those that came and were not forgotten, each with the deed it came with,
    or None."""

    parties: dict[str, str] = field(default_factory=dict)
    packet: dict[str, Answer] = field(default_factory=dict)
    moments: dict[str, e.StepTaken | None] = field(default_factory=dict)
    notices: dict[str, e.NoticeIssued] = field(default_factory=dict)

    def after(self, events: Iterable[e.Event]) -> Basis:
        """The record once these events of one entry are in it; this one stays as it is."""
        later = Basis(dict(self.parties), dict(self.packet), dict(self.moments), dict(self.notices))
        later.note(events)
        return later

    def note(self, events: Iterable[e.Event]) -> None:
        """Take down the events of one entry, in their order."""
        deed: e.StepTaken | None = None
        for event in events:
            match event:
                case e.CaseOpened():
                    self.parties.update(event.parties)
                case e.PartyChosen() | e.OfferTaken():
                    self.parties[event.party] = event.team
                case e.PacketFilled():
                    self.packet.update(event.fields)
                case e.StepTaken():
                    deed = event
                case e.MomentMarked():
                    self.moments[event.moment] = deed
                case e.MomentsForgotten():
                    for moment in event.moments:
                        self.moments.pop(moment, None)
                case e.NoticeIssued():
                    self.notices[event.key] = event
                case _:
                    pass

    def is_own(self, team: str, pathway: Pathway) -> bool:
        """Whether the team is the one accountable at the opening: it wrote the packet, so that nothing leaves for it."""
        return team == self.parties.get(pathway.holder_at_opening.partition(".")[0])

    def allows(self, pathway: Pathway) -> bool:
        """Whether what is on record now is what the pathway asks for before anything is shared. Raises ``Unreadable``."""
        return self._meets(pathway.sharing, pathway)

    def _meets(self, condition: Condition, pathway: Pathway) -> bool:
        """Only the forms in which a pathway has asked for consent so far; another is added when one is written."""
        match condition:
            case Always():
                return True
            case All(items):
                return all(self._meets(item, pathway) for item in items)
            case Any(items):
                return any(self._meets(item, pathway) for item in items)
            case Test(fact, "unknown") if fact.startswith(MOMENT):
                return fact.removeprefix(MOMENT) not in self.moments
            case Test(fact, "known") if fact.startswith(MOMENT):
                return self._came_with_its_reason(fact.removeprefix(MOMENT), pathway)
            case Test(fact, "unknown") if pathway.find_field(fact) is not None:
                return self._said(fact) is None
            case Test(fact, "is", values) if pathway.find_field(fact) is not None:
                return self._said(fact) in values
        raise Unreadable(f"sharing hangs on {condition}, which nobody reads from the events yet")

    def _said(self, id: str) -> object:
        """The code on record, or nothing: a carried answer that nobody confirmed is none (PKT-09)."""
        answer = self.packet.get(id)
        if answer is None or answer.how == BLANK or answer.unconfirmed:
            return None
        return answer.value if answer.how == GIVEN else answer.how

    def _came_with_its_reason(self, moment: str, pathway: Pathway) -> bool:
        """What opens sharing counts only if its deed has an answer to everything that it always asks (INF-02)."""
        if moment not in self.moments:
            return False
        deed = self.moments[moment]
        step = pathway.find_step(deed.step) if deed is not None else None
        if deed is None or step is None:
            return True
        asked = [one.id for one in step.records if isinstance(one.needed, Always)]
        return all(id in deed.answers and deed.answers[id].how != BLANK for id in asked)
