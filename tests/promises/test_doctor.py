"""`holdfast doctor` says what is wrong and what to do, and is silent about what is well."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as live
from django.db import connection

from holdfast.clocks.models import Heartbeat, Stalled
from holdfast.core.calendars import Calendar
from holdfast.core.parties import Organisation, Staff, Team
from holdfast.deliveries.models import Delivery, Mute
from holdfast.directory.items import item_to_plain
from holdfast.directory.writing import put_items
from holdfast.doors.cli.doctor import report
from holdfast.ledger.models import Entry
from tests.database.supply import point_to

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings, tmp_path, monkeypatch):
    settings.HOLDFAST_DATA = tmp_path / "data"
    settings.HOLDFAST_MASTER_KEY = None
    monkeypatch.setenv("HOLDFAST_WITNESS", str(tmp_path / "witness.log"))
    return tmp_path


def furnish(*, active: bool = True, calendar: Calendar | None = None, emergency: str = "555-0199") -> None:
    items = [
        Organisation("o", "Harbour", "ana", emergency),
        Staff("ana", "Ana", "o", frozenset(), active=active),
        Team("t", "Larch", "o", calendar or Calendar.always_open("Europe/London"), address="larch@example.org"),
    ]
    put_items([item_to_plain(item) for item in items], 1)


def beat(age: timedelta) -> None:
    Heartbeat.objects.create(worker="w", duty="clocks", beat_at=NOW - age, started_at=NOW - age)


def entry() -> None:
    Entry.objects.create(stream="c", number=1, recorded_at=NOW, digest="d", body=b"x")


def faults(capsys) -> str:
    """What the doctor says of an installation that must have a fault."""
    assert report(NOW) == 1
    return capsys.readouterr().out


def test_a_sound_installation_has_no_fault(capsys):
    furnish()
    beat(timedelta(seconds=30))
    assert report(NOW) == 0
    assert "FAULT" not in capsys.readouterr().out


def test_an_organisation_without_an_emergency_number(capsys):
    furnish(emergency="")
    beat(timedelta(seconds=30))
    said = faults(capsys)
    assert "Harbour has no emergency number" in said and "at the organisation" in said


def test_a_new_one_lacks_workers_and_people(capsys):
    said = faults(capsys)
    assert "No worker was ever heard from" in said
    assert "The directory is empty" in said


def test_a_silent_worker_and_cases_that_fail(capsys):
    beat(timedelta(hours=5))
    Stalled.objects.create(stream="c", since=NOW, says="x")
    said = faults(capsys)
    assert "The worker for clocks was last heard from 5 h" in said
    assert "The clocks of 1 cases fail" in said


def test_messages_that_wait_and_sending_that_is_off(capsys):
    Mute.objects.create(since=NOW - timedelta(days=3), why="restored")
    Delivery.objects.create(
        key="k", stream="c", number=1, recipient="r", notice="n", about="", by="email", status="queued",
        due_at=NOW - timedelta(hours=3), next_try=NOW - timedelta(hours=3),
    )  # fmt: skip
    said = faults(capsys)
    assert "1 messages wait to leave, the oldest 3 h too late" in said
    assert "Sending is off, for 3 days: restored" in said


def test_keys_that_others_can_read(places, capsys):
    keys = places / "data-keys"
    keys.mkdir()
    (keys / "master.key").write_text("x")
    (keys / "master.key").chmod(0o644)
    assert f"chmod 600 {keys / 'master.key'}" in faults(capsys)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (None, "no checkpoint is in"),
        ("nonsense", "is not a checkpoint"),
        (json.dumps({"size": 9, "at": NOW.isoformat()}), "covers 9 entries and only 1 are stored"),
        (json.dumps({"size": 0, "at": (NOW - timedelta(hours=4)).isoformat()}), "is 4 h old and 1 entries"),
    ],
)
def test_checkpoints_that_do_not_cover_the_record(places, capsys, line, says):
    entry()
    if line is not None:
        (places / "witness.log").write_text(line + "\n")
    assert says in faults(capsys)


def test_a_checkpoint_of_everything_is_never_too_old(places, capsys):
    furnish()
    beat(timedelta(0))
    entry()
    (places / "witness.log").write_text(json.dumps({"size": 1, "at": (NOW - timedelta(days=9)).isoformat()}))
    assert report(NOW) == 0


def test_calendars_that_end_and_nobody_left(capsys):
    short = Calendar("Europe/London", (), frozenset(), (), date(2026, 1, 1), date(2026, 3, 10))
    furnish(active=False, calendar=short)
    said = faults(capsys)
    assert "The calendar of Larch ends on 2026-03-10" in said
    assert "Harbour has no last-resort person who is active" in said


def test_guards_that_are_gone(capsys, monkeypatch):
    monkeypatch.setattr("holdfast.ledger.guarded.broken_promises", lambda: ["the guard x is missing"])
    assert "The guard x is missing." in faults(capsys)


def test_a_database_of_an_older_shape_stops_the_rest(capsys):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ledger' AND name = '0003_shown'")
    said = faults(capsys)
    assert "Run: holdfast migrate" in said
    assert "workers" not in said


def test_a_database_that_is_not_there(clean_database, tmp_path, capsys):
    postgres = "postgresql" in live.DATABASES["default"]["ENGINE"]
    point_to("postgres://nobody@127.0.0.1:1/none" if postgres else f"sqlite:///{tmp_path / 'none.sqlite3'}")
    said = faults(capsys)
    assert ("cannot be reached" if postgres else "There is no database file") in said
    assert "workers" not in said
