"""Fifty callers want the same slot in the same instant, from threads and from processes: one has it, the others are told what is free."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from holdfast.capacity.models import SlotRow
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope, Outcome
from holdfast.desk.rebuild import compare
from tests.capacity.harbour import berth, berths, harbour, hold, ship, turn_over
from tests.desk.test_racing import at_once
from tests.installation import KEY, SENDER, Installation, given, keyring

CALLERS = 50


@pytest.fixture
def house(clean_database: object) -> Installation:
    return harbour()


def booking(house: Installation, case: str, slot: str, key: str) -> Outcome:
    ask = Ask("TakeStep", {"step": "book-berth"}, {"berth.at": given(slot)})
    return Desk(keyring(), clock=lambda: house.now).handle(Envelope(case, ask, SENDER, "test", key))


@pytest.mark.requirement("STP-03", "CAP-06")
@pytest.mark.hazard("HZ-55")
def test_fifty_threads_and_five_slots_leave_five_winners(house: Installation) -> None:
    hold(house, places=5)
    cases = [ship(house) for _ in range(CALLERS)]

    def wants(case: str) -> Outcome:
        """Takes the slot that the refusal names, until there is none."""
        slot, outcome, tries = berth(house), None, 0
        while outcome is None or (outcome.refusal is not None and outcome.refusal.missing):
            outcome = booking(house, case, slot, f"{case}-{tries}")
            slot, tries = (
                outcome.refusal.missing[0].what if outcome.refusal and outcome.refusal.missing else slot,
                tries + 1,
            )
        return outcome

    ended = at_once([lambda case=case.id: wants(case) for case in cases])
    assert Counter(e.accepted if isinstance(e, Outcome) else repr(e) for e in ended) == {True: 5, False: CALLERS - 5}
    assert {e.refusal.code for e in ended if isinstance(e, Outcome) and e.refusal} == {"slot_taken"}
    rows = list(SlotRow.objects.values_list("status", "case"))
    assert {status for status, _ in rows} == {"booked"} and len({case for _, case in rows}) == 5
    assert compare(house.desk.vault) == []


@pytest.mark.requirement("STP-03", "CAP-06")
@pytest.mark.hazard("HZ-55")
def test_five_processes_with_ten_callers_each_leave_one_winner(
    house: Installation, clean_database, tmp_path: Path
) -> None:
    hold(house)
    hold(house, hours=48)
    cases = [ship(house).id for _ in range(CALLERS)]
    environment = {
        **os.environ,
        **clean_database.environment,
        "DJANGO_SETTINGS_MODULE": "holdfast.config.settings",
        "HOLDFAST_SECRET_KEY": "for-tests-only-" + "0" * 50,
        "HOLDFAST_MASTER_KEY": base64.b64encode(KEY).decode(),
        "HOLDFAST_DATA": str(tmp_path / "data"),
    }
    command = [sys.executable, "-m", "tests.capacity.racer", berth(house)]
    racers = [
        subprocess.Popen(
            [*command, *cases[start : start + 10]],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for start in range(0, CALLERS, 10)
    ]
    ended: dict[str, list[str]] = {}
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    for racer in racers:
        said, _ = racer.communicate(timeout=200)
        ended |= json.loads(said)
    assert len(ended) == CALLERS
    assert Counter(came[0] for came in ended.values()) == {"booked": 1, "slot_taken": CALLERS - 1}
    # Everybody else is told the same next free one.
    assert {tuple(came[1:]) for came in ended.values() if came[0] == "slot_taken"} == {(berth(house, hours=48),)}


@pytest.mark.requirement("STP-03")
def test_booking_and_offering_at_once_neither_lock_up_nor_give_a_slot_twice(house: Installation) -> None:
    hold(house, places=4)
    booked, waiting = [ship(house) for _ in range(4)], [ship(house) for _ in range(8)]
    for place, case in enumerate(booked, start=1):
        assert booking(house, case.id, berth(house, place=place), f"first-{place}").accepted
    for case in waiting:
        case.step("wait-for-berth", SENDER)

    def close(case: str) -> Outcome:
        desk = Desk(keyring(), clock=lambda: house.now)
        return desk.handle(Envelope(case, Ask("CloseCase", {"endpoint": "in-port"}), SENDER, "test", f"end-{case}"))

    def offer() -> bool:
        for _ in range(5):
            turn_over(house)
        return True

    ended = at_once([*(lambda case=case.id: close(case) for case in (*booked, *waiting[:4])), offer, offer])
    assert [e for e in ended if not (e is True or getattr(e, "accepted", False))] == []
    turn_over(house)
    current = [slot for slot in berths().slots.values() if slot.case]
    assert {slot.case for slot in current} == {case.id for case in waiting[4:]}
    assert compare(house.desk.vault) == []
