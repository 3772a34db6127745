"""kill -9 of deeds that write several streams: all of them or none, and two that want each other's streams both end (G1, G2)."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from types import SimpleNamespace

import pytest
from django.db import connection

from holdfast.desk import desk as desk_room
from holdfast.desk import points
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.rebuild import compare
from tests.desk.relay import new_case, sent_on, stage
from tests.desk.test_racing import at_once
from tests.faults import several
from tests.faults.crash import held_in_child
from tests.faults.kills import Tally
from tests.faults.several import DEEDS, inns
from tests.faults.several_kills import run_several, several_trial
from tests.faults.wholeness import faults_of
from tests.installation import LEAD, RECEIVER, RECEIVER_LAST_RESORT, SENDER, Installation, given, keyring

pytestmark = pytest.mark.timeout(1200)
#: Every deed at five points; a campaign does more.
TRIALS = int(os.environ.get("HOLDFAST_SEVERAL_KILLS", str(len(DEEDS) * 5)))


@pytest.fixture
def house(clean_database: object) -> Installation:
    return inns()


@pytest.mark.requirement("ESC-06", "CAP-06")
def test_kills_of_deeds_on_several_streams_leave_all_or_nothing(house: Installation) -> None:
    tally = run_several(house, TRIALS)
    print(*tally.lines(), sep="\n")
    assert not tally.faults, "\n".join(tally.lines())
    assert tally.killed >= TRIALS * 0.7, "too few children were killed for the test to mean anything"
    assert 0 < tally.acknowledged < tally.trials


def test_without_one_transaction_the_trials_see_a_part_of_a_deed(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control run: the same trial sees what it is there to see."""
    deed, tally = several.a_slot_is_booked(house), Tally()
    monkeypatch.setattr(desk_room, "transaction", SimpleNamespace(atomic=nullcontext))
    several_trial(house, deed, "a slot is booked", "entry", 1, tally)
    assert any("some of it was there and some was not" in fault for fault in tally.faults), tally.faults


class Meeting:
    """Two sittings meet, each holding what the other wants next: whoever passes its point waits there for the other, once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here = threading.local()
        self.both = threading.Barrier(2)
        monkeypatch.setattr(points, "passing", self.passing)

    def passing(self, point: str) -> None:
        left = getattr(self.here, "left", 0)
        if point == "decided" and left:
            self.here.left = left - 1
            if self.here.left == 0:
                self.wait()

    def wait(self) -> None:
        with suppress(threading.BrokenBarrierError):
            self.both.wait(timeout=1)  # One writer at a time on SQLite: there the other comes when this one is through.

    def after(self, decisions: int, deed: Callable[[], Outcome]) -> Callable[[], Outcome]:
        """The deed, which waits for the other once it has decided that often."""

        def meet() -> Outcome:
            self.here.left = decisions
            return deed()

        return meet


def _lost(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database says of races that were lost, as they are."""
    seen: list[str] = []
    lost = desk_room.lost_race

    def noting(error: Exception) -> bool:
        seen.append(getattr(error.__cause__, "sqlstate", "") or str(error))
        return lost(error)

    monkeypatch.setattr(desk_room, "lost_race", noting)
    return seen


def _does(house: Installation, envelope: Envelope) -> Callable[[], Outcome]:
    return lambda: Desk(keyring(), clock=lambda: house.now).handle(envelope)


