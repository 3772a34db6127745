"""Instants and bytes as both database engines keep them, for the statements that rooms write by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection


def stored(at: datetime | None) -> Any:
    """An aware instant as a statement's argument."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def instant(value: Any) -> datetime:
    """An aware UTC instant from a raw row: SQLite gives text, PostgreSQL a datetime."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


@contextmanager
def together() -> Iterator[None]:
    """Statements inside are sent in one go where the engine can (PostgreSQL's pipeline): one round trip instead of many."""
    raw = connection.connection
    if connection.vendor == "postgresql" and hasattr(raw, "pipeline"):
        with connection.wrap_database_errors, raw.pipeline():
            yield
    else:
        yield
