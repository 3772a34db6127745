"""One migrated template, and fresh databases copied from it when a test asks: SQLite files or PostgreSQL databases."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.core.management import call_command
from django.db import connections

from holdfast.config.environment import read_database_url
from holdfast.config.roles import opening_statements
from tests.database.cluster import APPLICATION, OWNER, Cluster


@dataclass(frozen=True, slots=True)
class Database:
    """A database that holds real commits: `url` as the application sees it, `owner_url` as the owner does."""

    name: str
    url: str
    owner_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process of its own needs in its environment to work on this database."""
        return {"HOLDFAST_DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "holdfast.config.settings"}


class Supply(Protocol):
    """Where fresh databases come from."""

    def make(self, name: str) -> Database:
        """A fresh copy of the migrated template."""

    def drop(self, database: Database) -> None:
        """Remove it; nobody may be connected who matters."""


def point_to(url: str) -> None:
    """Make the default connection, of every thread that opens one from now on, lead to this database."""
    connections["default"].close()
    settings = connections.settings["default"]
    settings.update({key: value for key, value in read_database_url(url).items() if key != "OPTIONS"})


class SqliteSupply:
    """Copies of one migrated file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"
        point_to(f"sqlite:///{self.template}")
        call_command("migrate", verbosity=0, interactive=False)
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections["default"].close()

    def make(self, name: str) -> Database:
        """A copy of the file; owner and application are one on SQLite, where whoever owns the file owns all."""
        path = self.folder / f"{name}.sqlite3"
        shutil.copyfile(self.template, path)
        return Database(name, f"sqlite:///{path}", f"sqlite:///{path}")

    def drop(self, database: Database) -> None:
        """Remove the file and its companions."""
        for path in self.folder.glob(f"{database.name}.sqlite3*"):
            path.unlink()


def drop_database(url: str, name: str) -> None:
    """Remove a database and end whoever is connected; the cleaner that the server itself sends is waited for, not ended."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as owner:
        for _ in range(100):
            try:
                owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                return
            except psycopg.errors.InsufficientPrivilege:
                time.sleep(0.1)
        raise RuntimeError(f"{name} is still in use by the server itself")


class PostgresSupply:
    """Copies of one template database, migrated by the owner and used by the application."""

    def __init__(self, cluster: Cluster, prefix: str) -> None:
        self.cluster = cluster
        self.prefix = prefix
        self.template = f"{prefix}_template"
        self._as_owner(f"CREATE DATABASE {self.template}", "postgres")
        for statement in opening_statements(OWNER, APPLICATION):
            self._as_owner(statement, self.template)
        point_to(cluster.url(OWNER, self.template))
        call_command("migrate", verbosity=0, interactive=False)
        connections["default"].close()

    def make(self, name: str) -> Database:
        """A database copied from the template, for the application's role."""
        name = f"{self.prefix}_{name}"
        self._as_owner(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY file_copy", "postgres")
        return Database(name, self.cluster.url(APPLICATION, name), self.cluster.url(OWNER, name))

    def drop(self, database: Database) -> None:
        """Remove it, and end whoever is still connected."""
        drop_database(self.cluster.url(OWNER, "postgres"), database.name)

    def _as_owner(self, statement: str, database: str) -> None:
        self._run(statement, self.cluster.url(OWNER, database))

    @staticmethod
    def _run(statement: str, url: str) -> None:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)
