"""The directory as one value: read from its rows once for each version, and kept while that version is the current one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import connection

from holdfast.core.parties import Absence, Directory, Organisation, Staff, Team
from holdfast.core.services import Contact, Service
from holdfast.directory.checks import check, check_changes
from holdfast.directory.fault import DirectoryFault
from holdfast.directory.items import DEFAULT_SOURCE, Entry, Item, Route, item_from_plain

__all__ = ["check", "check_changes", "current_version", "find_route", "load", "make_directory"]

# One statement, so that the number and the rows are of one moment on both databases.
_ROWS = """SELECT v.number, i.kind, i.ref, i.body FROM directory_version v LEFT JOIN directory_item i ON 1 = 1
WHERE v.id = 1 ORDER BY i.kind, i.ref"""
_KEPT = 4

Key = tuple[str, ...]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    directory: Directory
    routes: dict[str, Route]


_lock = Lock()
_kept: dict[tuple[Key, int], Snapshot] = {}
# Versions that a transaction of this process wrote and has not committed. If it is rolled back, another may give the same
# number to other entries, so such a version is read afresh each time.
_doubted: set[tuple[Key, int]] = set()
# The rows read last, and what was made of them.
_last: tuple[list[Row], Snapshot] | None = None


def current_version() -> int:
    """How many times the directory has changed; 0 before the first time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM directory_version WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def load(version: int) -> Directory:
    """The directory as ``current_version`` numbered it; if it has changed since then, the newer one, under its own number.

    Older versions are in the ledger, not here. Raises DirectoryFault if ``version`` does not exist yet.
    """
    return _snapshot(version).directory


def find_route(source: str) -> Route | None:
    """The route for ``source``, else the default one (``*``), else nothing: then the notice waits in the inbox."""
    routes = _snapshot(current_version()).routes
    return routes.get(source) or routes.get(DEFAULT_SOURCE)


def make_directory(values: Iterable[Entry], version: int) -> Directory:
    """The value that the engine asks, from entries in any order."""
    entries = list(values)
    absences = tuple(sorted((a for a in entries if isinstance(a, Absence)), key=lambda a: (a.start, a.staff)))
    return Directory(
        version=version,
        organisations={o.id: o for o in entries if isinstance(o, Organisation)},
        teams={t.id: t for t in entries if isinstance(t, Team)},
        staff={s.id: s for s in entries if isinstance(s, Staff)},
        absences=absences,
        absent={who: tuple(a for a in absences if a.staff == who) for who in {a.staff for a in absences}},
        services={s.id: s for s in entries if isinstance(s, Service)},
        contacts={c.id: c for c in entries if isinstance(c, Contact)},
    )


def read_rows() -> tuple[int, list[Item]]:
    """The stored version and every entry of it."""
    rows = _stored_rows()
    return (int(rows[0][0]) if rows else 0), _items(rows)


def _stored_rows() -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        return cursor.fetchall()


def _items(rows: list[Row]) -> list[Item]:
    return [(kind, ref, json.loads(body) if isinstance(body, str) else body) for _, kind, ref, body in rows if kind]


def doubt(version: int) -> None:
    """``version`` is being written here and not committed: read it afresh until it is trusted."""
    with _lock:
        _doubted.add((_database(), version))
        _kept.pop((_database(), version), None)


def trust(version: int) -> None:
    """``version`` is committed and will not change."""
    with _lock:
        _doubted.discard((_database(), version))


def forget() -> None:
    """Drop every kept copy of this database: its entries are about to be rebuilt under the same numbers."""
    with _lock:
        for key in [key for key in _kept if key[0] == _database()]:
            del _kept[key]


def _snapshot(version: int) -> Snapshot:
    database = _database()
    kept = _kept.get((database, version))
    if kept is not None:
        return kept
    rows = _stored_rows()
    found = int(rows[0][0]) if rows else 0
    if found < version:
        raise DirectoryFault(f"The directory has no version {version} yet: it is at {found}.")
    fresh = _made_of(rows, found)
    with _lock:
        if (database, found) not in _doubted:
            _kept[(database, found)] = fresh
            for old in sorted((key for key in _kept if key[0] == database), key=lambda key: key[1])[:-_KEPT]:
                del _kept[old]
    return fresh


def _made_of(rows: list[Row], version: int) -> Snapshot:
    """The value of these rows; made once for as long as the rows read the same, doubted or not."""
    global _last
    last = _last
    if last is not None and last[0] == rows:
        return last[1]
    values = [item_from_plain(*item) for item in _items(rows)]
    fresh = Snapshot(make_directory(values, version), {r.source: r for r in values if isinstance(r, Route)})
    _last = (rows, fresh)
    return fresh


def _database() -> Key:
    settings = connection.settings_dict
    return (connection.alias, *(str(settings.get(part) or "") for part in ("HOST", "PORT", "NAME")))
