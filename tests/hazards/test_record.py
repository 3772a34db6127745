"""Hazards of the record: two times on everything, nothing lost, nothing half done, nothing changed unseen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction

from holdfast.assurance.witnessed import known_keys, read_witness
from holdfast.clocks.rows import clocks_of
from holdfast.core.state import State
from holdfast.desk import rebuild
from holdfast.ledger.checkpointer import the_checkpointer
from holdfast.ledger.models import Entry, Head, Leaf
from holdfast.ledger.proof import Report, check_ledger
from holdfast.workers.clocks import Clocks
from holdfast.worklists.casefile import entries_of
from holdfast.worklists.models import Exceptional
from tests.faults.crash import POINTS
from tests.faults.kills import Tally, command_trial
from tests.faults.wholeness import faults_of, times_fired
from tests.hazards.control import fails_without
from tests.installation import (
    HIGH,
    LEAD,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER_LAST_RESORT,
    SENDER_SUPERVISOR,
    Installation,
    contact,
    given,
)
from tests.ledger.stored import Stored

LATE = {"late_reason": "No signal on the visit; back from leave today."}


def both_times_are_kept(house: Installation) -> None:
    """HZ-68: a late entry shows when it happened, when it was written down and why only then; the record cannot be changed."""
    case = house.accepted()
    visit = house.now + timedelta(hours=10)
    house.tick(case, until=visit + timedelta(hours=80))
    assert case.promise("first-contact").breached, "the deadline was not missed"
    deed = contact("person", "visit")
    outcome = case.ask("TakeStep", LEAD, deed, occurred=visit, step="record-contact")
    assert not outcome.accepted, "HZ-68: a deed of 80 hours ago is written down without a word why"
    assert outcome.refusal.code == "late_reason_missing", f"HZ-68: refused as {outcome.refusal.code}"
    ahead = case.refused("TakeStep", LEAD, deed, occurred=house.now + timedelta(hours=1), step="record-contact")
    assert ahead.code == "in_the_future", "HZ-68: a deed is written down before it happened"
    case.does("TakeStep", LEAD, deed, LATE, occurred=visit, step="record-contact")
    entry = entries_of(case.id)[-1]
    assert (entry["occurred"], entry["recorded"]) == (visit.isoformat(), house.now.isoformat()), (
        "HZ-68: one time is lost"
    )
    (taken,) = [event for event in entry["events"] if event["event"] == "StepTaken"]
    assert taken["late"] and taken["late_reason"], "HZ-68: late writing is not visible"
    assert case.promise("first-contact").status == "annulled", (
        "HZ-68: done in time, written up late, counts as a breach"
    )
    kinds = set(Exceptional.objects.filter(case=case.id).values_list("kind", flat=True))
    assert {"breach", "late-record"} <= kinds, f"HZ-68: governance sees only {kinds}"
    for change in ("UPDATE ledger_entry SET body = body", "DELETE FROM ledger_entry"):
        assert _refused_by_the_database(change), f"HZ-68: {change} went through"


def _refused_by_the_database(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError:
        return True
    return False


def _never_late(*arguments: Any) -> bool:
    return False


@pytest.mark.hazard("HZ-68")
@pytest.mark.requirement("CON-07", "AUD-03")
def test_hz_68_both_times_are_kept(house: Installation) -> None:
    both_times_are_kept(house)


@pytest.mark.control_off("HZ-68")
def test_hz_68_without_its_control(house: Installation) -> None:
    fails_without("HZ-68", both_times_are_kept, house, _never_late, "holdfast.core.stepping:check_occurred")


def no_clock_makes_it_earlier_or_later(house: Installation) -> None:
    """HZ-76: the server's clock leaps back and forth, and summer time begins: recorded time never goes back, no deadline moves."""
    house.now = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)
    case = house.accepted(**HIGH)
    for leap in (timedelta(hours=-5), timedelta(days=-400), timedelta(hours=1)):
        right = house.now
        house.now += leap
        case.does("FillPacket", LEAD, {"risk.triggers": given(str(leap))})
        house.now = right
    recorded = [datetime.fromisoformat(entry["recorded"]) for entry in entries_of(case.id)]
    assert recorded == sorted(recorded), "HZ-76: recorded time went back with the clock"
    assert all(moment.tzinfo == UTC for moment in recorded), "HZ-76: a time is kept without its zone"
    # In London clocks go forward in this night: 24 hours are 24 hours, and the day ends at its own midnight.
    first, told = case.promise("first-contact"), case.promise("person-told")
    assert first.due - first.started == timedelta(hours=24), f"HZ-76: 24 hours became {first.due - first.started}"
    assert told.due == datetime(2026, 3, 29, tzinfo=UTC), f"HZ-76: the same day ends at {told.due}"
    house.now = max(recorded)
    case.contact(ideation="plan")
    due = case.promise("clinical-response").due
    case.does("Acknowledge", RECEIVER_SUPERVISOR, promise=case.promise("clinical-response").id)
    assert case.promise("clinical-response").due == due, "HZ-76: a clock of the highest tier was paused"
    house.tick(case, until=due + timedelta(hours=1))
    assert case.promise("clinical-response").status == "breached", "HZ-76: its time passed unseen"


