"""Somebody with a bare connection and bad intentions: raw SQL past Django, undone when the test ends."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import psycopg

# Literals that the engines write differently.
WRITTEN = {
    "sqlite": {"one": "x'01'", "two": "x'02'", "json": "'[]'"},
    "postgresql": {"one": r"'\x01'::bytea", "two": r"'\x02'::bytea", "json": "'[]'::jsonb"},
}
ERRORS = (sqlite3.Error, psycopg.Error)


@dataclass(frozen=True)
class Attacker:
    """``role`` is application or owner; on SQLite the owner is whoever opens the file with no pragmas of ours."""

    connection: Any
    vendor: str
    role: str

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement; ``{one}`` and ``{two}`` stand for bytes."""
        for name, text in WRITTEN[self.vendor].items():
            sql = sql.replace("{" + name + "}", text)
        cursor = self.connection.execute(sql)
        return cursor.fetchall() if cursor.description else []

    def refused(self, sql: str, *, watching: str) -> str:
        """Run a statement that must be refused and leave the table ``watching`` as it was; gives the words of the refusal."""
        before = self.rows(watching)
        self.run("SAVEPOINT attack")
        try:
            self.run(sql)
        except ERRORS as error:
            said = str(error)
        else:
            said = ""
        self.run("ROLLBACK TO SAVEPOINT attack")
        assert said, f"{self.role} got through: {sql}"
        assert self.rows(watching) == before
        return said

    def changes(self, sql: str, *, watching: str) -> bool:
        """Whether the statement gets through and changes the table; undone at once."""
        before = self.rows(watching)
        self.run("SAVEPOINT attack")
        try:
            self.run(sql)
            return self.rows(watching) != before
        except ERRORS:
            return False
        finally:
            self.run("ROLLBACK TO SAVEPOINT attack")

    def rows(self, table: str) -> list[str]:
        """Every row of a table, in an order that does not depend on it."""
        return sorted(str(tuple(row)) for row in self.run(f"SELECT * FROM {table}"))


def open_attacker(url: str, vendor: str, role: str) -> Attacker:
    """A connection in a transaction that is never committed."""
    if vendor == "sqlite":
        raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        if role == "owner":
            raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("BEGIN IMMEDIATE")
        return Attacker(raw, vendor, role)
    return Attacker(psycopg.connect(url), vendor, role)
