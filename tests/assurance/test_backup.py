"""Backup and restore on both engines: whole, checked against the outside, nobody brought back, nothing sent unasked."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from holdfast.assurance.backup import make_backup
from holdfast.assurance.manifest import BadBackup, read_manifest
from holdfast.assurance.record import check_record
from holdfast.assurance.witnessed import known_keys, read_witness
from holdfast.config.console import build_parser
from holdfast.deliveries.models import Delivery, Mute
from holdfast.desk import office, persons
from holdfast.desk.rebuild import compare
from holdfast.doors.api.tokens import find_staff, make_token, revoke_tokens
from holdfast.ledger.checkpointer import Checkpointer
from holdfast.ledger.models import Entry
from holdfast.ledger.places import witness_file
from holdfast.people.models import PersonKey, Sealed
from holdfast.worklists.casefile import entries_of
from holdfast.worklists.models import CaseRow
from tests.assurance.conftest import witnessed
from tests.database.supply import Database
from tests.installation import GOVERNANCE, HIGH, KEY, SECOND_GOVERNANCE, Installation


@pytest.fixture
def real(clean_database: Database, outside: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation with real commits, whose keys the command line finds."""
    monkeypatch.setenv("HOLDFAST_MASTER_KEY", base64.b64encode(KEY).decode())
    monkeypatch.setenv("HOLDFAST_OWNER_URL", clean_database.owner_url)
    for kept in (office.the_desk, office.the_keyring):
        kept.cache_clear()
    yield Installation().set_up()
    for kept in (office.the_desk, office.the_keyring):
        kept.cache_clear()


def run(*command: str) -> int:
    arguments = build_parser().parse_args(command)
    return int(arguments.run(arguments))


def checked(house: Installation) -> str:
    keys = known_keys()
    return check_record(read_witness(keys), keys, house.now).word