def _as_the_clock_says(desk: Any, now: datetime, head: Any) -> datetime:
    return now


@pytest.mark.hazard("HZ-76")
@pytest.mark.requirement("BEY-24")
def test_hz_76_no_clock_makes_it_earlier_or_later(house: Installation) -> None:
    no_clock_makes_it_earlier_or_later(house)


@pytest.mark.control_off("HZ-76")
def test_hz_76_without_its_control(house: Installation) -> None:
    fails_without("HZ-76", no_clock_makes_it_earlier_or_later, house, _as_the_clock_says)


def every_clock_fires_once(house: Installation) -> None:
    """HZ-77: a worker dies between claiming and writing, two others follow: each due clock has fired once, late and explained."""
    cases = [house.sent() for _ in range(3)]
    house.wait(hours=24, minutes=5)
    with pytest.raises(_Killed), patch("holdfast.desk.points.passing", _killed_at("clocks")):
        Clocks(house.desk).step(house.now)
    assert not any(case.told("receipt") for case in cases), "HZ-77: a firing that was not committed is there"
    for _ in range(4):
        for worker in (Clocks(house.desk), Clocks(house.desk)):
            worker.step(house.now)
    for case in cases:
        told = case.told("receipt")
        assert told == [RECEIVER], f"HZ-77: one due clock fired {len(told)} times"
        (breach,) = [e for e in case.events("ObligationBreached") if e["id"] == "receipt#1"]
        assert breach["late_by"] == 300 and breach["why_late"], "HZ-77: late, and it does not say how late and why"
        assert set(times_fired(case.id).values()) == {1}, "HZ-77: a clock fired twice"
        assert clocks_of(case.id) and case.state.next_ring() > house.now, "HZ-77: the next clock is not armed"
    house.wait(hours=2)
    for _ in range(4):
        Clocks(house.desk).step(house.now)
    for case in cases:
        told = case.told("receipt")
        assert len(told) == 2 and told[1] in (SENDER_SUPERVISOR, SENDER_LAST_RESORT), f"HZ-77: next {told}"


class _Killed(BaseException):
    """As if the process had ended here."""


def _killed_at(wanted: str) -> Callable[[str], None]:
    def passing(point: str) -> None:
        if point == wanted:
            raise _Killed

    return passing


def _still_ringing(state: State, event: Any) -> None:
    promise = state.promises[event.id]
    state.promises[event.id] = replace(promise, rung=event.rung + 1, turn=event.turn)


@pytest.mark.hazard("HZ-77")
@pytest.mark.requirement("ESC-06")
def test_hz_77_every_clock_fires_once(house: Installation) -> None:
    every_clock_fires_once(house)


@pytest.mark.control_off("HZ-77")
def test_hz_77_without_its_control(house: Installation) -> None:
    fails_without("HZ-77", every_clock_fires_once, house, _still_ringing)


@pytest.fixture
def committing(clean_database: object) -> Installation:
    """An installation whose commits are real, so that another process can be killed between them."""
    return Installation().set_up()


def what_was_acknowledged_is_there_once(house: Installation) -> None:
    """HZ-83: a writer is killed (SIGKILL) at every point of a write and the sender tries again: nothing lost, nothing twice."""
    tally = Tally()
    case = house.accepted()
    for point in POINTS:
        command_trial(house, case, point, tally)
    assert not tally.faults, f"HZ-83: {'; '.join(tally.faults)}"
    assert tally.killed == len(POINTS), f"only {tally.killed} of {len(POINTS)} writers were killed"
    assert tally.acknowledged == 1, "a writer was answered before its commit"


def _forgotten(*anything: Any) -> None:
    """Answers that nobody keeps."""


@pytest.mark.hazard("HZ-83")
@pytest.mark.requirement("ESC-06")
def test_hz_83_what_was_acknowledged_is_there_once(committing: Installation) -> None:
    what_was_acknowledged_is_there_once(committing)


@pytest.mark.control_off("HZ-83")
def test_hz_83_without_its_control(committing: Installation) -> None:
    place = "holdfast.desk.desk:remember"
    fails_without("HZ-83", what_was_acknowledged_is_there_once, committing, _forgotten, place)


