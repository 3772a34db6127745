"""Rows of staff held while work is given to them, so that nobody is given any in the second in which they leave (HZ-11)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import OperationalError, connection

from holdfast.core import events as e
from holdfast.directory.items import STAFF


def given_work(events: Iterable[e.Event]) -> set[str]:
    """The people to whom these events give something."""
    found: set[str] = set()
    for event in events:
        match event:
            case e.HolderMoved() | e.OwnerMoved():
                found.add(event.to)
            case e.DutyAssigned() | e.RoleNamed():
                found.add(event.staff)
            case e.ObligationOpened():
                found.add(event.owner)
    return found


def lock_staff(staff: Iterable[str], closing: bool = False) -> None:
    """Hold the rows of these people until the transaction ends: whoever gives them work shares them, a closing has them alone.

    On SQLite writers queue anyway. Raises ``OperationalError``, which asks for another try, where one was closed meanwhile."""
    names = sorted(set(staff))
    if connection.vendor != "postgresql" or not names:
        return
    how = "FOR UPDATE" if closing else "FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT body->>'active' FROM directory_item WHERE kind = %s AND ref = ANY(%s) ORDER BY ref {how}",  # noqa: S608
            [STAFF, names],
        )
        closed = any(active == "false" for (active,) in cursor.fetchall())
    if closed and not closing:
        raise OperationalError("somebody was closed meanwhile and is locked out: look again")
