"""Pages and queries with few and with many cases stored, and a case with a long record.  Run: python -m bench.pages [sqlite|postgres]"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bench.ground import each_engine, fresh, prepare, settle, show
from bench.network import ELSEWHERE, elsewhere, stage

if TYPE_CHECKING:
    from tests.installation import Case, Installation

#: Cases stored in all; of the first ones, those of the team whose pages are looked at; and what is stored for the first look.
STORED = int(os.environ.get("HOLDFAST_BENCH_CASES", "100000"))
TEAM, FEW = min(2_000, STORED), min(1_000, STORED)
TURNS = int(os.environ.get("HOLDFAST_BENCH_TURNS", "60"))
LONG, DECIDED = 500, 200

BY_HAND = """SELECT id, "case", promise, kind, status, owner, team, due_at, rings, rung, tier_rank, started_by, task
FROM worklist_promise WHERE owner = %s AND status IN ('open', 'breached') ORDER BY due_at, id LIMIT 25"""


@dataclass(frozen=True)
class Taken:
    """What one piece of work took: milliseconds of each turn, those of this process's own work in one, and queries of one."""

    what: str
    stored: int
    times: list[float]
    own: float
    queries: int

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1] if len(self.times) > 1 else self.times[0]

    def row(self) -> tuple[str, ...]:
        return (
            self.what,
            f"{self.stored:,}",
            f"{self.p50:.2f}",
            f"{self.p95:.2f}",
            f"{self.own:.2f}",
            str(self.queries),
        )


def take(what: str, stored: int, work: Callable[[], object], turns: int = TURNS) -> Taken:
    """What the first turns fetch for good (the directory, the edition) is not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        work()
    with CaptureQueriesContext(connection) as seen:
        work()
    queries = len(seen)  # the next request forgets them
    times, worked = [], time.process_time()
    for _ in range(turns):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    # On a busy machine this tells more than the clock does: it leaves out the waiting, and on PostgreSQL the server's part.
    own = (time.process_time() - worked) * 1000 / turns
    return Taken(what, stored, times, own, queries)


def page(address: str) -> Callable[[], None]:
    """A look at a page by the team's lead, signed in, in this process: middleware, access, template and all."""
    from django.test import Client

    from holdfast.directory.models import Account
    from tests.installation import LEAD

    client = Client()
    client.force_login(Account.objects.get(staff=LEAD))

    def look() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return look


def fill(house: Installation, template: Case, first: int, count: int) -> None:
    """``count`` copies of ``template``, about a hundred people in turn."""
    from holdfast.rehearsal.bulk import copy_cases

    people = [house.person(f"Robin Vale {n}") for n in range(100)]
    copy_cases(house.desk, template.id, count, lambda n: f"case:{first + n:032x}", people)


def lists(stored: int) -> list[Taken]:
    """The pages that list, and the query of the first against the same by hand."""
    from django.db import connection

    from holdfast.core.access import Viewer
    from holdfast.directory.snapshot import current_version, load
    from holdfast.worklists.viewing import my_work
    from tests.installation import LEAD

    def by_hand() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, [LEAD])
            return list(cursor.fetchall())

    viewer, directory, now = Viewer(LEAD), load(current_version()), datetime.now(UTC)
    return [
        take("My work", stored, page("/")),
        take("Team's work", stored, page("/team/north")),
        take("Cases", stored, page("/cases/")),
        take("worklist query", stored, lambda: list(my_work(viewer, directory, now)[:25]), TURNS * 5),
        take("the same by hand", stored, by_hand, TURNS * 5),
    ]


def long_case(house: Installation, entries: int) -> Case:
    """An accepted case whose lead tries to reach the person, in vain and then not, until it has that many entries."""
    from holdfast.worklists.casefile import entries_of

    case = house.accepted()
    for turn in range(entries - len(entries_of(case.id))):
        house.wait(minutes=50)
        case.contact(reached="person" if turn % 4 == 3 else "nobody")
    return case


def deciding(house: Installation, case: Case) -> list[Taken]:
    """The engine alone on a long case, and with the reading of the state and of what was asked around it."""
    from holdfast.core.decide import decide
    from holdfast.desk.envelope import Ask, Envelope
    from holdfast.desk.reading import Reader
    from holdfast.desk.sitting import Sitting
    from holdfast.directory.snapshot import current_version, load
    from holdfast.ledger.refold import folded
    from holdfast.ledger.store import read_head
    from holdfast.pathways.editions import get_edition
    from tests.installation import LEAD, contact

    read = read_head(case.id, "", "")
    assert read.head is not None
    state, pathway, directory = folded(case.id, read.head), get_edition(read.head.edition), load(current_version())
    ask = Ask("TakeStep", {"step": "record-contact"}, contact("nobody"))
    command: Any = Reader(LEAD, house.now, house.chance.randbytes).read(ask, pathway, state)
    envelope = Envelope(case.id, ask, LEAD, "bench", "once")

    def sitting() -> Sitting:
        return Sitting(house.desk, {case.id: read})

    return [
        take(
            f"decide, {DECIDED} entries",
            1,
            lambda: decide(state, command, pathway, directory, LEAD, house.now),
            TURNS * 5,
        ),
        take(
            "the same with reading and writing out",
            1,
            lambda: sitting().take(envelope, house.now),
        ),
    ]


def run(engine: str) -> None:
    prepare(engine)
    with fresh(engine) as url:
        house = stage()
        taken = deciding(house, long_case(house, DECIDED))
        ours, began = house.accepted(), time.perf_counter()
        fill(house, ours, 1, FEW)
        settle(url)
        few = lists(FEW)
        fill(house, ours, FEW + 1, TEAM - FEW)
        for n in range(ELSEWHERE):
            share = (STORED - TEAM) // ELSEWHERE
            fill(house, elsewhere(house, n), TEAM + 1 + n * share, share)
        settle(url)
        spent = time.perf_counter() - began
        print(
            f"{engine}: {STORED:,} cases stored, {TEAM:,} of the team, in {spent:.0f} s; load {os.getloadavg()[0]:.1f}"
        )
        many = lists(STORED)
        long = long_case(house, LONG)
        taken += [
            take(f"Case page, {LONG} entries", STORED, page(f"/cases/{long.id.partition(':')[2]}/")),
            take("the same, whole record shown", STORED, page(f"/cases/{long.id.partition(':')[2]}/?all"), TURNS // 3),
        ]
        show([one.row() for one in (*few, *many, *taken)], ("what", "stored", "p50 ms", "p95 ms", "own ms", "queries"))
        for before, after in zip(few, many, strict=True):
            print(f"{after.what}: {STORED:,} to {FEW:,} stored {after.p50 / before.p50:.2f}")
        print(f"worklist query to the same by hand: {many[3].p50 / many[4].p50:.2f}")


if __name__ == "__main__":
    each_engine("bench.pages", run, sys.argv[1:])
