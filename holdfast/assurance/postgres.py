"""PostgreSQL's own programs, told where the database is and never on a command line what the password is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


class ProgramFailed(Exception):
    """A program of PostgreSQL is missing or refused; the message is what it said."""


def run(program: str, database: Mapping[str, Any], *arguments: str) -> None:
    """Run pg_dump, pg_restore or psql on a database given as Django's settings. Raises ProgramFailed."""
    where = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database.get("NAME"),
        **{name: (database.get("OPTIONS") or {}).get(option) for option, name in _OPTIONS.items()},
    }
    env = {**os.environ, **{name: str(value) for name, value in where.items() if value}}
    done = subprocess.run([_find(program), *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProgramFailed(f"{program} refused: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ''}")


def _find(program: str) -> str:
    """The newest one there is: an older program refuses a newer server."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]))
    found = str(kept[-1]) if kept else shutil.which(program)
    if found is None:
        raise ProgramFailed(f"{program} is not on this machine: install PostgreSQL's client programs")
    return found