def test_what_was_backed_up_comes_back_whole_with_sending_off(real, checkpointer: Checkpointer, outside: Path, capsys):
    case = real.accepted(**HIGH)
    token = make_token(GOVERNANCE, "a program", real.now, timedelta(days=9))
    witnessed(checkpointer, real)
    folder = outside / "backup"
    assert run("backup", str(folder)) == 0
    assert "keys are not in this backup" in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} <= {
        "manifest.json",
        "checkpoints.log",
        "holdfast.sqlite3",
        "holdfast.dump",
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    before = [bytes(body) for body in Entry.objects.order_by("id").values_list("body", flat=True)]

    assert revoke_tokens(GOVERNANCE, real.now) == 1
    assert run("restore", str(folder)) == 1
    assert "--into-empty" in capsys.readouterr().err
    assert run("restore", str(folder), "--into-empty") == 0, capsys.readouterr().err

    assert [bytes(body) for body in Entry.objects.order_by("id").values_list("body", flat=True)] == before
    assert checked(real) == "proved"
    assert compare(real.desk.vault) == []
    assert find_staff(token, real.now) is None, "a token that was revoked since does not hold again"
    assert persons.read_card(real.desk, case.person) == {"person.name": "Robin Vale"}
    assert "reconcile" in Mute.objects.get().why
    # The database still refuses what it refused.
    with pytest.raises(Exception, match=r"append-only|permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_entry")
    case.contact()

    queued = list(Delivery.objects.filter(status="queued").values_list("key", flat=True))
    assert len(queued) >= 2
    capsys.readouterr()
    assert run("restore", "--reconcile", "--settle", queued[0]) == 0
    told = capsys.readouterr().out
    assert queued[0] not in told
    assert queued[1] in told
    assert not Mute.objects.exists()
    assert Delivery.objects.get(key=queued[0]).status == "sent"


@pytest.mark.requirement("AUD-03")
def test_an_old_backup_is_refused_until_somebody_accepts_the_exact_loss(
    real, checkpointer: Checkpointer, outside: Path, capsys
):
    case = real.sent()
    witnessed(checkpointer, real)
    kept = Entry.objects.count()
    folder = outside / "backup"
    make_backup(folder, real.now)
    real.wait(hours=1)
    case.accept()
    real.wait(minutes=1)
    case.contact()
    witnessed(checkpointer, real)
    whole = witness_file().read_text("utf-8")

    assert run("restore", str(folder), "--into-empty") == 1
    told = capsys.readouterr()
    assert f"holds {kept} logged entries; {kept + 2} were witnessed" in told.out
    assert "(2 entries," in told.out
    assert Entry.objects.count() == kept + 2
    assert not Mute.objects.exists()

    assert run("restore", str(folder), "--into-empty", "--accept-loss", "--by", GOVERNANCE) == 0, capsys.readouterr()
    [note] = entries_of("record")
    assert (note["actor"], note["events"][0]["event"]) == (GOVERNANCE, "LossAccepted")
    assert (note["events"][0]["kept"], note["events"][0]["witnessed"]) == (kept, kept + 2)
    assert "2 entries lost" in Mute.objects.get().why
    assert checked(real) == "proved"
    [aside] = [path for path in witness_file().parent.iterdir() if "until" in path.name]
    assert aside.read_text("utf-8") == whole
    # The worker goes on from the last checkpoint that fits, and the line stays one line.
    fresh = Checkpointer(checkpointer.key, witness_file(), "here.example.org")
    fresh.require_whole()
    real.wait(hours=1)
    case.accept()
    witnessed(fresh, real)
    assert checked(real) == "proved"
    # Whoever kept the line as it was sees the break.
    broken = check_record(read_witness(known_keys(), aside), known_keys(), real.now)
    assert broken.word == "broken"


def test_somebody_erased_since_the_backup_is_erased_again(real, checkpointer: Checkpointer, outside: Path):
    gone, stays = real.accepted(**HIGH), real.accepted(**HIGH)
    gone.close()
    witnessed(checkpointer, real)
    folder = outside / "backup"
    make_backup(folder, real.now)
    real.wait(hours=1)
    assert persons.erase(real.desk, gone.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    witnessed(checkpointer, real)

    assert run("restore", str(folder), "--into-empty", "--accept-loss", "--by", GOVERNANCE) == 0
    assert persons.read_card(real.desk, gone.person) == {}
    assert not PersonKey.objects.filter(person=gone.person).exists()
    assert not Sealed.objects.filter(person=gone.person).exists()
    assert persons.read_card(real.desk, stays.person) == {"person.name": "Robin Vale"}


def test_a_damaged_backup_is_refused_and_changes_nothing(real, outside: Path, capsys):
    real.sent()
    folder = outside / "backup"
    make_backup(folder, real.now)
    [name] = [name for name in read_manifest(folder).files if name.startswith("holdfast")]
    body = bytearray((folder / name).read_bytes())
    body[len(body) // 2] ^= 1
    (folder / name).write_bytes(body)
    with pytest.raises(BadBackup, match="digest"):
        read_manifest(folder)
    entries = Entry.objects.count()
    assert run("restore", str(folder), "--into-empty") == 1
    assert "damaged" in capsys.readouterr().err
    assert Entry.objects.count() == entries
    (folder / "manifest.json").unlink()
    assert run("restore", str(folder), "--into-empty") == 1


def test_a_backup_folder_is_used_once(real, outside: Path, capsys):
    folder = outside / "backup"
    assert run("backup", str(folder)) == 0
    assert run("backup", str(folder)) == 1
    assert "not empty" in capsys.readouterr().err
    assert json.loads((folder / "manifest.json").read_text())["entries"] == Entry.objects.count()


def test_erasing_needs_two_governance_leads_and_says_what_it_did(real, capsys):
    case = real.accepted(**HIGH)
    alone = ("erase", case.person, "--reason", "asked", "--by", GOVERNANCE, "--signed-by", GOVERNANCE)
    assert run(*alone) == 1
    assert "Another person" in capsys.readouterr().err
    assert run(*alone[:-1], SECOND_GOVERNANCE) == 1
    assert "still open" in capsys.readouterr().err
    assert persons.read_card(real.desk, case.person)
    case.close()
    assert run(*alone[:-1], SECOND_GOVERNANCE) == 0
    assert "Erased, as entry 3" in capsys.readouterr().out, "after the card and the person's lead"
    assert persons.read_card(real.desk, case.person) == {}
    assert checked(real) == "consistent"
    assert compare(real.desk.vault) == []


@pytest.mark.requirement("AUD-03")
def test_verify_names_what_was_changed_and_what_is_exposed(real, checkpointer: Checkpointer, clean_database, capsys):
    case = real.accepted()
    witnessed(checkpointer, real)
    case.contact()
    assert run("verify") == 0
    told = capsys.readouterr().out
    assert "The record is proved." in told
    assert "Exposed: 1 entries" in told
    _as_owner(
        clean_database, f"UPDATE ledger_entry SET body = %s WHERE stream = '{case.id}' AND number = 2", [b'{"v":1}']
    )
    assert run("verify") == 1
    told = capsys.readouterr().out
    assert "The record is broken." in told
    assert f"{case.id} entry 2" in told


def _as_owner(database: Database, sql: str, values: list[object]) -> None:
    """What somebody can do who owns the database and takes its guards away."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(sql, values)
        return
    import psycopg

    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        owner.execute(sql, values)


def test_rebuild_on_the_command_line_names_and_mends(real, capsys):
    case = real.accepted()
    assert run("rebuild") == 0
    CaseRow.objects.filter(case=case.id).update(holder="mallory")
    assert run("rebuild") == 1
    assert f"worklist_case {case.id}: the record gives another holder" in capsys.readouterr().out
    assert run("rebuild", "--write") == 1
    assert "1 put right" in capsys.readouterr().out
    assert run("rebuild") == 0
