"""The part of a pathway that bears on a question, as a small pathway of its own which the same engine runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as later

from holdfast.core.checker.cone import Cone, tests_of
from holdfast.core.conditions import ALWAYS, NEVER, Test
from holdfast.core.pathway import (
    NOTHING_ELSE,
    DueRule,
    Effects,
    Emission,
    Endpoint,
    Field,
    Ladder,
    Obligation,
    Opening,
    Option,
    Pathway,
    Rung,
    Step,
    Tier,
)
from holdfast.core.scores import SCORE, inputs_of
from holdfast.core.spans import Span

#: Stands for all clocks that are left out: the engine asks that an open case has one.
ANCHOR = "#clock"
#: Stands for all endpoints that are left out: closing has the same effect by whichever.
ANY_END = "#end"
_LADDER = Ladder("#ladder", (Rung("last-resort", every=Span("days", 1)),), Span("hours", 1))
_DONE = Field("#done", "code", "Done", options=(Option("done", "Done"),))


@dataclass(frozen=True, slots=True)
class Slice:
    """``small`` is run, ``whole`` is what it was taken from, ``cone`` why each part is in it."""

    whole: Pathway
    small: Pathway
    cone: Cone
    ends: tuple[str, ...]

    # The parts of the cone in a fixed order: they are asked of every state.
    tests: tuple[Test, ...] = later(init=False, compare=False)
    kinds: tuple[str, ...] = later(init=False, compare=False)
    many: tuple[str, ...] = later(init=False, compare=False)
    since: tuple[tuple[tuple[str, str], int], ...] = later(init=False, compare=False)
    counted: tuple[tuple[str, int], ...] = later(init=False, compare=False)

    def __post_init__(self) -> None:
        tests = tuple(sorted(self.cone.tests, key=lambda test: (test.fact, test.op, test.values)))
        object.__setattr__(self, "tests", tests)
        object.__setattr__(self, "kinds", tuple(sorted(self.cone.kinds)))
        object.__setattr__(self, "many", tuple(k for k in self.kinds if self.small.get_obligation(k).many))
        object.__setattr__(self, "since", tuple(sorted(self.cone.since.items())))
        object.__setattr__(self, "counted", tuple(sorted(self.cone.counted.items())))


def reduce_to(whole: Pathway, cone: Cone, ends: Iterable[str] = ()) -> Slice:
    """``ends`` are endpoints kept with their gates; beside them any end is possible at any time."""
    return Slice(whole, _Reducing(whole, cone).pathway(tuple(ends)), cone, tuple(ends))


class _Reducing:
    def __init__(self, whole: Pathway, cone: Cone) -> None:
        self.whole, self.cone = whole, cone
        self.tiers = tuple(tier.id for tier in whole.tiers) if cone.tier else ("any",)

    def pathway(self, ends: tuple[str, ...]) -> Pathway:
        steps = tuple(self.step(step) for step in self.whole.steps if step.id in self.cone.steps)
        kinds = tuple(self.kind(owed) for owed in self.whole.obligations if owed.id in self.cone.kinds)
        kept = tuple(self.endpoint(one) for one in self.whole.endpoints if one.id in ends)
        needed = {gate for step in steps for gate in step.needs} | {gate for one in kept for gate in one.needs}
        return replace(
            self.whole,
            tiers=self.whole.tiers if self.cone.tier else (Tier("any", "any", ALWAYS),),
            packet=self.whole.packet if self.cone.packet else (),
            named=tuple(named for named in self.whole.named if named.id in self.cone.named),
            gates=tuple(gate for gate in self.whole.gates if gate.id in needed),
            steps=steps,
            obligations=(*kinds, self.anchor()),
            ladders=(_LADDER,),
            endpoints=(*kept, Endpoint(ANY_END, "any end", ("anyone",))),
            validations=(),
            sharing=ALWAYS,
            takes_up=self.whole.takes_up if self.takes_up() else None,
        )

    def takes_up(self) -> bool:
        return self.whole.takes_up is not None and self.whole.takes_up.opens in self.cone.kinds

    def anchor(self) -> Obligation:
        due = DueRule({tier: Span("days", 1) for tier in self.tiers})
        return Obligation(ANCHOR, "a clock", "holder", (Opening("opened"),), due, _LADDER.id)

    def step(self, step: Step) -> Step:
        emits = tuple(one for one in step.emits if self.cone.events & {one.moment, one.otherwise})
        names = {role: field for role, field in step.names.items() if role in self.cone.named}
        return replace(
            step,
            needs=self.unpassable(step.needs),
            emits=emits,
            records=self.fields(step.records, emits, frozenset(names.values())),
            moves_to=step.moves_to if self.cone.holder else "",
            assigns={},
            names=names,
            parties={},
            clears=tuple(moment for moment in step.clears if moment in self.cone.counted),
            packet=step.packet if self.cone.packet else "",
            tells=(),
            shows=(),
            urgent=False,
            begins=(),
            waits_for=None,
            offers={},
            takes_offer="",
            declines_offer="",
            settles="",
        )

    def fields(
        self, records: Iterable[Field], emits: Iterable[Emission] = (), besides: frozenset[str] = frozenset()
    ) -> tuple[Field, ...]:
        """Those that something in the cone reads; all others can be filled in and change nothing."""
        read = set(besides) | self.cone.answers
        for one in emits:
            read |= set(self.answers_in(one))
        own = {field.id for field in records}
        kept = []
        for field in records:
            if field.id in read:
                facts = {test.fact.removeprefix("answer.") for test in tests_of(field.needed)}
                kept.append(field if facts <= own & read else replace(field, needed=NEVER))
        return tuple(kept)

    def answers_in(self, one: Emission) -> Iterable[str]:
        for test in tests_of(one.when):
            facts = (
                inputs_of(test.fact.removeprefix(SCORE), self.whole) if test.fact.startswith(SCORE) else (test.fact,)
            )
            yield from (fact.removeprefix("answer.") for fact in facts if fact.startswith("answer."))

    def kind(self, owed: Obligation) -> Obligation:
        day = {tier: Span("days", 1) for tier in self.tiers}
        records = self.fields(owed.records) or ((_DONE,) if owed.records else ())
        return replace(
            owed,
            due=DueRule(day),
            every=day if owed.every is not None else None,
            ladder=_LADDER.id,
            records=records,
            climbs_on=(),
            when_opened=self.effects(owed.when_opened),
            when_met=self.effects(owed.when_met),
            when_breached=self.effects(owed.when_breached),
        )

    def effects(self, effects: Effects) -> Effects:
        emits = tuple(moment for moment in effects.emits if moment in self.cone.events)
        moves = effects.moves_to if self.cone.holder else ""
        return Effects(emits, moves) if emits or moves else NOTHING_ELSE

    def endpoint(self, one: Endpoint) -> Endpoint:
        return replace(one, needs=self.unpassable(one.needs), records=(), tells=(), begins=())

    def unpassable(self, gates: Iterable[str]) -> tuple[str, ...]:
        """Gates that no override and no sign-off opens; the others never stop anybody for good."""
        return tuple(
            gate for gate in gates if self.whole.get_gate(gate).override == "never" and gate not in self.cone.without
        )
