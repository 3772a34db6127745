"""The database fixtures: `db` in a transaction that is rolled back, `clean_database` with real commits."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.cluster import Cluster, NoPostgres, start_cluster, stop_cluster

CLUSTER = pytest.StashKey[Cluster]()
PLACE = "HOLDFAST_TEST_CLUSTER"
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the cluster; the workers of a parallel run find it in their environment."""
    if os.environ.get("HOLDFAST_TEST_DATABASE", "sqlite") != "postgres" or PLACE in os.environ:
        return
    try:
        cluster = start_cluster(durable=os.environ.get("HOLDFAST_TEST_DURABLE") == "1")
    except NoPostgres as fault:
        raise pytest.UsageError(str(fault)) from None
    config.stash[CLUSTER] = cluster
    os.environ[PLACE] = f"{cluster.port}:{cluster.password}:{cluster.folder}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the cluster stops it."""
    if cluster := config.stash.get(CLUSTER, None):
        os.environ.pop(PLACE, None)
        stop_cluster(cluster)


@pytest.fixture(scope="session")
def database_supply(tmp_path_factory: pytest.TempPathFactory, django_db_blocker, worker_id_or_alone: str) -> object:
    """The migrated template of this worker."""
    from tests.database.supply import PostgresSupply, SqliteSupply

    with django_db_blocker.unblock():
        if place := os.environ.get(PLACE):
            port, password, folder = place.split(":", 2)
            return PostgresSupply(Cluster(Path(folder), int(port), password), f"hf_{worker_id_or_alone}")
        return SqliteSupply(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def worker_id_or_alone(request: pytest.FixtureRequest) -> str:
    """The name of this process in a parallel run, or "alone"."""
    workerinput = getattr(request.config, "workerinput", None)
    return workerinput["workerid"] if workerinput else "alone"


@pytest.fixture(scope="session")
def standing_database(database_supply):
    """The database that the tests of this worker share; each leaves it as it was, in a transaction rolled back."""
    return database_supply.make("standing")


@pytest.fixture(scope="session")
def django_db_setup(standing_database, django_db_blocker) -> Iterator[None]:
    """Takes the place of pytest-django's: its way of cleaning (TRUNCATE) is what an append-only record refuses."""
    from django.db import connections

    from tests.database.supply import point_to

    with django_db_blocker.unblock():
        point_to(standing_database.url)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def clean_database(database_supply, standing_database, django_db_setup, django_db_blocker) -> Iterator[object]:
    """A fresh `Database` for a test that needs real commits, threads or processes; gone when the test ends."""
    from django.db import connections

    from tests.database.supply import point_to

    fresh = database_supply.make(f"clean_{next(_numbers)}")
    with django_db_blocker.unblock():
        point_to(fresh.url)
        yield fresh
        connections.close_all()
        point_to(standing_database.url)
        database_supply.drop(fresh)


@pytest.fixture
def transactional_db() -> None:
    """Refused: it would clean up with TRUNCATE."""
    pytest.fail("use the clean_database fixture: an append-only record cannot be emptied between tests")
