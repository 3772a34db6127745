"""Putting a backup's database in place, with sending off from its first instant; what was there is set aside, never destroyed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from holdfast.assurance.manifest import DATABASES
from holdfast.assurance.postgres import run
from holdfast.ledger.append_only import TAKEN_AWAY, revocation

#: What a restored database must not bring back: everybody signs in again, programs with a new token. One that was revoked
#: since the backup would otherwise hold once more.
SIGNED_IN = ("django_session", "partner_visit", "api_token")


def is_empty() -> bool:
    """Whether the database holds no record: it does not exist, is not migrated, or has no entry."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).is_file():
        return True
    if "ledger_entry" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_entry LIMIT 1")
        return cursor.fetchone() is None


def load_sqlite(folder: Path, why: str, now: datetime) -> Path | None:
    """Put the file in place in one move. Gives where the file that was there lies now, if there was one."""
    place = Path(str(connection.settings_dict["NAME"]))
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.restoring")
    shutil.copyfile(folder / DATABASES["sqlite"], draft)
    draft.chmod(0o600)
    with closing(sqlite3.connect(draft)) as copy:
        copy.execute("DELETE FROM delivery_mute")
        stamp = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        copy.execute("INSERT INTO delivery_mute (id, since, why) VALUES (1, ?, ?)", (stamp, why))
        for table in SIGNED_IN:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608
        copy.commit()
    aside = None
    if place.is_file():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        aside = place.with_name(f"{place.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
        place.rename(aside)
    connection.close()
    for companion in ("-wal", "-shm"):
        place.with_name(place.name + companion).unlink(missing_ok=True)
    draft.replace(place)
    handle = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return aside


def load_postgres(
    folder: Path, why: str, now: datetime, owner: Mapping[str, Any], opening: Sequence[str], empty: bool
) -> str | None:
    """Restore as ``owner`` in one transaction. ``opening`` are the statements that open what the owner makes to the application.

    Gives the name of the schema in which lies what was there, if it held a record. Raises ProgramFailed.
    """
    aside = None if empty else f"before_restore_{now:%Y%m%dt%H%M%Sz}"
    connection.close()
    before = "DROP SCHEMA public CASCADE" if aside is None else f"ALTER SCHEMA public RENAME TO {aside}"
    mute = f"INSERT INTO public.delivery_mute (id, since, why) VALUES (1, '{now.isoformat()}', '{_quoted(why)}')"  # noqa: S608
    after = [
        "SET client_min_messages = warning",
        "DELETE FROM public.delivery_mute",
        mute,
        *(f"DELETE FROM public.{table}" for table in SIGNED_IN),  # noqa: S608
        *(revocation(table, privileges) for table, privileges in TAKEN_AWAY.items()),
    ]
    with tempfile.TemporaryDirectory(dir=folder) as drafts:
        begin, script, end = (Path(drafts) / name for name in ("begin.sql", "restore.sql", "end.sql"))
        begin.write_text(_statements([before, "CREATE SCHEMA public", *opening]), encoding="utf-8")
        end.write_text(_statements(after), encoding="utf-8")
        dump = str(folder / DATABASES["postgresql"])
        run("pg_restore", {}, "--no-owner", "--no-privileges", "--schema=public", "-f", str(script), dump)
        files = [part for path in (begin, script, end) for part in ("-f", str(path))]
        run("psql", owner, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, *files)
    return aside


def _statements(statements: Sequence[str]) -> str:
    return "".join(f"{statement};\n" for statement in statements)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
