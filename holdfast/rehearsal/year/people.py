"""How invented staff behave: they look at what they owe, do it, forget it, do something else, or are away."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from holdfast.core.answers import RawAnswer
from holdfast.core.conditions import holds
from holdfast.core.facts import facts_of, missing_fields
from holdfast.core.parties import Directory
from holdfast.core.pathway import Endpoint, Field, Pathway, Step
from holdfast.core.slots import find_pool
from holdfast.core.state import Promise, State
from holdfast.core.who import ANYONE, resolve
from holdfast.desk.envelope import Ask
from holdfast.rehearsal.year.forms import answer_form, read
from holdfast.rehearsal.year.ways import Ways

#: After this long somebody now and then asks whether the case should not end.
LONG = timedelta(days=30)
#: What is due within this is somebody's next deed; what is not, now and then, but never the end of a case.
NEAR, EAGER = timedelta(days=1), 0.05
#: How often somebody does their work so that it comes to what is wanted, if they can; and what they think of before they give up.
CAREFUL, THOUGHTS = 0.8, 10
#: How many deeds ahead somebody thinks.
FARTHEST = 4

Wish = tuple[str, Ask]
"""Who asks for what."""


@dataclass(slots=True)
class People:
    """``chance`` decides everything; the same seed gives the same people. ``free`` tells which slots of a pool a case may take."""

    chance: random.Random
    teams: tuple[str, ...]
    free: Callable[[str, str], list[str]]
    ways: dict[str, Ways] = field(default_factory=dict)
    holders: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def wish(self, state: State, pathway: Pathway, directory: Directory, now: datetime, tired: float) -> Wish | None:
        """What somebody does about the case now; nothing when they forget it, which is as likely as ``tired`` says."""
        if self.chance.random() < tired:
            return None
        here = _Here(self, state, pathway, directory, now)
        if state.status != "open":
            survivors = [promise for promise in state.owed() if promise.survives_close]
            return here.settle(self.chance.choice(survivors)) if survivors else None
        if self.chance.random() < 0.06:
            return here.something()
        if now - state.opened > LONG and self.chance.random() < 0.3:
            wish = here.close()
            if wish is not None:
                return wish
        closing = self.ways_of(pathway).closing
        owed = [promise for promise in state.owed() if promise.due - now < NEAR]
        if not owed:
            ahead = [promise for promise in state.owed() if promise.kind not in closing]
            return here.settle(self.chance.choice(ahead)) if ahead and self.chance.random() < EAGER else None
        promise = owed[0] if self.chance.random() < 0.6 else self.chance.choice(owed)
        return here.settle(promise) or here.something()

    def replacement(self, state: State, pathway: Pathway, directory: Directory, now: datetime) -> Wish | None:
        """The case of somebody who left goes to another by name: asked by a supervisor of the party, or the last resort."""
        here = _Here(self, state, pathway, directory, now)
        for party in pathway.parties:
            asks = here._somebody([f"{party.id}.supervisor"])
            for role in party.duties.values():
                team = state.parties.get(party.id, "")
                there = [one for one in here._available(team, role) if one != state.holder]
                if asks is not None and there:
                    return asks, Ask("MoveHolder", {"to": there[0]}, texts={"reason": "The holder has left."})
        return None

    def ways_of(self, pathway: Pathway) -> Ways:
        known = self.ways.get(pathway.digest)
        if known is None:
            known = self.ways[pathway.digest] = Ways.of(pathway)
        return known

    def holding(self, directory: Directory, team: str, role: str) -> list[str]:
        """Everybody who holds ``role`` in ``team``, there or not."""
        known = self.holders.get((team, role))
        if known is None:
            known = sorted(s.id for s in directory.staff.values() if (team, role) in s.roles)
            self.holders[team, role] = known
        return known


@dataclass(slots=True)
class _Here:
    """One look at one case; ``thought`` is what somebody has thought of already, so that nobody thinks in circles."""

    people: People
    state: State
    pathway: Pathway
    directory: Directory
    now: datetime
    thought: set[str] = field(default_factory=set)

    def settle(self, promise: Promise, deep: int = 0) -> Wish | None:
        """What would settle the promise: a step, the evidence given by hand, or an end of the case."""
        spec = self.pathway.get_obligation(promise.kind)
        ways, chance = self.people.ways_of(self.pathway), self.people.chance
        if promise.kind in ways.closing:
            return self.close(deep)
        if spec.not_applicable and chance.random() < 0.1:
            reason = {"reason": "It does not apply."}
            return promise.owner, Ask("Waive", {"promise": promise.id}, texts=reason)
        if spec.records and chance.random() < 0.9:
            return promise.owner, Ask("Meet", {"promise": promise.id}, self._form(spec.records))
        steps = ways.settles[promise.kind]
        possible = [step for step in steps if self._open(step)]
        if possible:
            return self.step(chance.choice(possible), promise, deep, spec.met_by)
        return self._helped([way for step in steps for way in ways.towards(step.when)], deep)

    def step(
        self, step: Step, promise: Promise | None = None, deep: int = 0, wanted: Iterable[str] = ()
    ) -> Wish | None:
        """Take a step, mostly so that one of the moments ``wanted`` comes of it; first what its gates need."""
        wish = self._through(step.needs, deep)
        if wish is not None:
            return wish
        about = ""
        if step.about:
            mine = self.state.owed(step.about)
            if not mine:
                return self._helped(list(self.people.ways_of(self.pathway).before(step.about)), deep + 1)
            about = promise.id if promise is not None and promise.kind == step.about else mine[0].id
        actor = self._somebody(step.by)
        if actor is None:
            return None
        answers = self._form_for(step, frozenset(wanted))
        if self._lacks_slot(step, answers):
            return self._wait()
        return actor, Ask("TakeStep", {"step": step.id, "about": about}, answers)

    def _lacks_slot(self, step: Step, answers: Mapping[str, RawAnswer]) -> bool:
        slots = [field for field in step.records if field.kind == "slot" and field.id not in answers]
        facts = facts_of(self.state, self.pathway, self.directory, read(step.records, answers)) if slots else None
        return facts is not None and any(holds(field.needed, facts) for field in slots)

    def _wait(self) -> Wish | None:
        """No slot is free: wait for one, unless the case does."""
        for step in self.pathway.steps:
            waits = step.waits_for
            if (
                waits is not None
                and self._open(step)
                and find_pool(self.state, waits.of, waits.pool) not in self.state.waits
            ):
                return self.step(step)
        return None

    def close(self, deep: int = 0) -> Wish | None:
        """An end of the case, or what stands between here and it."""
        chance, ends = self.people.chance, self.pathway.endpoints
        # What asks for most evidence is what everybody hopes for.
        endpoint = max(ends, key=lambda end: len(end.needs)) if chance.random() < CAREFUL else chance.choice(ends)
        wish = self._through(endpoint.needs, deep, endpoint)
        if wish is not None:
            return wish
        actor = self._somebody(endpoint.by)
        answers = self._form(endpoint.records, closing=endpoint.id)
        return None if actor is None else (actor, Ask("CloseCase", {"endpoint": endpoint.id}, answers))

    def something(self) -> Wish | None:
        """Any step at all, possible or not: people do surprising things."""
        chance = self.people.chance
        if chance.random() < 0.15:
            tier = chance.choice(self.pathway.tiers).id
            kind = chance.choice(("RaiseTier", "LowerTier"))
            actor = self._somebody(self.pathway.lowered_by) or self.state.holder
            return actor, Ask(kind, {"tier": tier}, texts={"reason": "As it looks today."})
        if chance.random() < 0.1:
            climbing = [promise for promise in self.state.owed() if promise.rung]
            if climbing:
                return self.state.holder, Ask("Acknowledge", {"promise": chance.choice(climbing).id})
        return self.step(chance.choice(self.pathway.steps), deep=FARTHEST)

    def _through(self, needs: Iterable[str], deep: int, endpoint: Endpoint | None = None) -> Wish | None:
        """The first thing that the shut gates ask for, or nothing when all are open or it leads too far."""
        facts = facts_of(self.state, self.pathway, self.directory, None, endpoint.id if endpoint else "")
        shut = [gate for gate in map(self.pathway.get_gate, needs) if not holds(gate.when, facts)]
        if not shut or deep > FARTHEST:
            return None
        named = [named for named in self.pathway.named if named.id not in self.state.named]
        if named:
            return self._name(named[0].id, named[0].role)
        if missing_fields(self.state, self.pathway, self.directory):
            answers = self._form(tuple(self.pathway.packet_fields()), packet=True)
            if answers:
                return self.state.holder, Ask("FillPacket", {}, answers)
        ways = self.people.ways_of(self.pathway)
        helped = self._helped([way for gate in shut for way in ways.towards(gate.when)], deep)
        return helped or self._past(shut, endpoint)

    def _helped(self, helps: list[tuple[Step | None, str]], deep: int) -> Wish | None:
        """One of the ways that lead on."""
        if deep > FARTHEST:
            return None
        self.people.chance.shuffle(helps)
        for step, name in helps:
            thought = step.id if step is not None else f"{name}#"
            if thought in self.thought:
                continue
            self.thought.add(thought)
            if step is not None and self._open(step):
                wish = self.step(step, deep=deep + 1, wanted=[name])
            elif step is not None:
                wish = self._helped(list(self.people.ways_of(self.pathway).towards(step.when)), deep + 1)
            else:
                promise = self.state.find_owed(name)
                wish = self.settle(promise, deep + 1) if promise is not None else None
            if wish is not None:
                return wish
        return None

    def _past(self, shut: list[object], endpoint: Endpoint | None) -> Wish | None:
        """Nobody knows a way: refill what was answered badly, so that the facts change."""
        fields = [field for field in self.pathway.packet_fields() if self.people.chance.random() < 0.3]
        return self.state.holder, Ask("FillPacket", {}, self._form(tuple(fields)))

    def _name(self, id: str, role: str) -> Wish | None:
        """Name the further person: somebody of one of the case's teams who holds the role."""
        known = [one for team in self.state.parties.values() for one in self._available(team, role)]
        if not known:
            return None
        return self.state.holder, Ask("NameRole", {"named": id, "staff": self.people.chance.choice(known)})

    def _open(self, step: Step) -> bool:
        return holds(step.when, facts_of(self.state, self.pathway, self.directory))

    def _somebody(self, by: Iterable[str]) -> str | None:
        """Somebody who may act as one of ``by`` and is there."""
        for who in self.people.chance.sample(tuple(by), len(tuple(by))):
            if who == ANYONE:
                who = "holder"
            party, _, duty = who.partition(".")
            team = self.state.parties.get(party)
            if team is not None and duty:
                duties = self.pathway.get_party(party).duties
                role = duties.get(duty, duty) if duty != "any" else next(iter(duties.values()))
                there = self._available(team, role)
                if there:
                    return self.people.chance.choice(there)
                continue
            found = resolve(who, self.state, self.pathway, self.directory, self.now).staff
            if self.directory.available(found, self.now):
                return found
        return None

    def _available(self, team: str, role: str) -> list[str]:
        known = self.people.holding(self.directory, team, role)
        return [one for one in known if self.directory.available(one, self.now)]

    def _form_for(self, step: Step, wanted: frozenset[str]) -> Mapping[str, RawAnswer]:
        """The answers to a step, thought over until one of the moments ``wanted`` comes of them."""
        answers = self._form(step.records, step)
        if not wanted or self.people.chance.random() > CAREFUL:
            return answers
        for _ in range(THOUGHTS):
            facts = facts_of(self.state, self.pathway, self.directory, read(step.records, answers))
            if any(emission.moment in wanted and holds(emission.when, facts) for emission in step.emits):
                break
            answers = self._form(step.records, step)
        return answers

    def _form(
        self, fields: tuple[Field, ...], step: Step | None = None, closing: str = "", packet: bool = False
    ) -> Mapping[str, RawAnswer]:
        if not fields:
            return {}
        duties = {field: duty for duty, field in step.assigns.items()} if step is not None else {}
        wanted = [field for field in fields if field.kind in ("staff", "team", "teams", "slot")]
        people = {field.id: found for field in wanted if (found := self._for(field, duties.get(field.id, "")))}
        return answer_form(
            fields, people, self.state, self.pathway, self.directory, self.now, self.people.chance, closing, packet
        )

    def _for(self, field: Field, duty: str) -> str | None:
        chance = self.people.chance
        if field.kind == "slot":
            free = self.people.free(find_pool(self.state, field.of, field.pool), self.state.case)
            return chance.choice(free) if free else None
        if field.kind != "staff":
            taken = set(self.state.parties.values())
            return chance.choice([team for team in self.people.teams if team not in taken])
        party, _, name = duty.partition(".")
        # While several teams are asked, nobody has the part yet, so nobody can be named for it.
        teams = [self.state.parties.get(party, "")] if duty else list(self.state.parties.values())
        role = field.role or (self.pathway.get_party(party).duties.get(name, name) if duty else "supervisor")
        there = [one for team in teams for one in self._available(team, role)]
        return chance.choice(there) if there else None