@pytest.mark.requirement("CAP-06")
def test_two_sittings_that_lock_the_same_cases_in_opposite_order_both_end(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An opening is heard of by two cases in the order of their names, while word goes from the second of them to the first."""
    first = stage(house)
    onward = sent_on(first)
    while onward.id < first.id:
        first = stage(house)
        onward = sent_on(first)
    fire = new_case(house, first.person)
    values = {"case": fire.id, "pathway": "toy-fire", "subject": first.person, "holder": SENDER}
    opens = Ask("OpenCase", {**values, "parties": {"sender": "ward", "receiver": "north"}})
    arrives = Ask("TakeStep", {"step": "arrive"}, {"arrive.lead": given(LEAD)})
    meeting, seen = Meeting(monkeypatch), _lost(monkeypatch)
    ended = at_once(
        [
            meeting.after(2, _does(house, Envelope(fire.id, opens, SENDER, "test", "opens"))),
            meeting.after(1, _does(house, Envelope(onward.id, arrives, RECEIVER_LAST_RESORT, "test", "arrives"))),
        ]
    )
    assert [getattr(one, "accepted", one) for one in ended] == [True, True]
    assert ("40P01" in seen) == (connection.vendor == "postgresql"), "they did not meet as they should have"
    assert first.state.moments["fire-broke-out"].count == onward.state.moments["fire-broke-out"].count == 1
    assert first.state.moments["onward-arrived"].count == 1
    assert [faults_of(case.id) for case in (first, onward, fire)] == [[], [], []]


@pytest.mark.parametrize("at", ["decided", "entry", "deliveries"])
def test_whoever_waits_for_one_that_is_killed_goes_on_and_nothing_of_it_is_left(house: Installation, at: str) -> None:
    first = stage(house)
    onward = sent_on(first)
    fire = new_case(house, first.person)
    values = {"case": fire.id, "pathway": "toy-fire", "subject": first.person, "holder": SENDER}
    opens = Ask("OpenCase", {**values, "parties": {"sender": "ward", "receiver": "north"}})
    arrives = Ask("TakeStep", {"step": "arrive"}, {"arrive.lead": given(LEAD)})
    opening = _does(house, Envelope(fire.id, opens, SENDER, "test", "opens"))
    arriving = _does(house, Envelope(onward.id, arrives, RECEIVER_LAST_RESORT, "test", "arrives"))
    child = held_in_child(arriving, at)
    killer = threading.Timer(0.5, os.kill, (child, signal.SIGKILL))
    began = time.monotonic()
    killer.start()
    assert opening().accepted
    assert time.monotonic() - began > 0.4, "it did not wait for the one that was killed"
    killer.join()
    os.waitpid(child, 0)
    assert onward.state.find_owed("arrival") is not None and "onward-arrived" not in first.state.moments
    assert arriving().accepted and first.state.moments["onward-arrived"].count == 1
    assert first.state.moments["fire-broke-out"].count == onward.state.moments["fire-broke-out"].count == 1
    assert [faults_of(case.id) for case in (first, onward, fire)] == [[], [], []]


def test_settling_and_opening_at_once_take_nothing_over_twice(house: Installation) -> None:
    """A change settles what is owed on an earlier case, while another change takes up what is owed on both."""
    for turn in range(3):
        first = stage(house)
        first.step("raise-alarm", SENDER)
        moved = stage(house, first.person, "toy-change")
        item = next(id for id, p in moved.state.promises.items() if p.about.endswith("alarm-answer#1"))
        settles = Ask("TakeStep", {"step": "settle-item", "about": item}, {"item.fate": given("taken-over")})
        again = new_case(house, first.person)
        values = {"case": again.id, "pathway": "toy-change", "subject": first.person, "holder": SENDER}
        opens = Ask("OpenCase", {**values, "parties": {"sender": "ward", "receiver": "north"}})
        ended = at_once(
            [
                _does(house, Envelope(moved.id, settles, RECEIVER, "test", f"settles-{turn}")),
                _does(house, Envelope(again.id, opens, SENDER, "test", f"opens-{turn}")),
            ]
        )
        assert [getattr(one, "accepted", one) for one in ended] == [True, True]
        assert first.state.promises["alarm-answer#1"].status == "taken-over"
        late = [id for id, p in again.state.promises.items() if p.about.endswith("alarm-answer#1")]
        for id in late:  # It was taken up before the other settled it: nobody can take it over any more.
            twice = {"item.fate": given("taken-over")}
            assert again.refused("TakeStep", RECEIVER, twice, step="settle-item", about=id).code == "already_settled"
        assert len(first.events("ObligationSettled")) == 1
        assert [faults_of(case.id) for case in (first, moved, again)] == [[], [], []]
    assert compare(house.desk.vault) == []


@pytest.mark.requirement("STP-03", "CAP-06")
def test_two_that_exchange_their_slots_at_once_never_share_one(house: Installation) -> None:
    from tests.capacity.harbour import berth, berths, hold, ship

    hold(house, places=3)
    ships = [ship(house), ship(house)]
    places = [berth(house, place=place) for place in (1, 2)]
    for case, place in zip(ships, places, strict=True):
        case.step("book-berth", SENDER, {"berth.at": given(place)})
    ended = at_once(
        [
            _does(house, Envelope(case.id, Ask("TakeStep", {"step": "book-berth"}, {"berth.at": given(place)}), SENDER, "test", case.id))
            for case, place in zip(ships, reversed(places), strict=True)
        ]
    )  # fmt: skip
    assert {one.refusal.code for one in ended if isinstance(one, Outcome) and one.refusal} == {"slot_taken"}
    assert not [one for one in ended if not isinstance(one, Outcome)], ended
    held = [[slot.id for slot in berths().of(case.id)] for case in ships]
    assert held == [[places[0]], [places[1]]] and compare(house.desk.vault) == []
