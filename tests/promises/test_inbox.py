"""What arrived, and when, never changes; what became of it does."""

import pytest

from tests.promises.conftest import AT, D1

COLUMNS = "id, digest, what, received_at, door, source, sealed, status, says, unused, stream, person, owner, settled_by"


def message(id: str = "m1", digest: str = D1, sealed: str = "{one}") -> str:
    return (
        f"INTO inbox_message ({COLUMNS}) VALUES"
        f" ('{id}', '{digest}', '', {AT}, 'hl7', 's', {sealed}, 'unmatched', '', {{json}}, '', '', 'ana', '')"
    )


@pytest.fixture
def inbox(attacker):
    attacker.run(f"INSERT {message()}")
    return attacker


@pytest.mark.parametrize(
    "change",
    [
        "sealed = {two}",
        "digest = 'x'",
        "received_at = '2026-03-09 10:00:00'",
        "id = 'm2'",
        "door = 'fhir'",
        "source = 't'",
    ],
)
def test_what_arrived_never_changes(inbox, change):
    inbox.refused(f"UPDATE inbox_message SET {change}", watching="inbox_message")


def test_a_message_is_not_put_over_another(inbox):
    again = message(sealed="{two}")
    inbox.refused(f"INSERT {again} ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed", watching="inbox_message")
    if inbox.vendor == "sqlite":
        inbox.refused(f"REPLACE {again}", watching="inbox_message")
        inbox.refused(f"REPLACE {message('m2', sealed='{two}')}", watching="inbox_message")
        row = f"REPLACE INTO inbox_message (rowid, {COLUMNS}) SELECT rowid, 'm3', 'x', " + COLUMNS.split(", ", 2)[2]
        inbox.refused(f"{row} FROM inbox_message", watching="inbox_message")


def test_what_became_of_it_is_written(inbox):
    inbox.run(f"UPDATE inbox_message SET status = 'settled', settled_by = 'ana', settled_at = {AT}, stream = 'c1'")
    assert "settled" in inbox.rows("inbox_message")[0]
