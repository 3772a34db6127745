"""kill -9 of a writer and of a clock worker: nothing acknowledged is lost, nothing is applied or fired twice (G1, G2)."""

import os

import pytest

from holdfast.desk import desk as desk_room
from tests.faults.kills import Tally, run_trials
from tests.faults.random_kills import random_trials
from tests.installation import Installation

#: Hundreds of processes that start and die, however busy the machine is.
pytestmark = pytest.mark.timeout(1200)
#: With those on several streams 400 kills on each database in CI: one trial of six ends before it is killed. A campaign does 10,000.
NAMED = int(os.environ.get("HOLDFAST_KILLS", "345"))
RANDOM = int(os.environ.get("HOLDFAST_RANDOM_KILLS", "80"))


@pytest.fixture
def house(clean_database: object) -> Installation:
    return Installation().set_up()


@pytest.mark.requirement("ESC-06")
def test_kills_at_named_points_lose_nothing_and_double_nothing(house: Installation) -> None:
    tally = run_trials(house, NAMED)
    _whole(tally)
    assert tally.killed >= NAMED * 0.6, "too few children were killed for the test to mean anything"
    assert 0 < tally.acknowledged < tally.trials


@pytest.mark.requirement("ESC-06")
def test_kills_at_random_lose_nothing_and_double_nothing(house: Installation) -> None:
    tally = random_trials(house, RANDOM)
    _whole(tally)
    assert tally.acknowledged > RANDOM, "the writers did too little to be caught in the act"


def test_without_remembered_answers_the_trials_see_commands_applied_twice(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control run: the same trials see what they are there to see."""
    monkeypatch.setattr(desk_room, "remember", lambda *anything: None)
    tally = run_trials(house, 30)
    assert any("after the retry it is recorded 2 times" in fault for fault in tally.faults)


def _whole(tally: Tally) -> None:
    print(*tally.lines(), sep="\n")
    assert not tally.faults, "\n".join(tally.lines())
