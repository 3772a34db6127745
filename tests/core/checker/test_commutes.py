"""The abstraction commutes with ``decide``: a square that is gone round both ways ends in the same key.

Precisely, for the slices below, and K for ``key_of``, A(k) for the one case that the checker keeps for the key k:

1. *On a slice.* From the opening any moves of the slice are made, and the case keeps its whole past (no promise is dropped and no
   time moved, as ``settled`` does). In each state s so reached: K(s) has been explored; a move that leads to another key is accepted
   in s exactly when it is in A(K(s)); and K(decide(s, move)) is K(s) or among the keys that the checker gives for that move from A(K(s)).
   So two cases of one key, both against A of it, allow the same moves. The results are among, and not equal to, those of the checker
   in two places on purpose: where as many of a kind are owed as are told apart, the checker follows both "none is left" and
   "one is left"; and how long after the last a move is made is the checker's to choose. Both allow more than there is.
2. *On the whole pathway.* People of another network give commands that are offered to them, and a worker fires clocks late, several
   at once. K(decide(s, command)) is among the keys that the checker gives for the command's move from K(s): for a command
   about a part that is left out that is K(s) itself; for clocks it is any number of clocks run out. Each may be followed by
   moments from outside.

A control forgets one part of the key at a time, and the same squares must break."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.core import commands as c
from holdfast.core.checker import exploring
from holdfast.core.checker.key import Key, key_of
from holdfast.core.checker.moves import OPENING, opening
from holdfast.core.checker.people import START
from holdfast.core.checker.reduction import Slice
from holdfast.core.checker.trial import Trial
from holdfast.core.decide import Accepted
from holdfast.core.parties import Directory
from holdfast.core.state import State
from tests.core.cases import SHIPPED, TOY, Case, pathway_of
from tests.core.checker.commuting import Square
from tests.core.checker.walking import begun, one_deed

SLICES = [
    (TOY, ("dispatch", "receipt", "back-again")),
    (TOY, ("alarm-answer",)),
    (SHIPPED, ("decide-after-three",)),
]
NAMES = [f"{path.stem}-{kinds[0]}" for path, kinds in SLICES]
QUICK = settings(
    max_examples=3, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
choices = st.lists(st.integers(0, 10_000), min_size=4, max_size=8)


def square_of(path: Path, kinds: tuple[str, ...]) -> Square:
    trial = Trial(pathway_of(path))
    return Square(trial, trial.explore(trial.slice(kinds=kinds)))


kept = cache(square_of)


def go_round(square: Square, chosen: list[int]) -> None:
    """1: any moves on the slice, the square at each state."""
    decision = opening(square.found.within.small, square.trial.directory, OPENING)
    assert isinstance(decision, Accepted)
    state, now = decision.state, START
    for number in chosen:
        square.same_moves(state, now)
        after = list(square.done(state, now))
        if not after:
            return
        move, state = after[number % len(after)]
        now += move.later


@pytest.mark.parametrize(("path", "kinds"), SLICES, ids=NAMES)
def test_on_a_slice_two_cases_of_one_key_allow_the_same(path: Path, kinds: tuple[str, ...]) -> None:
    @QUICK
    @given(choices)
    def squares(chosen: list[int]) -> None:
        go_round(kept(path, kinds), chosen)

    squares()


@pytest.mark.parametrize(("path", "kinds"), SLICES, ids=NAMES)
def test_on_the_whole_pathway_a_command_leads_where_the_checker_says(path: Path, kinds: tuple[str, ...]) -> None:
    @QUICK
    @given(st.integers(0, 2**32))
    def squares(seed: int) -> None:
        square, random = kept(path, kinds), Random(seed)
        case = begun(Case(pathway_of(path)), random)
        for _ in range(25):
            before = square.key(case.state, case.directory)
            named = {promise.id: promise.kind for promise in case.state.promises.values()}
            command, accepted = one_deed(case, random)
            if accepted:
                after = square.key(case.state, case.directory)
                assert after in square.steps_to(before, command or c.FireClocks(), named), (command, before, after)

    squares()


#: Parts of the key: how often moments came, how promises stand.
@pytest.mark.parametrize("part", [1, 2], ids=["moments", "promises"])
def test_the_control_a_key_that_forgets_breaks_the_square(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(state: State, within: Slice, directory: Directory) -> Key:
        key = key_of(state, within, directory)
        assert isinstance(key, tuple)
        return key[:part] + key[part + 1 :]

    monkeypatch.setattr(exploring, "key_of", forgetful)
    square, random = square_of(*SLICES[0]), Random(part)
    with pytest.raises(AssertionError, match=r"possible in one and not in the other|it leads elsewhere|never explored"):
        for _ in range(60):
            go_round(square, [random.randint(0, 10_000) for _ in range(14)])
