"""What can bear on a question: the steps, promises, moments and answers that could change its answer, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from holdfast.core.conditions import All, Any, Condition, Not, Some, Test
from holdfast.core.pathway import NOTHING_ELSE, Effects, Obligation, Pathway, Step
from holdfast.core.scores import SCORE, inputs_of

#: Moments that the engine marks by itself, from its own deeds: these follow from opening, closing and reopening.
OF_THE_CASE = frozenset({"opened", "closed", "reopened"})
#: Moments that come from outside of what is explored. They may come at any time: one line each.
FROM_OUTSIDE = (
    "window-ended", "tier-raised", "tier-lowered", "delivery-failed", "provisional", "override-used", "packet-completed",
    "slot-offered", "offers-declined",
)  # fmt: skip


class TooDeep(Exception):
    """The question leads to something that the checker cannot follow; the message says what."""


@dataclass(slots=True)
class Cone:
    """``events`` are moments whose coming matters, ``counted`` how often they may have come before counting stops, ``owed`` how
    many of a kind are told apart, ``tests`` what is asked of the packet and of earlier answers."""

    kinds: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    counted: dict[str, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    since: dict[tuple[str, str], int] = field(default_factory=dict)
    tests: set[Test] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    standing: set[str] = field(default_factory=set)
    packet: bool = False
    tier: bool = False
    holder: bool = False
    without: frozenset[str] = frozenset()

    def size(self) -> int:
        """A rough measure of how many states a question has: smaller first."""
        return 2 * len(self.kinds) + 2 * len(self.counted) + len(self.tests) + len(self.named)


def tests_of(condition: Condition) -> Iterator[Test]:
    match condition:
        case Test():
            yield condition
        case Not(item):
            yield from tests_of(item)
        case All(items) | Any(items) | Some(_, items):
            for item in items:
                yield from tests_of(item)


def cone_of(
    pathway: Pathway,
    conditions: Iterable[Condition] = (),
    kinds: Iterable[str] = (),
    steps: Iterable[str] = (),
    holder: bool = False,
    without: frozenset[str] = frozenset(),
) -> Cone:
    """Everything that bears on the conditions, on how these kinds stand, on whether these steps are possible. Raises ``TooDeep``.

    ``without`` are gates held to be open: that allows more than there is."""
    cone = Cone(kinds=set(kinds), steps=set(steps), holder=holder, without=without)
    growing = _Growing(pathway, cone)
    for condition in conditions:
        growing.condition(condition)
    while growing.grew():
        growing.once()
    return cone


class _Growing:
    def __init__(self, pathway: Pathway, cone: Cone) -> None:
        self.pathway, self.cone = pathway, cone
        self.seen: tuple[object, ...] | None = None

    def grew(self) -> bool:
        c = self.cone
        sizes = (len(c.kinds), len(c.steps), len(c.events), dict(c.counted), dict(c.owed), len(c.tests), len(c.named))
        now = (*sizes, len(c.answers), len(c.outside), c.packet, c.tier, len(c.since), len(c.standing))
        grew, self.seen = now != self.seen, now
        return grew

    def once(self) -> None:
        for moment in sorted(self.cone.events):
            self.emitters(moment)
        for moment in sorted(self.cone.counted):
            self.cone.events.add(moment)
            self.cone.steps |= {step.id for step in self.pathway.steps if moment in step.clears}
        if self.cone.holder:
            self.cone.steps |= {step.id for step in self.pathway.steps if step.moves_to}
            self.cone.kinds |= {
                owed.id for owed in self.pathway.obligations if any(e.moves_to for e in effects_of(owed))
            }
            moves = {step.moves_to for step in self.pathway.steps}
            moves |= {e.moves_to for owed in self.pathway.obligations for e in effects_of(owed)}
            self.cone.named |= {named.id for named in self.pathway.named if named.id in moves}
        for role in sorted(self.cone.named):
            self.cone.steps |= {step.id for step in self.pathway.steps if role in step.names}
        for id in sorted(self.cone.answers):
            self.forms(id)
        if self.cone.packet:
            self.cone.steps |= {step.id for step in self.pathway.steps if step.packet and self._reads_versions()}
        for id in sorted(self.cone.steps):
            step = self.pathway.find_step(id)
            if step is not None:
                self.step(step)
        for id in sorted(self.cone.kinds):
            owed = self.pathway.find_obligation(id)
            if owed is not None:
                self.kind(owed)
        if self.cone.tier:
            for tier in self.pathway.tiers:
                self.condition(tier.when)

    def _reads_versions(self) -> bool:
        return any(test.fact in ("packet.changed", "packet.version") for test in self.cone.tests)

    def emitters(self, moment: str) -> None:
        for step in self.pathway.steps:
            if any(moment in (one.moment, one.otherwise) for one in step.emits):
                self.cone.steps.add(step.id)
        for owed in self.pathway.obligations:
            if any(moment in effects.emits for effects in effects_of(owed)):
                self.cone.kinds.add(owed.id)
        if moment in FROM_OUTSIDE or moment in heard(self.pathway):
            self.cone.outside.add(moment)

    def forms(self, id: str) -> None:
        for step in self.pathway.steps:
            if any(one.id == id for one in step.records):
                self.cone.steps.add(step.id)
        for owed in self.pathway.obligations:
            if any(one.id == id for one in owed.records):
                self.cone.kinds.add(owed.id)
        for endpoint in self.pathway.endpoints:
            if any(one.id == id for one in endpoint.records):
                raise TooDeep(f"an answer given at a closing, '{id}', is read while the case is open")

    def step(self, step: Step) -> None:
        own = frozenset(one.id for one in step.records)
        self.condition(step.when)
        for gate in step.needs:
            if self.pathway.get_gate(gate).override == "never" and gate not in self.cone.without:
                self.condition(self.pathway.get_gate(gate).when)
        if step.about:
            self.cone.kinds.add(step.about)
        for one in step.emits:
            if self.cone.events & {one.moment, one.otherwise}:
                self.condition(one.when, own)
                if one.apart is not None:
                    self._count(one.moment, 1)

    def kind(self, owed: Obligation) -> None:
        # Where a breach has effects, one that ran out and one that still runs are told apart.
        least = 2 if owed.many and owed.when_breached != NOTHING_ELSE else 1
        self.cone.owed[owed.id] = max(least, self.cone.owed.get(owed.id, least))
        self.cone.events |= set(owed.met_by)
        for opening in owed.opens:
            self.cone.events.add(opening.moment)
            if opening.while_open:
                self.cone.kinds.add(opening.while_open)
                if self.pathway.get_obligation(opening.while_open).many:
                    raise TooDeep(f"'{owed.id}' counts while one of several '{opening.while_open}' is open")
                if opening.nth:
                    key = (opening.while_open, opening.moment)
                    self.cone.since[key] = max(self.cone.since.get(key, 0), opening.nth + 1)
                    self.cone.events.add(opening.moment)
            elif opening.nth:
                self._count(opening.moment, opening.nth + 1)
            self.condition(opening.when)

    def condition(self, condition: Condition, own: frozenset[str] = frozenset()) -> None:
        for test in tests_of(condition):
            self.test(test, own)

    def test(self, test: Test, own: frozenset[str]) -> None:
        head, _, rest = test.fact.partition(".")
        bound = int(test.values[0]) if test.op in ("at-least", "at-most") and test.values else 0
        if head == "moment":
            self._count(rest, bound + 1 if test.op == "at-most" else max(bound, 1))
        elif head == "open":
            self.cone.kinds.add(rest)
            most = bound + 1 if test.op == "at-most" else max(bound, 1)
            self.cone.owed[rest] = max(self.cone.owed.get(rest, 1), most)
        elif head == "obligation":
            self.cone.kinds.add(rest)
            self.cone.standing.add(rest)
            if self.pathway.get_obligation(rest).many:
                raise TooDeep(f"how one of several '{rest}' was settled is read by a condition")
        elif test.fact.startswith(SCORE):
            self._score(rest, test, own)
        elif head == "answer":
            if rest not in own:
                self.cone.tests.add(test)
                self.cone.answers.add(rest)
        elif head == "named":
            self.cone.named.add(rest.partition(".")[0])
            self.cone.tests.add(test)
        elif head == "history":
            self.cone.tests.add(test)
        elif head == "begun":
            raise TooDeep("how many cases were begun from this one is read by a condition")
        elif head == "case":
            self.cone.tests.add(test)
            self.cone.tier = self.cone.tier or rest == "tier"
        elif head == "closing":
            asked = self.pathway.success.get("endpoint", "")
            self.cone.packet = True
            self.cone.tests |= {Test(asked, "is", (one.id,)) for one in self.pathway.endpoints} if asked else set()
        else:
            self.cone.packet = True
            self.cone.tests.add(test)

    def _score(self, id: str, test: Test, own: frozenset[str]) -> None:
        items = inputs_of(id, self.pathway)
        if all(item.removeprefix("answer.") in own for item in items):
            return
        self.cone.tests.add(test)
        self.cone.answers |= {item.removeprefix("answer.") for item in items if item.startswith("answer.")}
        self.cone.packet = self.cone.packet or any(not item.startswith("answer.") for item in items)

    def _count(self, moment: str, most: int) -> None:
        self.cone.counted[moment] = max(self.cone.counted.get(moment, 0), most)


def effects_of(owed: Obligation) -> tuple[Effects, Effects, Effects]:
    return owed.when_opened, owed.when_met, owed.when_breached


def heard(pathway: Pathway) -> frozenset[str]:
    """Moments that other cases mark on this one, at any time."""
    begins = [begin for step in pathway.steps for begin in step.begins]
    begins += [begin for owed in pathway.obligations for effects in effects_of(owed) for begin in effects.begins]
    begun = {moment for begin in begins for moment in begin.hears.values()}
    return frozenset(begun | set(pathway.hears_of.values()))
