"""The campaign of the long walk: python -m tests.campaigns.walk [--steps N] [--seed N] [--report FILE]."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from holdfast.core import commands as c
from holdfast.core.answers import BLANK, GIVEN, Answer
from holdfast.core.checker.cone import TooDeep
from holdfast.core.checker.exploring import Explored
from holdfast.core.checker.key import Key, key_of
from holdfast.core.checker.moves import Move, opening, perform
from holdfast.core.checker.people import START
from holdfast.core.checker.proof import CHECKS
from holdfast.core.checker.trial import Trial, anybody
from holdfast.core.checker.variants import any_answer
from holdfast.core.decide import Accepted, decide
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State
from holdfast.core.work import SYSTEM
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.campaigns.report import Campaign, Chunk

#: Slices of one file that are walked beside, spread from the smallest to the largest; and states of one that are explored.
SLICES, MOST = 6, 1_500
#: Deeds of one case before the next is begun; steps of the control.
LENGTH, CONTROL = 60, 600


@dataclass(slots=True)
class Walk:
    """``beside`` are the slices as they were explored, ``met`` the keys that the walk came to in each; ``left`` those outside."""

    pathway: Pathway
    trial: Trial
    beside: list[Explored]
    random: Random
    steps: int = 0
    done: int = 0
    cases: int = 0
    met: list[set[Key]] = field(default_factory=list)
    left: list[tuple[str, Key]] = field(default_factory=list)

    def go(self, steps: int) -> None:
        self.met = [set() for _ in self.beside]
        while self.steps < steps:
            decision = opening(self.pathway, self.trial.directory)
            assert isinstance(decision, Accepted), decision
            state, now = decision.state, START
            self.cases += 1
            for _ in range(min(LENGTH, steps - self.steps)):
                self.steps += 1
                now += timedelta(minutes=self.random.choice((0, 5, 30)))
                after, now = self.one(state, now)
                if after is not None:
                    state = after
                    self.done += 1
                    self.look(state)

    def one(self, state: State, now: datetime) -> tuple[State | None, datetime]:
        """A deed of the whole pathway by whoever may, or every clock that is due after a while."""
        if self.random.random() < 0.2:
            now += timedelta(hours=self.random.choice((1, 6, 30, 200)))
            fired = decide(state, c.FireClocks("late"), self.pathway, self.trial.directory, SYSTEM, now)
            return (fired.state if isinstance(fired, Accepted) else None), now
        away = set(self.random.sample(sorted(self.trial.directory.staff), k=len(self.trial.directory.staff) // 3))
        done = perform(
            self.pathway, self.trial.directory, state, self.move(state), lambda staff: staff not in away, now
        )
        return (done[0].state if done is not None and isinstance(done[0], Accepted) else None), now

    def move(self, state: State) -> Move:
        pathway, random = self.pathway, self.random
        owed = sorted({promise.kind for promise in state.owed()})
        fill = Move("fill", "", self.filled(tuple(pathway.packet_fields()), random.choice((0.1, 1.0))))
        moves = [Move("name", named.id) for named in pathway.named]
        moves += [Move(deed, tier.id) for tier in pathway.tiers for deed in ("raise", "lower")]
        steps = [Move("step", step.id, self.filled(step.records, 0.7)) for step in pathway.steps]
        kinds = [Move("meet", id, self.filled(_records(pathway, id), 0.7)) for id in owed]
        ends = [Move("close", endpoint.id) for endpoint in pathway.endpoints]
        rare = [random.choice([*ends, Move("reopen"), *(Move("waive", id) for id in owed)]), *moves]
        return random.choice([fill, fill, random.choice(rare), *steps, *kinds])

    def filled(self, fields: tuple[Field, ...], share: float) -> tuple[tuple[str, Answer], ...]:
        asked = [one for one in fields if one.options or one.kind == "number"]
        return tuple((one.id, self.answer(one)) for one in asked if self.random.random() < share)

    def answer(self, field: Field) -> Answer:
        if self.random.random() < 0.1:
            return Answer(BLANK)
        if not field.options:
            return any_answer(field)
        code = self.random.choice(field.options).code
        return Answer(GIVEN, (code,) if field.kind == "codes" else code)

    def look(self, state: State) -> None:
        for found, met in zip(self.beside, self.met, strict=True):
            key = key_of(state, found.within, self.trial.directory)
            if key not in found.nodes:
                self.left.append((", ".join(sorted(found.within.cone.kinds)), key))
            met.add(key)


def _records(pathway: Pathway, kind: str) -> tuple[Field, ...]:
    spec = pathway.find_obligation(kind)
    return spec.records if spec is not None else ()


def _walk(pathway: Pathway, random: Random, control: bool = False) -> Walk:
    """The slices are those that the checker made for its own questions, with no gate held open, explored to the end.

    In the control they are explored as if nobody but the sender's people ever did anything."""
    trial = Trial(pathway)
    for property, check in CHECKS.items():
        trial.asking = property
        list(check(trial))
    asked = [within for parts, within in trial.slices.items() if not parts[5] and not parts[3]]
    asked = sorted(asked, key=lambda within: (within.cone.size(), within.kinds))
    sender = f"{pathway.holder_at_opening.partition('.')[0]}."
    spread = asked[:: max(1, len(asked) // SLICES)][: SLICES + 1]
    beside = []
    trial.most = MOST
    for within in spread:
        try:
            beside.append(trial.explore(within, may=(lambda staff: staff.startswith(sender)) if control else anybody))
        except TooDeep:
            continue
    return Walk(pathway, trial, beside, random)


def _files(asked: argparse.Namespace) -> Iterator[Chunk]:
    names = sorted(shipped())
    began = time.process_time()
    for number, name in enumerate(names):
        walk = _walk(load_pathway(shipped()[name]), Random(f"{asked.seed} {name}"))
        walk.go(asked.steps // len(names) + (number < asked.steps % len(names)))
        states = [len(found.nodes) for found in walk.beside]
        met = sum(map(len, walk.met))
        yield Chunk(
            name,
            (
                f"{walk.steps} steps, of them {walk.done} accepted, in {walk.cases} cases",
                f"{len(walk.beside)} slices of {min(states)} to {max(states)} states; the walk came to {met} of {sum(states)}",
                f"outside of what was explored: {len(walk.left)}" + "".join(f"; {one}" for one in walk.left[:2]),
            ),
            not walk.left and bool(walk.beside) and met > 2 * len(walk.beside),
        )
    control = _walk(load_pathway(shipped()[names[5]]), Random(asked.seed), control=True)
    control.go(CONTROL)
    told = f"{names[5]}, explored as if nobody but the sender acted: outside {len(control.left)} times in {control.steps} steps"
    yield Chunk("control", (told, f"{time.process_time() - began:.0f} s of processor in all"), bool(control.left))


WALK = Campaign(
    "walk",
    "a random walk of the engine beside what the checker explored",
    "Random deeds on each whole pathway that is shipped, clocks fired late and several at once; after each the case must stand\n"
    "at a state that the checker explored, in every slice beside. The slices are those that the checker made for its own questions.\n"
    "The control explores them as if only the sender acted, and the same walk must leave what was explored.",
    {"steps": 100_000, "seed": 1},
    alone=_files,
)

if __name__ == "__main__":
    sys.exit(WALK.main())
