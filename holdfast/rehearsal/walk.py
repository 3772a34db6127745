"""Walks one case of a new pathway to one of its ends, doing what each refusal says is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from holdfast.core.answers import RawAnswer
from holdfast.core.conditions import All, Condition, Not, Some, Test, holds
from holdfast.core.conditions import Any as Either
from holdfast.core.deeds import Deed, what_can_be_done
from holdfast.core.facts import facts_of
from holdfast.core.pathway import Emission, Endpoint, Field, Step
from holdfast.core.spans import elapsed
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.ledger.refold import folded
from holdfast.ledger.store import read_head
from holdfast.rehearsal.fault import StoryFault
from holdfast.rehearsal.filling import fill, opposite, wished
from holdfast.rehearsal.trial import DOOR, Trial

#: More deeds than this towards one end mean that the walk goes in a circle.
MOST_DEEDS = 120
_BETWEEN = timedelta(minutes=5)


@dataclass(slots=True)
class Walk:
    """One case. ``stopped`` says what kept it from its end; ``seeking`` are the goals under way, so that none seeks itself."""

    trial: Trial
    case: str = ""
    deeds: int = 0
    stopped: str = ""
    seeking: list[str] = field(default_factory=list)

    def open(self, tier: str = "") -> None:
        """A case for somebody invented, raised to ``tier``. Raises StoryFault where it cannot be opened or raised."""
        pathway, parties = self.trial.pathway, self.trial.parties()
        self.case = f"case:{self.trial.new_id()}"
        party, _, duty = pathway.holder_at_opening.partition(".")
        holder = f"{parties[party]}-{pathway.get_party(party).duties[duty]}"
        values = {"case": self.case, "pathway": pathway.id, "subject": self.trial.person()}
        outcome = self._ask("OpenCase", holder, {**values, "parties": parties, "holder": holder})
        if outcome.refusal is None and tier and self.state.tier != tier:
            outcome = self._ask("RaiseTier", holder, {"tier": tier}, texts={"reason": "To be tried at this tier"})
        if outcome.refusal is not None:
            raise StoryFault(outcome.refusal.says)

    def reach(self, end: Endpoint) -> bool:
        """Whether the case was closed at ``end``."""
        while self.deeds < MOST_DEEDS and self.state.status == "open":
            before = self.state.number
            wish = self._success(end)
            if self._do("CloseCase", end.id, end.records, wish, closing=end.id):
                return True
            gates = [self.trial.pathway.get_gate(gate).when for gate in end.needs]
            if not self.mend(All(tuple(gates)), end.id) or self.state.number == before:
                return False
        return False

    def waits(self, times: int) -> None:
        """Nobody does anything: the next clocks run out, one after another."""
        for _ in range(times):
            rings = self.state.next_ring()
            if rings is None:
                return
            self.trial.clock.move_to(rings)
            self._ask("FireClocks", SYSTEM, {})

    @property
    def state(self) -> State:
        head = read_head(self.case, "", "").head
        if head is None:
            raise LookupError(self.case)
        return folded(self.case, head)

    @property
    def now(self) -> datetime:
        return self.trial.clock.now()

    # Making a condition hold

    def mend(self, condition: Condition, closing: str = "") -> bool:
        """Do something towards ``condition``; whether anything was done."""
        facts = facts_of(self.state, self.trial.pathway, self.trial.directory, None, closing)
        if holds(condition, facts):
            return False
        match condition:
            case All(items) | Some(_, items) | Either(items):
                return any(self.mend(item, closing) for item in items)
            case Not(item):
                return self.mend(opposite(item), closing)
            case Test():
                return self._towards(condition)
        return False

    def _towards(self, test: Test) -> bool:
        goal = f"{test.fact} {test.op} {','.join(test.values)}"
        if goal in self.seeking or self.deeds >= MOST_DEEDS:
            return False
        self.seeking.append(goal)
        try:
            return self._seek(test)
        finally:
            self.seeking.pop()

    def _seek(self, test: Test) -> bool:
        pathway, (head, _, rest) = self.trial.pathway, test.fact.partition(".")
        if test.fact == "packet.complete":
            return self._fill({})
        if test.fact in {one.id for one in pathway.packet_fields()}:
            return self._fill(wished(test, pathway.packet_fields()))
        if head == "named":
            return self._name(rest.partition(".")[0])
        if head == "moment":
            return self._bring_about(rest)
        if head in ("open", "obligation"):
            return self._settle(rest)
        if head == "answer":
            forms = [step for step in pathway.steps if any(one.id == rest for one in step.records)]
            return any(self.take(step, wished(test, step.records, "answer.")) for step in forms)
        return False

    def _bring_about(self, moment: str) -> bool:
        """Take a step that marks it, keep a promise that does, or let one run out."""
        pathway = self.trial.pathway
        for step in pathway.steps:
            for one in step.emits:
                if one.moment != moment:
                    continue
                self._wait_until_apart(one)
                if self.take(step, wished(one.when, step.records, "answer.")):
                    return True
        for owed in pathway.obligations:
            if moment in owed.when_met.emits and self._settle(owed.id):
                return True
            if moment in owed.when_breached.emits and self.state.find_owed(owed.id) is not None:
                self.waits(1)
                return True
        return False

    def _wait_until_apart(self, emission: Emission) -> None:
        """What counts only some time after the last one is tried again when it does; meanwhile clocks run out, and what a
        ladder does is no deed of anybody's."""
        last, apart = self.state.moments.get(emission.moment), elapsed(emission.apart) if emission.apart else None
        if last is None or apart is None:
            return
        at, deeds = last.last + apart, self.deeds
        while (rings := self.state.next_ring()) is not None and rings <= at:
            before = self.state.number
            self.waits(1)
            if self.state.number == before:
                break
        self.trial.clock.move_to(at)
        self.deeds = deeds

    def _settle(self, kind: str) -> bool:
        """Close an open promise with its evidence: by its own form, or by a moment that meets it."""
        spec, promise = self.trial.pathway.find_obligation(kind), self.state.find_owed(kind)
        if spec is None:
            return False
        if promise is None:
            return any(self._towards(Test(f"moment.{one.moment}", "known", ())) for one in spec.opens)
        if spec.records and self._do("Meet", promise.id, spec.records, {}):
            return True
        return any(self._towards(Test(f"moment.{moment}", "known", ())) for moment in spec.met_by)

    def _fill(self, wish: Mapping[str, Any]) -> bool:
        state, pathway = self.state, self.trial.pathway
        fields = tuple(pathway.packet_fields())
        kept = {id: answer for id, answer in state.packet.items() if answer.counts and id not in wish}
        answers = fill(fields, wish, self._someone(), state, pathway, self.trial.directory, self.now, kept)
        return bool(answers) and self._told(self._ask("FillPacket", state.holder, {}, answers))

    def _name(self, named: str) -> bool:
        spec = self.trial.pathway.find_named(named)
        if spec is None:
            return False
        for team in self.state.parties.values():
            outcome = self._ask("NameRole", self.state.holder, {"named": named, "staff": f"{team}-{spec.role}"})
            if self._told(outcome):
                return True
        return False

    # Doing

    def take(self, step: Step, wish: Mapping[str, Any]) -> bool:
        """Take a step, or else do something that its gates wait for."""
        if self._do("TakeStep", step.id, step.records, wish, step.assigns):
            return True
        conditions = [step.when, *(self.trial.pathway.get_gate(gate).when for gate in step.needs)]
        if step.about and self.state.find_owed(step.about) is None:
            return self._settle(step.about)
        return self.mend(All(tuple(conditions)))

    def _do(
        self,
        command: str,
        target: str,
        fields: tuple[Field, ...],
        wish: Mapping[str, Any],
        assigns: Mapping[str, str] | None = None,
        closing: str = "",
    ) -> bool:
        found = self._who(command, target)
        if found is None:
            return False
        actor, deed = found
        duties = {field: duty for duty, field in (assigns or {}).items()}
        state, trial = self.state, self.trial
        answers = fill(
            fields, wish, self._someone(duties), state, trial.pathway, trial.directory, self.now, None, closing
        )
        name = {"TakeStep": "step", "Meet": "promise", "CloseCase": "endpoint"}[command]
        values = {name: target} | ({"about": deed.about} if command == "TakeStep" and deed.about else {})
        return self._told(self._ask(command, actor, values, answers))

    def _who(self, command: str, target: str) -> tuple[str, Deed] | None:
        """Somebody who can do it now; what a refusal says is kept for the end."""
        refusals = []
        for staff in self.trial.directory.staff:
            for deed in what_can_be_done(self.state, self.trial.pathway, self.trial.directory, staff, self.now):
                if deed.command == command and deed.target == target:
                    if deed.refusal is None:
                        return staff, deed
                    refusals.append(deed.refusal)
        told = [refusal for refusal in refusals if refusal.code not in ("not_yours", "not_visible")] or refusals
        self.stopped = told[0].says if told else f"“{target}” cannot be done now."
        return None

    def _someone(self, duties: Mapping[str, str] | None = None) -> Any:
        pathway, parties = self.trial.pathway, self.state.parties

        def choose(one: Field) -> str:
            party, _, duty = (duties or {}).get(one.id, "").partition(".")
            if one.kind in ("team", "teams"):
                return "team-another"
            if party in parties and duty:
                return f"{parties[party]}-{pathway.get_party(party).duties[duty]}"
            return f"{next(reversed(parties.values()))}-{one.role or 'supervisor'}"

        return choose

    def _success(self, end: Endpoint) -> dict[str, Any]:
        return {one.id: end.id for one in end.records if end.id in {option.code for option in one.options}}

    def _told(self, outcome: Outcome) -> bool:
        if outcome.refusal is not None:
            self.stopped = outcome.refusal.says
        return outcome.accepted

    def _ask(
        self,
        kind: str,
        actor: str,
        values: Mapping[str, Any],
        answers: Mapping[str, RawAnswer] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Outcome:
        if actor != SYSTEM:
            self.trial.clock.advance(_BETWEEN)
        self.deeds += 1
        return self.trial.desk.handle(Envelope(self.case, Ask(kind, values, answers or {}, texts or {}), actor, DOOR))
