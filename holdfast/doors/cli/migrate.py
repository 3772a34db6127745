"""`holdfast migrate`: bring the database to the shape of this version, on PostgreSQL as the owner of its tables."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ENV = "HOLDFAST_OWNER_URL"
# The wiring's own, and above the doors: named here as settings name their parts, not imported.
OPENING = "holdfast.config.roles.opening_statements"
ADDRESS = "holdfast.config.environment.read_database_url"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `migrate`."""
    parser = subparsers.add_parser("migrate", help="bring the database to the shape of this version")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when done, 1 when the database refuses, 2 when the owner's address cannot be used."""
    from django.db.utils import Error

    try:
        return migrate(os.environ.get(OWNER_ENV, ""))
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    except Error as error:
        print(f"The database refused: {str(error).strip()}", file=sys.stderr)
        return 1


def migrate(owner_url: str) -> int:
    """Migrate the database of the settings; on PostgreSQL over `owner_url`, opening it to the application's role first.

    Raises ValueError in plain words when the owner's address is missing, another database's, or the application's own.
    """
    from django.core.management import call_command
    from django.db import connection, connections

    if connection.vendor == "sqlite":
        Path(connections.settings["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        call_command("migrate", verbosity=0, interactive=False)
    else:
        with _as_owner(owner_url) as (owner, application):
            _open(owner, application)
            call_command("migrate", verbosity=0, interactive=False)
    print("The database has the shape of this version.")
    return 0


def _open(owner: str, application: str) -> None:
    """Before the first migration: what the owner will make is open to the application, row by row."""
    from django.db import connection
    from django.utils.module_loading import import_string

    if "django_migrations" in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in import_string(OPENING)(owner, application):
            cursor.execute(statement)


@contextmanager
def _as_owner(owner_url: str) -> Iterator[tuple[str, str]]:
    """The default connection leads to the database as its owner, and back again; gives both roles' names."""
    from django.db import connections
    from django.utils.module_loading import import_string

    settings = connections.settings["default"]
    if not owner_url:
        raise ValueError(
            f"{OWNER_ENV} is not set; give the address of the same database for the role that owns its tables"
        )
    try:
        owner = import_string(ADDRESS)(owner_url)
    except ValueError as fault:
        raise ValueError(str(fault).replace("HOLDFAST_DATABASE_URL", OWNER_ENV)) from None
    if owner["ENGINE"] != settings["ENGINE"] or owner["NAME"] != settings["NAME"]:
        raise ValueError(f"{OWNER_ENV} leads to another database than HOLDFAST_DATABASE_URL")
    if owner["USER"] == settings["USER"]:
        raise ValueError(f"{OWNER_ENV} and HOLDFAST_DATABASE_URL name one role; the owner and the application are two")
    application = dict(settings)
    connections["default"].close()
    settings.update(owner)
    try:
        yield str(owner["USER"]), str(application["USER"])
    finally:
        connections["default"].close()
        settings.update(application)
