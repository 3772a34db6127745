"""Moves: what anybody, or a clock, can do to a case; each is made of a command, so that it can be done again on the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from holdfast.core import commands as c
from holdfast.core.answers import GIVEN, Answer
from holdfast.core.begun_events import Item
from holdfast.core.checker.people import FAR, START
from holdfast.core.checker.variants import Filled, any_answer
from holdfast.core.conditions import ALWAYS, holds
from holdfast.core.decide import Accepted, Decision, decide
from holdfast.core.facts import facts_of
from holdfast.core.moments import mark
from holdfast.core.parties import Directory
from holdfast.core.pathway import Begin, Field, Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import OPEN, Promise, State
from holdfast.core.who import ANYONE, HOLDER, LAST_RESORT, concerns, last_resort, resolve
from holdfast.core.work import SYSTEM, Work

REASON = Answer(GIVEN, sealed="why")
Staff = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Move:
    """``deed``: step, meet, waive, run-out, close, reopen, fill, name, raise, lower, or outside (a moment from elsewhere).

    ``later``: long after what came before. ``lasting``: several of the kind were owed, and one more than seen is owed after it.
    ``timing``: "items" opens a case of somebody for whom something is owed elsewhere, "earlier" is said to have happened before it
    was late, "unnoticed" is done late before any clock has fired, "by-day" names somebody who cannot be reached at night."""

    deed: str
    target: str = ""
    filled: Filled = ()
    later: timedelta = timedelta(0)
    lasting: bool = False
    timing: str = ""


OPENING = Move("open")


def opening(pathway: Pathway, directory: Directory, move: Move = OPENING) -> Decision:
    """The case opened by the person who is accountable from the first instant, with what is filled in of the packet.

    ``target`` may say how many earlier cases there were, as ``pathway=count`` with commas between."""
    holder = pathway.holder_at_opening
    parties = {party.id: party.id for party in pathway.parties}
    history = {
        pathway: int(count) for pathway, _, count in (one.partition("=") for one in move.target.split(",") if one)
    }
    items = (Item("another", "owed#1", "Something", holder, START),) if move.timing == "items" else ()
    filled = dict(move.filled)
    command = c.OpenCase("trial", pathway.id, "somebody", parties, holder, filled, history=history, items=items)
    return decide(None, command, pathway, directory, holder, START)


def perform(
    pathway: Pathway,
    directory: Directory,
    state: State,
    move: Move,
    may: Staff = lambda staff: True,
    now: datetime = START,
) -> tuple[Decision, str] | None:
    """What the engine says to the move at ``now``, and who made it; nothing if nobody who may act can make it.

    ``may`` leaves people out. Raises ``BrokenPromise`` or ``RecursionError`` where the pathway leads the engine into what must
    never be."""
    return _Doing(pathway, directory, state, move, may, now + move.later).done()


class _Doing:
    def __init__(
        self, pathway: Pathway, directory: Directory, state: State, move: Move, may: Staff, now: datetime
    ) -> None:
        self.pathway, self.directory, self.state = pathway, directory, state
        self.move, self.may, self.now = move, may, now

    def done(self) -> tuple[Decision, str] | None:
        return _WAYS[self.move.deed](self)

    def ask(self, command: c.Command, actors: Iterable[str], state: State | None = None) -> tuple[Decision, str] | None:
        """The first answer that is not "it is not yours to do"."""
        last: tuple[Decision, str] | None = None
        occurred = self.now - timedelta(hours=2) if self.move.timing == "earlier" else None
        if self.move.timing == "unnoticed":
            state = all_overdue(self.state, self.now)
        asked: set[str] = set()
        for actor in actors:
            if actor in asked or (actor != SYSTEM and not self.may(actor)):
                continue
            asked.add(actor)
            decision = decide(state or self.state, command, self.pathway, self.directory, actor, self.now, occurred)
            if not isinstance(decision, Refusal) or decision.code not in _OF_THE_ACTOR:
                return decision, actor
            last = decision, actor
        return last

    def people(self, by: Iterable[str]) -> Iterator[str]:
        """Who could be meant, the likeliest first; nobody is looked for before they are asked."""
        return (staff for who in by for staff in self._people(who))

    def _people(self, who: str) -> Iterable[str]:
        party, _, duty = who.partition(".")
        if who == ANYONE:
            return (staff for staff in self.directory.staff if concerns(staff, self.state, self.directory))
        if who == HOLDER:
            return [self.state.holder]
        if who == LAST_RESORT:
            return [last_resort(self.state, self.directory)]
        if duty == "any" and party in self.state.parties:
            teams = (*self.state.open_offers(party), self.state.parties[party])
            return (id for team in teams for id in self.directory.staff if self.directory.in_team(id, team))
        if duty and party in self.state.parties:
            team = self.state.parties[party]
            there = [f"{team}.{duty}", f"{team}.{duty}.2"]
            return [staff for staff in there if staff in self.directory.staff]
        return [resolve(who, self.state, self.pathway, self.directory, self.now).staff]

    def form(self, fields: Iterable[Field], duties: Mapping[str, str], closing: str = "") -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        given = dict(self.move.filled)
        for field in fields:
            facts = facts_of(self.state, self.pathway, self.directory, answers, closing)
            if field.id in given:
                answers[field.id] = given[field.id]
            elif field.id in duties or holds(field.needed, facts):
                answers[field.id] = self._answer(field, duties.get(field.id, ""))
        return answers

    def _answer(self, field: Field, duty: str) -> Answer:
        party = duty.partition(".")[0]
        places = (self.state.parties[party],) if party in self.state.parties else ()
        role = field.role
        there = [id for id in sorted(self.directory.staff) if not role or self.directory.has_role(id, role, places)]
        among = set(self.state.parties.values())
        others = [team for team in sorted(self.directory.teams) if team not in among]
        if party in self.state.parties and field.kind in ("team", "teams"):
            others = [team for team in others if team.startswith(f"{party}.") or team == party]
        if field.kind == "slot":
            return Answer(GIVEN, f"{(self.now + timedelta(days=30)).isoformat()}#1")
        return any_answer(field, there[0] if there else "", others[0] if others else "")

    def step(self) -> tuple[Decision, str] | None:
        step = self.pathway.find_step(self.move.target)
        if step is None:
            return None
        duties = _teams(step.begins) | {
            field: duty
            for mapping in (step.assigns, step.names, step.parties, step.offers)
            for duty, field in mapping.items()
        }
        command = c.TakeStep(step.id, self.form(step.records, duties), "", REASON, REASON)
        return self.ask(command, self.people(step.by))

    def meet(self) -> tuple[Decision, str] | None:
        promise = self.state.find_owed(self.move.target)
        if promise is None:
            return None
        spec = self.pathway.get_obligation(promise.kind)
        command = c.Meet(promise.id, self.form(spec.records, {}), REASON)
        return self.ask(command, chain([promise.owner], self.people((promise.owed_by, HOLDER))))

    def waive(self) -> tuple[Decision, str] | None:
        promise = self.state.find_owed(self.move.target)
        if promise is None:
            return None
        spec = self.pathway.get_obligation(promise.kind)
        signers = spec.waived_by.split() or [f"{p.id}.supervisor" for p in self.pathway.parties]
        return self.ask(c.Waive(promise.id, REASON), chain(self.people(signers), [promise.owner]))

    def run_out(self) -> tuple[Decision, str] | None:
        running = [p for p in self.state.owed() if p.kind == self.move.target and p.status == OPEN]
        if not running:
            return None
        first = min(running, key=lambda p: p.number)
        return self.ask(c.FireClocks(), [SYSTEM], with_only_this_due(self.state, first.id, self.now))

    def outside(self) -> tuple[Decision, str] | None:
        """A moment from elsewhere: the engine's own marking of it, whatever led to it there."""
        work = Work(self.state.copy(), self.pathway, self.directory, SYSTEM, self.now, self.now)
        mark(work, self.move.target, self.now)
        return Accepted(tuple(work.events), work.state), SYSTEM

    def close(self) -> tuple[Decision, str] | None:
        endpoint = self.pathway.find_endpoint(self.move.target)
        if endpoint is None:
            return None
        command = c.CloseCase(endpoint.id, self.form(endpoint.records, _teams(endpoint.begins), endpoint.id), REASON)
        return self.ask(command, self.people(endpoint.by))

    def reopen(self) -> tuple[Decision, str] | None:
        return self.ask(c.ReopenCase(REASON), self.people((HOLDER, ANYONE)))

    def fill(self) -> tuple[Decision, str] | None:
        return self.ask(c.FillPacket(dict(self.move.filled)), self.people((HOLDER, ANYONE)))

    def name(self) -> tuple[Decision, str] | None:
        who = "by-day" if self.move.timing == "by-day" else "named"
        return self.ask(c.NameRole(self.move.target, f"{who}.{self.move.target}"), self.people((HOLDER, ANYONE)))

    def raise_tier(self) -> tuple[Decision, str] | None:
        return self.ask(c.RaiseTier(self.move.target, REASON), self.people((HOLDER, ANYONE)))

    def lower_tier(self) -> tuple[Decision, str] | None:
        who = [*self.pathway.lowered_by]
        return self.ask(c.LowerTier(self.move.target, REASON), chain(self.people(who), (f"named.{one}" for one in who)))


