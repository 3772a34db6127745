"""The ground a benchmark stands on: a fresh durable database of either engine, migrated, with an installation on it."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

ENGINES = ("sqlite", "postgres")


def prepare(engine: str, durable: bool = True) -> None:
    """Set Django up for ``engine``, durable as in production unless what is looked at does not depend on it. Call once in a
    process, before anything else is imported."""
    os.environ["HOLDFAST_TEST_DATABASE"] = engine
    os.environ["HOLDFAST_TEST_DURABLE"] = "1" if durable else "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.database.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import django

    django.setup()


@contextmanager
def fresh(engine: str) -> Iterator[str]:
    """A fresh migrated database; gives its URL, and takes everything away afterwards."""
    from tests.database.cluster import start_cluster, stop_cluster
    from tests.database.supply import PostgresSupply, SqliteSupply, point_to

    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
            made = SqliteSupply(Path(folder)).make("bench")
            point_to(made.url)
            yield made.url
        return
    cluster = start_cluster(durable=os.environ["HOLDFAST_TEST_DURABLE"] == "1")
    try:
        made = PostgresSupply(cluster, "bench").make("bench")
        point_to(made.url)
        yield made.url
    finally:
        from django.db import connections

        connections.close_all()
        stop_cluster(cluster)


def each_engine(module: str, run: Callable[[str], None], arguments: list[str]) -> None:
    """Run for the one engine named, or for both, each in a process of its own since Django is set up once in a process."""
    if len(arguments) == 1:
        run(arguments[0])
        return
    for engine in ENGINES:
        subprocess.run([sys.executable, "-m", module, engine], check=True)


def settle(url: str) -> None:
    """What the database does by itself when it is left alone for a while: look at its tables."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
        return
    import psycopg

    with psycopg.connect(url.replace("holdfast_app:", "holdfast_owner:"), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def rate(work: Callable[[], object], seconds: float) -> float:
    """How often ``work`` is done in a second, by one client."""
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        work()
        done += 1
    return done / spent


def together(clients: int, job: Callable[..., int], *arguments: object, seconds: float) -> float:
    """Units a second of ``clients`` processes, each running ``job(number, seconds, *arguments)`` which gives its count."""
    context = get_context("spawn")
    with context.Pool(clients) as pool:
        counts = pool.starmap(job, [(number, seconds, *arguments) for number in range(clients)])
    return sum(counts) / seconds


def median_of(slices: list[float]) -> float:
    return statistics.median(slices)


def show(rows: list[tuple[str, ...]], heads: tuple[str, ...]) -> None:
    """Print a table as the page in the docs takes it."""
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)


def memory_mb() -> float:
    """The most memory that this process has had in real use, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
