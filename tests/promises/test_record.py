"""What is in the record stays as it was written, whoever asks."""

import pytest

from tests.promises.conftest import AT, D1, D2

APPEND_ONLY = ("ledger_entry", "ledger_leaf", "pathway_edition", "person_erasure")
COLUMN = {"ledger_entry": "body", "ledger_leaf": "digest", "pathway_edition": "title", "person_erasure": "erased_at"}

REPLACING = {
    "ledger_entry": [
        f"INSERT OR REPLACE INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 1, {AT}, 'x', {{two}})",
        "INSERT OR REPLACE INTO ledger_entry (id, stream, number, recorded_at, digest, body)"
        f" SELECT id, 'c9', 1, {AT}, 'x', {{two}} FROM ledger_entry WHERE number = 1",
        f"INSERT OR IGNORE INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 1, {AT}, 'x', {{two}})",
        "UPDATE OR REPLACE ledger_entry SET number = 1 WHERE number = 2",
    ],
    "ledger_leaf": [
        f"""REPLACE INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (0, 9, 'c1', 1, '{D2}')""",
        f"""REPLACE INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (9, 1, 'c1', 1, '{D2}')""",
        """REPLACE INTO ledger_leaf (rowid, "index", entry, stream, number, digest)"""
        f" SELECT rowid, 9, 9, 'c1', 1, '{D2}' FROM ledger_leaf",
    ],
    "pathway_edition": [
        "REPLACE INTO pathway_edition (digest, pathway, title, body, published_at, published_by)"
        f" VALUES ('{D1}', 'p', 'Other', {{two}}, {AT}, 'eve')",
        "REPLACE INTO pathway_edition (rowid, digest, pathway, title, body, published_at, published_by)"
        f" SELECT rowid, '{D2}', 'p', 'Other', {{two}}, {AT}, 'eve' FROM pathway_edition",
    ],
    "person_erasure": [
        "REPLACE INTO person_erasure (person, erased_at) VALUES ('erased', '2027-01-01 00:00:00')",
        "REPLACE INTO person_erasure (rowid, person, erased_at) SELECT rowid, 'other', erased_at FROM person_erasure",
        "REPLACE INTO person_erasure (_rowid_, person, erased_at) SELECT oid, 'other', erased_at FROM person_erasure",
    ],
}
UPSERTS = {
    "ledger_entry": f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 1, {AT}, 'x', {{two}})"
    " ON CONFLICT (stream, number) DO UPDATE SET body = excluded.body",
    "ledger_leaf": f"""INSERT INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (0, 1, 'c1', 1, '{D2}')"""
    """ ON CONFLICT ("index") DO UPDATE SET digest = excluded.digest""",
    "pathway_edition": "INSERT INTO pathway_edition (digest, pathway, title, body, published_at, published_by)"
    f" VALUES ('{D1}', 'p', 'Other', {{two}}, {AT}, 'eve') ON CONFLICT (digest) DO UPDATE SET title = excluded.title",
    "person_erasure": f"INSERT INTO person_erasure (person, erased_at) VALUES ('erased', {AT})"
    " ON CONFLICT (person) DO UPDATE SET erased_at = '2027-01-01 00:00:00'",
}
VALUES = {"ledger_entry": "{two}", "person_erasure": "'2027-01-01 00:00:00'"}


def attacks(table: str, vendor: str) -> list[str]:
    """Ways to change, replace or remove what the table holds."""
    everywhere = [
        f"UPDATE {table} SET {COLUMN[table]} = {VALUES.get(table, repr('changed'))}",
        f"DELETE FROM {table}",
        UPSERTS[table],
    ]
    if vendor == "sqlite":
        return everywhere + REPLACING[table]
    return [
        *everywhere,
        f"TRUNCATE {table} CASCADE",
        f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
        f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ]


@pytest.mark.requirement("AUD-03")
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_nothing_stored_is_changed_replaced_or_removed(attacker, table):
    for attack in attacks(table, attacker.vendor):
        attacker.refused(attack, watching=table)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_without_the_guards_the_same_attacks_get_through(attacker, table):
    if attacker.role == "application" and attacker.vendor == "postgresql":
        pytest.skip("the application cannot take guards away")
    for guard in guards_of(attacker, table):
        attacker.run(f"DROP TRIGGER {guard}" + (f" ON {table}" if attacker.vendor == "postgresql" else ""))
    harmless = "INSERT OR IGNORE"
    for attack in attacks(table, attacker.vendor):
        assert attack.startswith(harmless) or attacker.changes(attack, watching=table), attack


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_every_column_is_kept(attacker, table):
    columns = [d[0] for d in attacker.connection.execute(f"SELECT * FROM {table}").description]
    for column in columns:
        attacker.refused(f'UPDATE {table} SET "{column}" = "{column}"', watching=table)


def test_a_repeat_reads_as_a_repeat(attacker):
    again = f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 1, {AT}, 'x', {{two}})"
    said = attacker.refused(again, watching="ledger_entry")
    assert "UNIQUE constraint failed" in said or "entry_once" in said


def test_the_next_entry_is_welcome(attacker):
    attacker.run(
        f"INSERT INTO ledger_entry (stream, number, recorded_at, digest, body) VALUES ('c1', 3, {AT}, 'x', {{two}})"
    )
    attacker.run(f"""INSERT INTO ledger_leaf ("index", entry, stream, number, digest) VALUES (1, 2, 'c1', 2, '{D2}')""")
    assert len(attacker.rows("ledger_entry")) == 3
    assert len(attacker.rows("ledger_leaf")) == 2


def test_nobody_but_the_owner_lays_hands_on_the_guards(attacker):
    if attacker.vendor == "sqlite" or attacker.role == "owner":
        pytest.skip("whoever owns the tables can take the guards away: seen, not hindered (test_seen)")
    for attack in (
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_entry_guards_update ON ledger_entry",
        "CREATE OR REPLACE FUNCTION public.ledger_entry_guards_update() RETURNS trigger LANGUAGE plpgsql"
        " AS $$BEGIN RETURN NEW; END$$",
        "DROP FUNCTION public.ledger_entry_guards_update() CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE holdfast_owner",
        "DROP TABLE ledger_entry",
        "ALTER TABLE ledger_entry RENAME TO forgotten",
        "CREATE RULE r AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
    ):
        attacker.refused(attack, watching="ledger_entry")
    attacker.run("GRANT UPDATE ON ledger_entry TO PUBLIC")  # only warned about: nothing is granted
    assert "permission denied" in attacker.refused("UPDATE ledger_entry SET number = 1", watching="ledger_entry")


def guards_of(attacker, table: str) -> list[str]:
    if attacker.vendor == "sqlite":
        found = attacker.run(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")
    else:
        found = attacker.run(f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal")
    return [name for (name,) in found]
