"""Workers as real processes: several share the due clocks, and one that is told to stop finishes its step."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils import timezone

from holdfast.clocks.models import Clock, Heartbeat
from holdfast.workers.command import DUTIES
from holdfast.worklists.casefile import entries_of
from tests.installation import KEY, PATHWAY, SENDER, Installation

CASES = 300


def started(database, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        **database.environment,
        "HOLDFAST_SECRET_KEY": "for-tests-only-" + "0" * 50,
        "HOLDFAST_MASTER_KEY": base64.b64encode(KEY).decode(),
        "HOLDFAST_DATA": str(folder / "data"),
    }
    command = [sys.executable, "-m", "holdfast.config.console", "worker", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])


def open_many(house: Installation, count: int) -> list[str]:
    """Cases of one person, opened months ago by the machine's clock: everything of theirs is due."""
    person = house.person()
    cases = []
    with transaction.atomic():
        for number in range(count):
            from holdfast.desk.envelope import Ask, Envelope

            case = f"case:{number:032x}"
            values = {
                "case": case,
                "pathway": PATHWAY,
                "subject": person,
                "parties": {"sender": "ward", "receiver": "north"},
                "holder": SENDER,
            }
            outcome = house.desk.handle_inside(Envelope(case, Ask("OpenCase", values), SENDER, "test"))
            assert outcome.accepted, outcome.refusal
            cases.append(case)
    return cases


@pytest.mark.requirement("ESC-06")
@pytest.mark.hazard("HZ-77")
def test_several_processes_fire_every_due_clock_exactly_once(clean_database, tmp_path):
    cases = open_many(Installation().set_up(), CASES)
    due = dict(Clock.objects.filter(rings__lte=timezone.now()).values_list("id", "stream"))
    assert set(due.values()) == set(cases)
    connections.close_all()
    workers = [started(clean_database, tmp_path, "--once", "--duties", "clocks") for _ in range(3)]
    for worker in workers:
        _, said = worker.communicate(timeout=240)
        assert worker.returncode == 0, said.decode()
    for case in cases:
        firings = [entry for entry in entries_of(case) if entry["command"]["kind"] == "FireClocks"]
        assert len(firings) == 1, case
        events = firings[0]["events"]
        turns = Counter((e["id"], e["turn"]) for e in events if e["event"] == "RungFired")
        assert turns and set(turns.values()) == {1}
        breaches = [e for e in events if e["event"] == "ObligationBreached"]
        assert all("no worker was running until" in e["why_late"] for e in breaches) and breaches
    assert not Clock.objects.filter(rings__lte=timezone.now()).exists()
    assert not Clock.objects.filter(id__in=due).exists(), "each firing armed another clock"


def test_a_worker_told_to_stop_finishes_and_says_how_long_it_lived(clean_database, tmp_path):
    Installation().set_up()
    connections.close_all()
    worker = started(clean_database, tmp_path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and Heartbeat.objects.values("duty").distinct().count() < len(DUTIES):
        connections.close_all()
        time.sleep(0.3)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=30)
    assert worker.returncode == 0, said.decode()
    assert set(Heartbeat.objects.values_list("duty", flat=True)) == set(DUTIES)
    assert (tmp_path / "data-witness" / "checkpoints.log").is_file()


def test_a_duty_that_does_not_exist_is_named(clean_database, tmp_path):
    worker = started(clean_database, tmp_path, "--once", "--duties", "clocks,tea")
    _, said = worker.communicate(timeout=60)
    assert worker.returncode == 2 and b"tea" in said
