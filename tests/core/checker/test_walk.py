"""A random walk of the real engine, with the whole pathway, never leaves the states that the checker has explored."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from holdfast.core import commands as c
from holdfast.core.checker.exploring import Explored
from holdfast.core.checker.key import Key, key_of
from holdfast.core.checker.trial import Trial
from holdfast.core.deeds import what_can_be_done
from holdfast.core.work import SYSTEM
from tests.core.asking import LIKELY, possible_command
from tests.core.cases import SHIPPED, TOY, Case, pathway_of
from tests.core.network import DARA, KIT

STEPS = int(os.environ.get("HOLDFAST_WALK", "600"))
SLICES = {
    TOY: [
        {"kinds": ["dispatch", "receipt", "back-again"]},
        {"kinds": ["alarm-answer"]},
        {"steps": ["receive", "inspect"]},
    ],
    SHIPPED: [
        {"kinds": ["packet", "receipt", "another-receiver"]},
        {"kinds": ["clinical-response"]},
        {"kinds": ["decide-after-three"]},
    ],
}


@pytest.mark.parametrize("path", SLICES, ids=lambda path: path.stem)
def test_the_engine_stays_among_the_explored_states(path: Path) -> None:
    pathway = pathway_of(path)
    trial = Trial(pathway)
    explored: list[Explored] = [trial.explore(trial.slice(**parts)) for parts in SLICES[path]]
    seen: list[set[Key]] = [set() for _ in explored]
    random, taken = Random(20261122), 0
    while taken < STEPS:
        case = _begun(Case(pathway), random)
        for _ in range(60):
            taken += _one(case, random)
            for number, found in enumerate(explored):
                key = key_of(case.state, found.within, case.directory)
                assert key in found.nodes, (SLICES[path][number], key)
                seen[number].add(key)
    assert all(len(keys) > 2 for keys in seen), "the walk goes somewhere"


def _begun(case: Case, random: Random) -> Case:
    """An empty case, or one with its packet and its names, so that the walk comes to where things happen."""
    if random.random() < 0.2:
        return case.opened()
    if case.pathway.id == pathway_of(SHIPPED).id:
        return case.filled()
    case.opened().do(c.FillPacket(case.packet(seal__intact="yes")), KIT)
    case.do(c.NameRole("insurer", DARA), KIT)
    return case


def _one(case: Case, random: Random) -> int:
    """One deed that is offered to somebody, or every clock that is due after a while."""
    if random.random() < 0.25:
        case.now += timedelta(hours=random.choice((1, 6, 30)))
        case.ask(c.FireClocks("the worker was down"), SYSTEM)
        return 1
    actor = random.choice((*LIKELY, case.state.holder))
    deeds = [
        deed for deed in what_can_be_done(case.state, case.pathway, case.directory, actor, case.now) if deed.allowed
    ]
    if deeds:
        case.ask(possible_command(case, random.choice(deeds), random), actor)
    case.now += timedelta(minutes=random.randint(0, 30))
    return 1
