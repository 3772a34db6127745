"""A guard that is taken away, altered or switched off is seen; every table of the database is on the page."""

import pytest
from django.conf import settings
from django.db import connection

from holdfast.ledger.append_only import made
from holdfast.ledger.guarded import broken_promises
from holdfast.ledger.tables import TABLES
from tests.database.supply import point_to
from tests.promises.attacker import open_attacker

VENDOR = "postgresql" if "postgresql" in settings.DATABASES["default"]["ENGINE"] else "sqlite"
ON = " ON ledger_entry" if VENDOR == "postgresql" else ""
NAME = "ledger_entry_guards_update"


def as_owner(database, *statements: str) -> None:
    owner = open_attacker(database.owner_url, VENDOR, "owner")
    for statement in statements:
        owner.run(statement)
    owner.connection.commit()
    owner.connection.close()


@pytest.mark.django_db
def test_every_promise_is_kept_after_the_migrations():
    assert broken_promises() == []


@pytest.mark.django_db
def test_every_table_is_on_the_page():
    assert sorted(connection.introspection.table_names()) == sorted(table.name for table in TABLES)


def test_each_table_that_is_said_to_keep_something_has_a_guard():
    assert {guard.table for guard in made(VENDOR)} == {table.name for table in TABLES if table.keeps}


@pytest.mark.requirement("AUD-03")
def test_a_guard_taken_away_is_seen(clean_database):
    as_owner(clean_database, f"DROP TRIGGER {NAME}{ON}")
    assert broken_promises() == [f"the guard {NAME} is missing"]


def test_a_guard_altered_is_seen(clean_database):
    if VENDOR == "postgresql":
        as_owner(
            clean_database,
            f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
        )
    else:
        harmless = f"CREATE TRIGGER {NAME} BEFORE UPDATE ON ledger_entry WHEN 0 BEGIN SELECT RAISE(ABORT, ''); END"
        as_owner(clean_database, f"DROP TRIGGER {NAME}", harmless)
    assert broken_promises() == [f"the guard {NAME} was altered"]


@pytest.mark.skipif(VENDOR == "sqlite", reason="SQLite has no switch and no roles")
def test_a_guard_switched_off_and_a_right_given_are_seen(clean_database):
    as_owner(
        clean_database,
        f"ALTER TABLE ledger_entry DISABLE TRIGGER {NAME}",
        "CREATE OR REPLACE TRIGGER ledger_leaf_guards_update BEFORE UPDATE ON ledger_leaf"
        " FOR EACH ROW WHEN (false) EXECUTE FUNCTION ledger_leaf_guards_update()",
        "GRANT DELETE ON person_erasure TO holdfast_app",
        "GRANT TRUNCATE ON person_sealed TO PUBLIC",
    )
    assert sorted(broken_promises()) == [
        "the application's role has one of UPDATE, DELETE, TRUNCATE on person_erasure",
        "the application's role has one of UPDATE, TRUNCATE on person_sealed",
        f"the guard {NAME} is switched off",
        "the guard ledger_leaf_guards_update is switched off",
    ]


@pytest.mark.skipif(VENDOR == "sqlite", reason="SQLite has no roles")
def test_working_as_the_owner_is_seen(clean_database):
    point_to(clean_database.owner_url)
    assert broken_promises() == ["the application connects as the owner of the tables, who can take the guards away"]
