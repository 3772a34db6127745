"""The trials: a desk command killed at a point and retried, and a round of clocks killed at a point and taken up by another."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from holdfast.desk.envelope import Ask, Envelope
from holdfast.workers.clocks import Clocks
from tests.faults.crash import POINTS, in_child
from tests.faults.wholeness import faults_of, times_fired, times_recorded
from tests.installation import LEAD, Case, Installation, contact


@dataclass
class Tally:
    """What was seen over many trials."""

    trials: int = 0
    killed: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)
    by_point: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        points = ", ".join(f"{point} {count}" for point, count in sorted(self.by_point.items()))
        return [
            f"trials {self.trials}, killed {self.killed}, acknowledged before the kill {self.acknowledged}, faults {len(self.faults)}",
            f"killed at: {points}",
            *self.faults[:20],
        ]


def command_trial(house: Installation, case: Case, point: str, tally: Tally) -> None:
    """One deed, killed at ``point``; what was acknowledged is there, and a retry with the same key leaves it there once."""
    key = house.new_key()

    def deed() -> bool:
        ask = Ask("TakeStep", {"step": "record-contact"}, contact("nobody"))
        return house.desk.handle(Envelope(case.id, ask, LEAD, "fault", key)).accepted

    ended = in_child(deed, point)
    count(tally, ended.killed, ended.acknowledged, point, ended.fault)
    recorded = times_recorded(case.id, key)
    if ended.acknowledged and recorded != 1:
        tally.faults.append(f"{point}: an acknowledged command is recorded {recorded} times")
    if not deed():
        tally.faults.append(f"{point}: the retry was refused")
    if (recorded := times_recorded(case.id, key)) != 1:
        tally.faults.append(f"{point}: after the retry it is recorded {recorded} times")
    tally.faults += [f"{point}: {fault}" for fault in faults_of(case.id)]


def clock_trial(house: Installation, cases: list[Case], point: str, on_time: int, tally: Tally) -> None:
    """A round of due clocks, killed at ``point`` in the ``on_time``-th case; the next worker fires the rest, and none twice."""
    rings = [ring for case in cases if (ring := case.state.next_ring()) is not None]
    house.now = max(house.now, min(rings))
    due = {case.id for case in cases if (ring := case.state.next_ring()) is not None and ring <= house.now}

    def deed() -> bool:
        return Clocks(house.desk).step(house.now)

    ended = in_child(deed, point, on_time)
    count(tally, ended.killed, ended.acknowledged, f"clock {point}", ended.fault)
    _fired_by_the_next(house, cases)
    for case in cases:
        twice = [what for what, count in times_fired(case.id).items() if count != 1]
        tally.faults += [f"clock {point}: fired more than once: {what}" for what in twice]
        ring = case.state.next_ring()
        if case.id in due and ring is not None and ring <= house.now:
            tally.faults.append(f"clock {point}: a due clock was skipped")
        tally.faults += [f"clock {point}: {fault}" for fault in faults_of(case.id)]


def _fired_by_the_next(house: Installation, cases: list[Case]) -> None:
    """Another worker takes over. The server may need a moment to notice that the killed one is gone: until then its cases are locked."""
    for _ in range(300):
        while Clocks(house.desk).step(house.now):
            pass
        rings = [ring for case in cases if (ring := case.state.next_ring()) is not None]
        if all(ring > house.now for ring in rings):
            return
        time.sleep(0.1)


def count(tally: Tally, killed: bool, acknowledged: bool, point: str, fault: str) -> None:
    tally.trials += 1
    tally.killed += killed
    tally.acknowledged += acknowledged
    tally.by_point[point] += killed
    if fault:
        tally.faults.append(f"{point}: {fault}")


def run_trials(house: Installation, trials: int) -> Tally:
    """``trials`` kills: two thirds of commands, one third of clock rounds, over every point in turn and random cases."""
    tally = Tally()
    cases = [house.accepted() for _ in range(4)]
    turn = 0
    while tally.trials < trials:
        if turn and turn % 120 == 0:
            cases = [house.accepted() for _ in range(4)]
        point = POINTS[turn % len(POINTS)]
        if turn % 3 == 2:
            clock_trial(house, cases, point, house.chance.randint(1, 2), tally)
        else:
            command_trial(house, house.chance.choice(cases), point, tally)
        turn += 1
    return tally
