"""Whether the database still keeps its promises: guards that are missing, altered or off, and rights nobody should have."""

from __future__ import annotations

from django.db import connection

from holdfast.ledger.append_only import TAKEN_AWAY, made

_ON_SQLITE = "SELECT tbl_name, name, sql, 1 FROM sqlite_master WHERE type = 'trigger'"
# One that was made again with a condition or for some columns only is as good as off.
_ON_POSTGRESQL = """SELECT t.tgrelid::regclass::text, t.tgname, p.prosrc,
 t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"""
_RIGHTS = """SELECT c.relname, bool_or(has_table_privilege(c.oid, right_) AND c.relowner <> current_user::regrole)
FROM pg_class c CROSS JOIN unnest(string_to_array(%s, ', ')) AS right_
WHERE c.oid = ('public.' || %s)::regclass GROUP BY c.relname"""
_ROLE = """SELECT rolsuper, EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = 'public.ledger_entry'::regclass
AND pg_has_role(current_user, c.relowner, 'MEMBER')) FROM pg_roles WHERE rolname = current_user"""


def broken_promises() -> list[str]:
    """One sentence for each guard that does not hold, and on PostgreSQL for each right the connected role should not have.

    On SQLite this is all there is: whoever owns the file can take a guard away, and is seen here, not hindered.
    """
    vendor = connection.vendor
    with connection.cursor() as cursor:
        cursor.execute(_ON_POSTGRESQL if vendor == "postgresql" else _ON_SQLITE)
        there = {(table, name): (source, whole) for table, name, source, whole in cursor.fetchall()}
    says = []
    for guard in made(vendor):
        source, whole = there.get((guard.table, guard.name), ("", True))
        if not source:
            says.append(f"the guard {guard.name} is missing")
        elif source != guard.source:
            says.append(f"the guard {guard.name} was altered")
        elif not whole:
            says.append(f"the guard {guard.name} is switched off")
    return [*says, *(_rights() if vendor == "postgresql" else [])]


def _rights() -> list[str]:
    says = []
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        superuser, owner = cursor.fetchone()
        if superuser:
            return ["the application connects as a superuser, whom nothing stops"]
        if owner:
            return ["the application connects as the owner of the tables, who can take the guards away"]
        for table, privileges in TAKEN_AWAY.items():
            cursor.execute(_RIGHTS, [privileges, table])
            name, has_one = cursor.fetchone()
            if has_one:
                says.append(f"the application's role has one of {privileges} on {name}")
    return says
