"""`holdfast migrate` leaves a database that keeps its promises, in two roles' hands."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from holdfast.doors.cli.migrate import migrate
from holdfast.ledger.guarded import broken_promises
from tests.database.supply import drop_database, point_to

POSTGRES = "postgresql" in settings.DATABASES["default"]["ENGINE"]
on_postgres = pytest.mark.skipif(not POSTGRES, reason="SQLite has no roles")


@pytest.fixture
def empty(clean_database, tmp_path):
    """Addresses of a database with nothing in it, for the application and for the owner; the connection leads there."""
    if not POSTGRES:
        url = f"sqlite:///{tmp_path / 'new' / 'holdfast.sqlite3'}"
        point_to(url)
        yield url, url
        return
    name = f"{clean_database.name}_empty"
    with psycopg.connect(clean_database.owner_url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
        url, owner_url = (u.replace(clean_database.name, name) for u in (clean_database.url, clean_database.owner_url))
        point_to(url)
        yield url, owner_url
        connection.close()
        drop_database(clean_database.owner_url, name)


def test_an_empty_database_is_made_and_may_be_made_again(empty, capsys):
    _, owner_url = empty
    assert migrate(owner_url) == 0
    assert broken_promises() == []
    assert migrate(owner_url) == 0
    assert "has the shape" in capsys.readouterr().out
    if POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("holdfast_app",)
            cursor.execute("SELECT count(*) FROM ledger_entry")


@on_postgres
def test_an_owner_that_cannot_be_used_is_refused(clean_database):
    for url, says in (
        ("", "HOLDFAST_OWNER_URL is not set"),
        ("nonsense", "HOLDFAST_OWNER_URL is not understood"),
        ("sqlite:////tmp/x.sqlite3", "another database"),
        (clean_database.owner_url + "_other", "another database"),
        (clean_database.url, "the owner and the application are two"),
    ):
        with pytest.raises(ValueError, match=says):
            migrate(url)
