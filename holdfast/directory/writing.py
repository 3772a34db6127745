"""The directory's rows, written by the desk inside its transaction and by a rebuild, and read back whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from holdfast.directory import snapshot
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import Item

_PUT = """INSERT INTO directory_item (kind, ref, body) VALUES (%s, %s, %s)
ON CONFLICT (kind, ref) DO UPDATE SET body = excluded.body"""
_TAKE_OUT = "DELETE FROM directory_item WHERE kind = %s AND ref = %s"
_BUMP = """INSERT INTO directory_version (id, number) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE SET number = excluded.number WHERE directory_version.number < excluded.number"""


def put_items(items: Iterable[tuple[str, str, Mapping[str, Any] | None]], version: int) -> None:
    """Put or (with no body) take out entries, and number the directory ``version``. The desk alone calls this.

    Checks nothing: ``checks.check_changes`` comes first. Raises DirectoryFault if ``version`` is not higher than the
    stored one, and then writes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BUMP, [version])
        if cursor.rowcount != 1:
            raise DirectoryFault("The directory has changed meanwhile: look again, then make your change.")
        snapshot.doubt(version)
        for kind, ref, body in items:
            if body is None:
                cursor.execute(_TAKE_OUT, [kind, ref])
            else:
                cursor.execute(_PUT, [kind, ref, json.dumps(body, sort_keys=True, ensure_ascii=False)])
        transaction.on_commit(lambda: snapshot.trust(version))


def all_items() -> list[Item]:
    """Every entry as (kind, ref, body), by kind and name."""
    return snapshot.read_rows()[1]


def remove_all_items() -> None:
    """Empty the derived tables before a rebuild puts everything again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_item")
        cursor.execute("DELETE FROM directory_version")
    snapshot.forget()
