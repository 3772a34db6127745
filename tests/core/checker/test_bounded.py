"""A check of any file comes to an end: past its states it says *unknown*, which part was too large, and what to do."""

from __future__ import annotations

import pytest

from holdfast.core.checker.proof import examine
from holdfast.core.checker.verdict import UNKNOWN
from tests.core.cases import TOY, pathway_of


@pytest.mark.requirement("BEY-25")
@pytest.mark.parametrize(("most", "altogether"), [(5, 300_000), (200_000, 60)], ids=["one-question", "the-whole-check"])
def test_past_its_states_it_is_unknown_and_cannot_be_published(most: int, altogether: int) -> None:
    verdict = examine(pathway_of(TOY), most, altogether)
    assert not verdict.stands
    large = [f for f in verdict.findings if f.word == UNKNOWN and "states, in the part about" in f.says]
    assert large and all("divide the pathway in two" in finding.says for finding in large)
    explored = sum(states for property, states in verdict.states.items() if property not in ("P3", "P6", "P9"))
    assert explored <= altogether + 1, "P3, P6 and P9 are read off the file, and do not grow with what is explored"


def test_with_room_enough_the_same_file_is_proved() -> None:
    assert examine(pathway_of(TOY)).stands
