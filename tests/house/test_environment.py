"""What is taken from the surroundings is read once, typed, and refused in plain words."""

import stat

import pytest

from holdfast.config.environment import EnvironmentFault, read_database_url, read_environment
from holdfast.config.roles import opening_statements


def test_the_demo_makes_its_own_secret_key_and_keeps_it(tmp_path):
    first = read_environment({"HOLDFAST_DEMO": "1"}, tmp_path)
    again = read_environment({"HOLDFAST_DEMO": "1"}, tmp_path)
    kept = tmp_path / "data" / "secret.key"
    assert len(first.secret_key) >= 50
    assert again.secret_key == first.secret_key
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.database["NAME"] == str(tmp_path / "data" / "holdfast.sqlite3")
    assert not first.debug


def test_outside_the_demo_no_secret_key_is_invented(tmp_path):
    with pytest.raises(EnvironmentFault, match="HOLDFAST_SECRET_KEY is not set"):
        read_environment({}, tmp_path)
    assert not list(tmp_path.iterdir())


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(EnvironmentFault) as caught:
        read_environment({"HOLDFAST_DATABASE_URL": "mysql://x", "HOLDFAST_DEBUG": "perhaps"}, tmp_path)
    assert len(caught.value.faults) == 3


def test_a_sqlite_database_waits_its_turn_and_reaches_the_disk():
    settings = read_database_url("sqlite:////tmp/a b.sqlite3".replace(" ", "%20"))
    assert settings["NAME"] == "/tmp/a b.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in settings["OPTIONS"]["init_command"]


def test_a_postgres_address_is_taken_apart():
    settings = read_database_url("postgres://app:p%40ss@db.example.org:6432/holdfast?sslmode=require")
    assert (settings["USER"], settings["PASSWORD"], settings["HOST"], settings["PORT"], settings["NAME"]) == (
        *("app", "p@ss", "db.example.org", "6432", "holdfast"),
    )
    assert settings["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "address", ["", "postgres://host", "postgres:///name", "mysql://host/name", "postgres://host/name?options=-c"]
)
def test_an_address_that_is_not_understood_is_refused(address):
    with pytest.raises(ValueError, match="HOLDFAST_DATABASE_URL"):
        read_database_url(address)


def test_a_role_name_cannot_carry_sql():
    with pytest.raises(ValueError, match="role name"):
        opening_statements("owner; DROP TABLE x", "app")
