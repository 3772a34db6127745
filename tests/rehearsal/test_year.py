"""A year of twenty invented teams on every shipped pathway at once: the promises hold at every event, and a seed plays the same again."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from holdfast.core import ladders
from holdfast.desk import sitting
from holdfast.desk.rebuild import rebuild
from holdfast.ledger.kept import state_to_text
from holdfast.people.vault import Vault
from holdfast.rehearsal.year.troubles import Troubles
from holdfast.rehearsal.year.year import BrokenYear
from tests.installation import keyring
from tests.rehearsal.years import at_the_desk, in_memory, library, replayed_wrong

CASES = 200
TROUBLES = ("absences", "wrong numbers", "bounces", "repeat crises", "crashes", "answers lost", "clocks late", "rungs")
SLOTS = ("slots booked", "slots waited for", "slots offered", "slots let pass")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_promises_hold_at_every_event_of_a_year(seed: int) -> None:
    year, ground = in_memory(seed, cases=40, days=120)
    report = year.run()
    assert report.counts["events"] > 2_000 and report.ends
    assert {state.pathway for state in ground.states.values()} <= {pathway.id for pathway in library()}
    assert not replayed_wrong(ground)


def test_the_same_seed_plays_the_same_year_and_another_seed_another() -> None:
    first, again, other = (in_memory(seed, cases=8, days=40)[0].run() for seed in (7, 7, 8))
    assert first.digest == again.digest
    assert first.counts == again.counts
    assert other.digest != first.digest


def test_a_broken_promise_stops_the_year_and_names_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the next clock of a fired rung taken away, the year does not go on as if nothing were."""
    monkeypatch.setattr(ladders, "_next_climb", lambda work, *_: work.now)
    found = []
    for _ in range(2):
        with pytest.raises(BrokenYear, match=r"seed 1, .*I[45]: ") as caught:
            in_memory(1, cases=10, days=60)[0].run()
        found.append(str(caught.value))
    assert found[0] == found[1], "the seed plays the breach again, at the same instant of the same case"


def test_a_case_that_its_events_do_not_fold_to_is_found_in_the_database(
    clean_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of I9 at every event: a head that keeps another tier than its entries say."""
    monkeypatch.setattr(sitting, "state_to_text", lambda state: state_to_text(replace(state, tier="other")))
    with pytest.raises(BrokenYear, match=r"seed 11, .*I9: "):
        at_the_desk(11, cases=1, days=2).run()


@pytest.mark.timeout(1200)
def test_a_year_through_the_desk_keeps_them_too_and_can_be_made_again_from_its_record(clean_database: object) -> None:
    """Every pathway and every trouble, each of which must have happened."""
    year = at_the_desk(11, CASES)
    year.troubles = Troubles(returns=0.6)  # at the usual 0.25 a year of this size may have none
    report = year.run()
    assert report.counts["cases"] >= CASES - report.counts["nobody to open"]
    assert {end.partition(": ")[0] for end in report.ends} == {pathway.id for pathway in library()}
    for trouble in (*TROUBLES, *SLOTS):
        assert report.counts[trouble], trouble
    assert report.moments["appointment-missed"] and report.moments["details-wrong"]
    assert list(rebuild(Vault(keyring(), os.urandom), write=False)) == []
