"""The promises that the database itself keeps: guards on its tables, as SQL for both engines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from holdfast.ledger.guards import GUARDS, Guard

# Of these the application's role may only read and add; what PostgreSQL takes away there, the guards take from the owner as well.
TAKEN_AWAY = {
    "ledger_entry": "UPDATE, DELETE, TRUNCATE",
    "ledger_leaf": "UPDATE, DELETE, TRUNCATE",
    "ledger_shown": "UPDATE, DELETE, TRUNCATE",
    "pathway_edition": "UPDATE, DELETE, TRUNCATE",
    "person_erasure": "UPDATE, DELETE, TRUNCATE",
    "person_sealed": "UPDATE, TRUNCATE",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A guard as one engine keeps it: ``statements`` make it, ``source`` is what the engine then shows of it."""

    table: str
    name: str
    statements: tuple[str, ...]
    source: str


def made(vendor: str, tables: Iterable[str] | None = None) -> list[Made]:
    """The guards of these tables (or of all) for ``sqlite`` or ``postgresql``."""
    wanted = None if tables is None else set(tables)
    make = _on_postgresql if vendor == "postgresql" else _on_sqlite
    return [
        make(guard)
        for guard in GUARDS
        if guard.only in ("", vendor) and (vendor == "postgresql" or guard.event != "TRUNCATE")
        if wanted is None or guard.table in wanted
    ]


def revocation(table: str, privileges: str) -> str:
    """PostgreSQL: take privileges on a table from every role but its owner, whatever the application's role is called."""
    return f"""DO $take$ DECLARE other record; BEGIN
FOR other IN SELECT DISTINCT acl.grantee FROM pg_class c, aclexplode(c.relacl) acl
  WHERE c.oid = 'public.{table}'::regclass AND acl.grantee <> c.relowner
LOOP
  EXECUTE format('REVOKE {privileges} ON public.{table} FROM %s',
    CASE WHEN other.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(other.grantee)) END);
END LOOP; END $take$"""  # noqa: S608


def keep(*tables: str) -> RunPython:
    """The migration that sets the guards of these tables. It has no way back: a promise is not taken back.

    On SQLite Django alters a table by making another, and the guards are lost with the old one: after such a migration
    of a guarded table call ``keep`` again. A test compares what is there with what should be.
    """

    def forwards(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
        vendor = schema.connection.vendor
        for guard in made(vendor, tables):
            for statement in guard.statements:
                schema.execute(statement, params=None)
        if vendor == "postgresql":
            for table in tables:
                if table in TAKEN_AWAY:
                    schema.execute(revocation(table, TAKEN_AWAY[table]), params=None)

    return RunPython(forwards)


def _on_sqlite(guard: Guard) -> Made:
    # SQLite resolves names in a trigger within the trigger's own database: a temporary table cannot stand in for them.
    when = guard.when.replace("IS DISTINCT FROM", "IS NOT").replace("public.", "")
    condition = f" WHEN {when}" if when else ""
    source = (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{guard.says}'); END"
    )
    return Made(guard.table, guard.name, (f"DROP TRIGGER IF EXISTS {guard.name}", source), source)


def _on_postgresql(guard: Guard) -> Made:
    # 23001 is restrict_violation: Django raises IntegrityError for it, as it does for a guard on SQLite.
    refuse = f"RAISE EXCEPTION USING ERRCODE = '23001', MESSAGE = '{guard.says}';"
    body = f"IF {guard.when} THEN {refuse} END IF;" if guard.when else refuse
    source = f"BEGIN {body} RETURN {'OLD' if guard.event == 'DELETE' else 'NEW'}; END"
    each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    return Made(
        guard.table,
        guard.name,
        (
            f"CREATE OR REPLACE FUNCTION public.{guard.name}() RETURNS trigger LANGUAGE plpgsql AS $guard${source}$guard$",
            f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON public.{guard.table}"
            f" FOR EACH {each} EXECUTE FUNCTION public.{guard.name}()",
        ),
        source,
    )
