"""The desk against the raw floor: 1, 4 and 8 clients, in process and through HTTP.  Run: python -m bench.desk [sqlite|postgres]"""

from __future__ import annotations

import os
import sys
import time

from bench import floor, http
from bench.ground import each_engine, fresh, median_of, prepare, show, together

SECONDS, SLICES = (
    float(os.environ.get("HOLDFAST_BENCH_SECONDS", "4")),
    int(os.environ.get("HOLDFAST_BENCH_SLICES", "3")),
)
CASES = 64


def stage() -> list[str]:
    """Cases that were accepted, on whose contacts the clients work."""
    from tests.installation import Installation

    house = Installation().set_up()
    return [house.accepted().id for _ in range(CASES)]


def ours(number: int, seconds: float, engine: str, url: str, cases: list[str], clients: int) -> int:
    """Deeds done by one client through the desk: an attempt to reach the person, recorded."""
    prepare(engine)
    from tests.database.supply import point_to

    point_to(url)
    from holdfast.desk.desk import Desk
    from holdfast.desk.envelope import Ask, Envelope
    from tests.installation import LEAD, contact, keyring

    desk = Desk(keyring())
    mine = cases[number::clients]
    answers = contact("nobody")

    def deed(turn: int) -> None:
        ask = Ask("TakeStep", {"step": "record-contact"}, answers)
        outcome = desk.handle(
            Envelope(mine[turn % len(mine)], ask, LEAD, "bench", f"b{number}-{time.time_ns()}-{turn}")
        )
        if not outcome.accepted:
            raise RuntimeError(outcome.refusal)

    deed(0)
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        deed(done)
        done += 1
    return done


def run(engine: str) -> None:
    prepare(engine)
    with fresh(engine) as url:
        owner = url.replace("holdfast_app:", "holdfast_owner:")
        floor.make_tables(url, owner)
        if engine == "postgres":
            _grant(owner)
        cases = stage()
        rows = []
        for clients in (1, 4, 8):
            raw, desk = [], []
            for _ in range(SLICES):
                raw.append(together(clients, floor.run, url, seconds=SECONDS))
                desk.append(together(clients, ours, engine, url, cases, clients, seconds=SECONDS))
            base, here = median_of(raw), median_of(desk)
            rows.append((engine, "in process", str(clients), f"{base:.0f}", f"{here:.0f}", f"{here / base:.3f}"))
        rows += over_http(engine, url, cases)
        show(rows, ("engine", "how", "clients", "raw/s", "ours/s", "ratio"))


def over_http(engine: str, url: str, cases: list[str]) -> list[tuple[str, ...]]:
    """The same deed through the API of a running server."""
    rows = []
    secret = http.token()
    with http.server(url, 1 if engine == "sqlite" else 2) as port:
        for clients in (1, 8):
            raw, web = [], []
            for _ in range(SLICES):
                raw.append(together(clients, floor.run, url, seconds=SECONDS))
                web.append(together(clients, http.client, port, secret, cases, clients, seconds=SECONDS))
            base, here = median_of(raw), median_of(web)
            rows.append((engine, "HTTP", str(clients), f"{base:.0f}", f"{here:.0f}", f"{here / base:.3f}"))
    return rows


def _grant(owner: str) -> None:
    import psycopg

    with psycopg.connect(owner, autocommit=True) as raw:
        raw.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO holdfast_app")


if __name__ == "__main__":
    each_engine("bench.desk", run, sys.argv[1:])
