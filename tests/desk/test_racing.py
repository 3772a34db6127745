"""Several people and several workers on the same cases at once: one winner, nothing twice, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.workers.clocks import Clocks
from holdfast.worklists.casefile import entries_of
from tests.faults.wholeness import faults_of, times_fired
from tests.installation import LEAD, RECEIVER, SENDER_SUPERVISOR, Installation, contact, given, keyring


@pytest.fixture
def house(clean_database: object) -> Installation:
    return Installation().set_up()


def at_once(deeds: list[Callable[[], Outcome | bool]]) -> list[Outcome | bool | Exception]:
    """Run every deed in a thread of its own, all released together; gives what each came to."""
    ready = threading.Barrier(len(deeds))
    ended: list[Outcome | bool | Exception] = [False] * len(deeds)

    def run(position: int, deed: Callable[[], Outcome | bool]) -> None:
        ready.wait()
        try:
            ended[position] = deed()
        except Exception as error:
            ended[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def a_desk(house: Installation) -> Desk:
    return Desk(keyring(), clock=lambda: house.now)


@pytest.mark.requirement("OWN-01")
def test_twenty_acceptances_at_once_leave_one_winner_and_one_holder(house: Installation) -> None:
    case = house.sent()
    answers = {
        "receipt.reviewed": given("reviewed"),
        "receipt.lead": given(LEAD),
        "receipt.first-contact-at": given("2026-03-03T10:00+00:00"),
        "receipt.first-actions": given("Call."),
        "receipt.escalation-signs": given("Silence."),
    }

    def accept(number: int) -> Callable[[], Outcome]:
        ask = Ask("TakeStep", {"step": "confirm-receipt"}, answers)
        return lambda: a_desk(house).handle(Envelope(case.id, ask, RECEIVER, "test", f"accept-{number}"))

    ended = at_once([accept(n) for n in range(20)])
    assert [type(e) for e in ended] == [Outcome] * 20, ended
    assert sum(e.accepted for e in ended if isinstance(e, Outcome)) == 1
    refusals = {e.refusal.code for e in ended if isinstance(e, Outcome) and e.refusal}
    assert refusals == {"not_possible_now"}
    assert faults_of(case.id) == []


def test_the_same_key_from_ten_threads_is_applied_once(house: Installation) -> None:
    case = house.accepted()
    ask = Ask("TakeStep", {"step": "record-contact"}, contact("nobody"))
    ended = at_once([lambda: a_desk(house).handle(Envelope(case.id, ask, LEAD, "test", "one")) for _ in range(10)])
    assert {getattr(e, "accepted", e) for e in ended} == {True}
    assert len({e.number for e in ended if isinstance(e, Outcome)}) == 1
    assert sum(1 for entry in entries_of(case.id) if entry.get("key") == "one") == 1


@pytest.mark.requirement("ESC-06")
def test_two_people_and_two_workers_on_one_case_keep_it_whole(house: Installation) -> None:
    case = house.accepted()
    for turn in range(6):
        house.wait(hours=26)

        def attempt(turn: int = turn) -> Outcome:
            ask = Ask("TakeStep", {"step": "record-contact"}, contact("nobody"))
            return a_desk(house).handle(Envelope(case.id, ask, LEAD, "test", f"a{turn}"))

        def hand_over(turn: int = turn) -> Outcome:
            ask = Ask("RaiseTier", {"tier": "high"}, texts={"reason": "worse"})
            return a_desk(house).handle(Envelope(case.id, ask, SENDER_SUPERVISOR, "test", f"h{turn}"))

        def worker() -> bool:
            return Clocks(a_desk(house)).step(house.now)

        ended = at_once([attempt, hand_over, worker, worker])
        assert not [e for e in ended if isinstance(e, Exception)], ended
        while Clocks(house.desk).step(house.now):
            pass
        assert faults_of(case.id) == []
    assert all(count == 1 for count in times_fired(case.id).values())


@pytest.mark.requirement("ESC-06")
def test_four_workers_fire_forty_cases_once_each(house: Installation) -> None:
    cases = [house.sent() for _ in range(40)]
    house.wait(hours=25)
    at_once([lambda: Clocks(a_desk(house), batch=7).step(house.now) for _ in range(4)])
    while Clocks(house.desk).step(house.now):
        pass
    for case in cases:
        assert times_fired(case.id)["receipt#1 breach"] == 1
        assert all(count == 1 for count in times_fired(case.id).values())


@pytest.mark.requirement("ESC-06")
def test_what_is_met_between_claim_and_firing_leaves_nothing_to_do(house: Installation) -> None:
    case = house.sent()
    house.now = case.promise("receipt").rings
    case.accept()
    before = len(entries_of(case.id))
    assert case.fire().refusal.code == "nothing_due"
    assert len(entries_of(case.id)) == before


@pytest.mark.requirement("MOD-06")
def test_a_clock_retimed_between_claim_and_firing_fires_at_its_new_time_only(house: Installation) -> None:
    case = house.sent()
    old = case.promise("receipt")
    case.does("RaiseTier", RECEIVER, None, {"reason": "talks of a plan"}, tier="high")
    new = case.promise("receipt")
    assert new.due < old.due and new.clock != old.clock
    house.now = new.due - timedelta(seconds=1)
    assert case.fire().refusal.code == "nothing_due"
    house.now = new.due
    assert case.fire().accepted
    house.now = old.due
    fired = [e for e in case.events("ObligationBreached") if e["id"] == "receipt#1"]
    assert len(fired) == 1
