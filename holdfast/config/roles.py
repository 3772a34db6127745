"""The two roles of a PostgreSQL database: the owner migrates, the application can never change a table's shape."""

import re

ROLE = re.compile(r"[a-z][a-z0-9_]{0,62}")


def opening_statements(owner: str, application: str) -> list[str]:
    """SQL that the owner runs before the first migration: what it will make is open to the application, row by row.

    The append-only tables take UPDATE and DELETE away again in their own migrations. TRUNCATE is never given.
    Raises ValueError for a role name that is not plain lower case.
    """
    for role in (owner, application):
        if not ROLE.fullmatch(role):
            raise ValueError(f"the role name {role!r} is not plain lower-case letters, digits and underscores")
    made_by_owner = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {application}",
        f"{made_by_owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {application}",
        f"{made_by_owner} GRANT USAGE, SELECT ON SEQUENCES TO {application}",
    ]