def _teams(begins: Iterable[Begin]) -> dict[str, str]:
    """The questions that name a team without which the next case cannot begin, and the deed is refused: answered, needed or not."""
    needed = (source for begin in begins if begin.when == ALWAYS for source in begin.parties.values())
    return {source.removeprefix("answer."): "" for source in needed if source.startswith("answer.")}


def with_only_this_due(state: State, promise: str, now: datetime) -> State:
    """The same case had its times been others: this promise runs out now, and no other clock does."""
    state = state.copy()
    for id, one in state.promises.items():
        if one.owed:
            at = now if id == promise else FAR
            state.promises[id] = replace(one, due=at if one.status == OPEN else one.due, climbs=at, rings=at)
    if state.window_rings is not None:
        state.window_rings = FAR
    return state


def all_overdue(state: State, now: datetime) -> State:
    """The same case a while later: every time has passed, and no worker has woken yet."""
    state = state.copy()
    past = now - timedelta(hours=1)
    for id, one in state.promises.items():
        if one.owed:
            state.promises[id] = replace(one, due=past, climbs=past, rings=past)
    return state


def with_next_rung_due(state: State, promise: Promise, now: datetime) -> State:
    """The same, for the next rung of a ladder that climbs already."""
    state = with_only_this_due(state, promise.id, now)
    was = state.promises[promise.id]
    state.promises[promise.id] = replace(was, due=promise.due if promise.status != OPEN else now)
    return state


_OF_THE_ACTOR = frozenset({"not_yours", "without_authority", "own_sign_off"})
_WAYS: dict[str, Callable[[_Doing], tuple[Decision, str] | None]] = {
    "step": _Doing.step,
    "meet": _Doing.meet,
    "waive": _Doing.waive,
    "run-out": _Doing.run_out,
    "outside": _Doing.outside,
    "close": _Doing.close,
    "reopen": _Doing.reopen,
    "fill": _Doing.fill,
    "name": _Doing.name,
    "raise": _Doing.raise_tier,
    "lower": _Doing.lower_tier,
}
