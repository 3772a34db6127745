"""A backup: the database as it is at one instant, the outside checkpoints beside it, and a manifest; never the keys."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from holdfast.assurance.manifest import CHECKPOINTS, DATABASES, Manifest, digest_of, write_manifest
from holdfast.assurance.postgres import run
from holdfast.ledger.places import witness_file

_COUNTS = "SELECT (SELECT COUNT(*) FROM ledger_entry), (SELECT COUNT(*) FROM ledger_leaf)"


def make_backup(folder: Path, now: datetime) -> Manifest:
    """Back up into a folder that is new or empty, while everybody works on. Raises FileExistsError, ProgramFailed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: give each backup a folder of its own")
    folder.chmod(0o700)
    names = []
    # Before the database: then the copy of the checkpoints is never ahead of it.
    if witness_file().is_file():
        shutil.copyfile(witness_file(), folder / CHECKPOINTS)
        names.append(CHECKPOINTS)
    name = DATABASES[connection.vendor]
    names.append(name)
    entries, logged = _dump(folder / name) if connection.vendor == "postgresql" else _copy(folder / name)
    for one in names:
        (folder / one).chmod(0o600)
    files = {one: digest_of(folder / one) for one in names}
    manifest = Manifest(now, connection.vendor, version("holdfast"), entries, logged, files)
    write_manifest(folder, manifest)
    return manifest


def _copy(path: Path) -> tuple[int, int]:
    """By SQLite's backup: one consistent copy, in one file without a journal."""
    connection.ensure_connection()
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (found,) = copy.execute("PRAGMA quick_check").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
        entries, logged = copy.execute(_COUNTS).fetchone()
    return int(entries), int(logged)


def _dump(path: Path) -> tuple[int, int]:
    """By pg_dump, of the very snapshot that is counted."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            cursor.execute(_COUNTS)
            entries, logged = cursor.fetchone()
            path.touch(mode=0o600)
            run("pg_dump", connection.settings_dict, "-Fc", f"--snapshot={snapshot}", "-f", str(path))
        finally:
            cursor.execute("ROLLBACK")
    return int(entries), int(logged)
