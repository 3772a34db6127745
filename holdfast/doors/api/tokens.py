"""API tokens: shown once, kept as a hash, ended by time or by hand."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import connection

from holdfast.doors.api.models import Token
from holdfast.ledger.sql import stored

#: So that a token that leaked into a file can be found by what it begins with.
MARK = "hf_"
LONGEST = timedelta(days=366)


def make_token(staff: str, name: str, now: datetime, lasting: timedelta) -> str:
    """A new token for ``staff``, given only here. ``lasting`` is at most a year. Raises ValueError."""
    if not timedelta(0) < lasting <= LONGEST:
        raise ValueError("a token lasts from a day to a year")
    secret = MARK + secrets.token_urlsafe(32)
    Token.objects.create(hash=_hash(secret), staff=staff, name=name[:100], made_at=now, ends_at=now + lasting)
    return secret


def find_staff(secret: str, now: datetime) -> str | None:
    """Whose token it is, while it holds. Asked at every request, so in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT staff FROM api_token WHERE hash = %s AND revoked_at IS NULL AND ends_at > %s",
            [_hash(secret), stored(now)],
        )
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def revoke_tokens(staff: str, now: datetime, name: str | None = None) -> int:
    """End the tokens of ``staff`` that still hold, or those of one name. Gives how many."""
    rows = Token.objects.filter(staff=staff, revoked_at=None)
    return (rows if name is None else rows.filter(name=name)).update(revoked_at=now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
