"""A process that works as fast as it can is killed at a random moment, again and again; another takes up its work."""

from __future__ import annotations

import os
import signal
import time

from django.db import connections

from holdfast.desk.envelope import Ask, Envelope
from holdfast.workers.clocks import Clocks
from tests.faults.kills import Tally
from tests.faults.wholeness import faults_of, times_fired, times_recorded
from tests.installation import LEAD, Case, Installation, contact


def random_trials(house: Installation, trials: int) -> Tally:
    """``trials`` kills at random moments of a process that records attempts and fires clocks in turn."""
    tally = Tally()
    cases = [house.accepted() for _ in range(6)]
    for turn in range(trials):
        if turn % 40 == 39:
            cases = [house.accepted() for _ in range(6)]
        house.wait(minutes=40)
        keys = [house.new_key() for _ in range(400)]
        acknowledged = _work_until_killed(house, cases, keys, house.chance.randint(0, 6), house.chance.random() * 0.06)
        tally.trials += 1
        tally.killed += 1
        tally.acknowledged += len(acknowledged)
        tally.by_point["random"] += 1
        _check(house, cases, keys[: len(acknowledged) + 1], acknowledged, tally)
    return tally


def _work_until_killed(
    house: Installation, cases: list[Case], keys: list[str], heard: int, seconds: float
) -> list[str]:
    """Killed ``seconds`` after ``heard`` answers: by its own progress, so that a busy machine is caught in the act as well."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            for position, key in enumerate(keys):
                if position % 5 == 4:
                    Clocks(house.desk).step(house.now)
                if house.desk.handle(_deed(cases, position, key)).accepted:
                    os.write(writing, key.encode() + b"\n")
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answers = [pipe.readline() for _ in range(heard)]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return b"".join([*answers, pipe.read()]).decode().split()


def _deed(cases: list[Case], position: int, key: str) -> Envelope:
    ask = Ask("TakeStep", {"step": "record-contact"}, contact("nobody"))
    return Envelope(cases[position % len(cases)].id, ask, LEAD, "fault", key)


def _check(house: Installation, cases: list[Case], keys: list[str], acknowledged: list[str], tally: Tally) -> None:
    for position, key in enumerate(keys):
        case = cases[position % len(cases)]
        recorded = times_recorded(case.id, key)
        if key in acknowledged and recorded != 1:
            tally.faults.append(f"random: an acknowledged command is recorded {recorded} times")
        if key not in acknowledged:
            house.desk.handle(_deed(cases, position, key))
            if (recorded := times_recorded(case.id, key)) != 1:
                tally.faults.append(f"random: after the retry it is recorded {recorded} times")
    while Clocks(house.desk).step(house.now):
        pass
    for case in cases:
        tally.faults += [f"random: {fault}" for fault in faults_of(case.id)]
        twice = [what for what, count in times_fired(case.id).items() if count != 1]
        tally.faults += [f"random: fired more than once: {what}" for what in twice]
        ring = case.state.next_ring()
        if ring is not None and ring <= house.now:
            tally.faults.append("random: a due clock was skipped")
