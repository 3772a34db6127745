"""A random walk of the real engine, with the whole pathway, never leaves the states that the checker has explored."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from holdfast.core.checker.exploring import Explored
from holdfast.core.checker.key import Key, key_of
from holdfast.core.checker.trial import Trial
from tests.core.cases import SHIPPED, TOY, Case, pathway_of
from tests.core.checker.walking import begun, one_deed

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
        case = begun(Case(pathway), random)
        for _ in range(60):
            one_deed(case, random)
            taken += 1
            for number, found in enumerate(explored):
                key = key_of(case.state, found.within, case.directory)
                assert key in found.nodes, (SLICES[path][number], key)
                seen[number].add(key)
    assert all(len(keys) > 2 for keys in seen), "the walk goes somewhere"
