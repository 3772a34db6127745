"""The databases that the tests stand on: fresh, committed, and in the hands of the application's role."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

COUNT = "SELECT count(*) FROM django_session"
WRITE = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('k', 'd', '2026-01-01 00:00:00')"


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.parametrize("run", [1, 2])
def test_a_fresh_database_keeps_commits_and_is_seen_by_other_threads(clean_database, run):
    ask(WRITE)
    seen = []

    def look():
        seen.append(ask(COUNT))
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("run", [1, 2])
def test_the_standing_database_forgets(run):
    assert ask(COUNT) == 0
    ask(WRITE)
    assert connection.in_atomic_block


@pytest.mark.django_db
def test_the_application_cannot_change_the_shape():
    if connection.vendor == "sqlite":
        assert ask("PRAGMA journal_mode") == "wal"
        assert ask("PRAGMA foreign_keys") == 1
        return
    assert ask("SELECT current_user") == "holdfast_app"
    for attack in ("TRUNCATE django_session", "CREATE TABLE mine (n int)", "DROP TABLE django_session"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ask(attack)