def a_write_is_whole_or_not_there(house: Installation) -> None:
    """HZ-84: a write breaks at each of its points: nothing of it stays; what was changed by hand is found by a rebuild."""
    case = house.accepted()
    before = len(entries_of(case.id))
    for point in ("decided", "entry", "worklists", "clocks", "deliveries", "answered"):
        with pytest.raises(_Broken), patch("holdfast.desk.points.passing", _broken_at(point)):
            case.contact()
        assert len(entries_of(case.id)) == before, f"HZ-84: a write that broke at {point} is in the record"
        assert faults_of(case.id) == [], f"HZ-84: a write that broke at {point} left {faults_of(case.id)}"
    case.contact()
    assert faults_of(case.id) == [], f"HZ-84: a whole write left {faults_of(case.id)}"
    assert rebuild.compare(house.desk.vault) == [], "HZ-84: the tables are not what the record gives"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clock WHERE stream = %s AND promise = 'resolution#1'", [case.id])
        cursor.execute("UPDATE worklist_case SET tier = 'other' WHERE \"case\" = %s", [case.id])
    found = {difference.table for difference in rebuild.compare(house.desk.vault)}
    assert {"clock", "worklist_case"} <= found, f"HZ-84: what was changed by hand is seen only in {found}"
    for _ in rebuild.rebuild(house.desk.vault, write=True):
        pass
    assert faults_of(case.id) == [], "HZ-84: a rebuild does not put it right"


class _Broken(RuntimeError):
    """Something goes wrong in the middle of a write."""


def _broken_at(wanted: str) -> Callable[[str], None]:
    def passing(point: str) -> None:
        if point == wanted:
            raise _Broken

    return passing


@pytest.mark.hazard("HZ-84")
def test_hz_84_a_write_is_whole_or_not_there(house: Installation) -> None:
    a_write_is_whole_or_not_there(house)


@pytest.mark.control_off("HZ-84")
def test_hz_84_without_its_control(house: Installation) -> None:
    fails_without("HZ-84", a_write_is_whole_or_not_there, house, SimpleNamespace(atomic=nullcontext))


@pytest.fixture
def witnessed(house: Installation, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation whose record stands under a signed checkpoint outside the database."""
    monkeypatch.delenv("HOLDFAST_WITNESS", raising=False)
    settings.HOLDFAST_DATA = tmp_path / "data"
    return house


def an_insider_is_seen(house: Installation) -> None:
    """HZ-85: with the whole database in hand somebody backdates a receipt and makes everything agree: the outside tells."""
    case = house.sent()
    house.wait(hours=30)
    case.accept()
    checkpointer = the_checkpointer("here.example.org")
    while checkpointer.collect(house.now):
        pass
    checkpointer.checkpoint(house.now, at_once=True)
    copy = _copied()
    assert _report(copy, house).faults == [], "the untouched record has faults"
    _backdate(copy, case.id)
    clumsy = _report(copy, house)
    assert (clumsy.word, clumsy.faults[0].stream) == ("broken", case.id), "HZ-85: an edited entry is not named"
    copy.relog(case.id)
    thorough = _report(copy, house)
    assert thorough.word == "broken", f"HZ-85: a backdated record that agrees with itself is called {thorough.word}"
    assert thorough.faults[0].kind == "rewritten-log", f"HZ-85: it is called {thorough.faults[0].kind}"
    assert _report(_copied(), house).word == "proved", "HZ-85: the untouched record is not proved"
    for change in ("UPDATE ledger_leaf SET digest = digest", "DELETE FROM ledger_leaf"):
        assert _refused_by_the_database(change), f"HZ-85: {change} went through"


def _copied() -> Stored:
    """The whole record as somebody with the database in hand has it, and the lines outside, which they have not."""
    copy = Stored(lines=list(read_witness(known_keys()).lines))
    for entry in Entry.objects.order_by("stream", "number"):
        copy.rows.setdefault(entry.stream, []).append((entry.number, entry.digest, bytes(entry.body)))
    copy.leaves = list(Leaf.objects.order_by("index").values_list("stream", "number", "digest"))
    copy.heads = {head.stream: (head.number, head.digest) for head in Head.objects.all()}
    return copy


def _backdate(copy: Stored, stream: str) -> None:
    """Say that the last entry, the receipt, was recorded 29 hours earlier, and chain the case anew."""
    bodies = copy.bodies(stream)
    recorded = datetime.fromisoformat(str(bodies[-1]["recorded"]))
    bodies[-1]["recorded"] = (recorded - timedelta(hours=29)).isoformat()
    copy.write(stream, bodies)


def _report(copy: Stored, house: Installation) -> Report:
    leaves = ((index, *leaf) for index, leaf in enumerate(copy.leaves))
    return check_ledger(sorted(copy.rows.items()), leaves, copy.heads, copy.lines, known_keys(), house.now)


def _nothing_outside(*arguments: Any) -> None:
    """As if no checkpoint had ever left the database."""


@pytest.mark.hazard("HZ-85")
@pytest.mark.requirement("AUD-03")
def test_hz_85_an_insider_is_seen(witnessed: Installation) -> None:
    an_insider_is_seen(witnessed)


@pytest.mark.control_off("HZ-85")
def test_hz_85_without_its_control(witnessed: Installation) -> None:
    fails_without("HZ-85", an_insider_is_seen, witnessed, _nothing_outside)
