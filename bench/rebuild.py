"""Entries a second that a rebuild compares and puts right, short cases and long.  Run: python -m bench.rebuild [sqlite|postgres]"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.ground import each_engine, fresh, memory_mb, prepare, settle, show
from bench.network import stage
from bench.pages import long_case

if TYPE_CHECKING:
    from tests.installation import Case, Installation

#: Entries of each shape, at least; and of one case of the long shape. A case of the short shape is accepted and no more.
ENTRIES = int(os.environ.get("HOLDFAST_BENCH_ENTRIES", "20000"))
LONG = 100
#: How many cases one person has.
EACH = 4
#: The performance to reach: a million entries in ten minutes.
REACH = 1_000_000 / 600


@dataclass(frozen=True)
class Taken:
    """What one rebuild took: entries, differences found, seconds, and seconds of this process's own work."""

    what: str
    entries: int
    found: int
    spent: float
    own: float

    def row(self) -> tuple[str, ...]:
        rate = self.entries / self.spent
        million = f"{1_000_000 / rate / 60:.1f}"
        own = f"{self.entries / self.own:,.0f}"
        return (self.what, f"{self.entries:,}", f"{self.found:,}", f"{rate:,.0f}", own, million, f"{rate / REACH:.1f}")


def copies(house: Installation, template: Case, first: int) -> int:
    """Whole copies of ``template``, messages and sealed values too, so that nothing differs; gives how many entries are there."""
    from django.db import transaction

    from holdfast.people.vault import ToSeal
    from holdfast.rehearsal.bulk import copy_cases
    from holdfast.worklists.casefile import entries_of

    count = -(-ENTRIES // len(entries_of(template.id)))
    people = [house.person(f"Robin Vale {first + n}") for n in range(-(-count // EACH))]
    copy_cases(house.desk, template.id, count, lambda n: f"case:{first + n:032x}", people, outbox=True)
    vault = house.desk.vault
    opened = vault.read(template.person, template.id).values()
    values = [(*one.place.rpartition(":")[::2], ToSeal("", one.commitment, one.salt, one.plain)) for one in opened]
    with transaction.atomic():
        for n in range(count):
            for place, path, value in values:
                number = int(place.rpartition(":")[2])
                sealed = ToSeal(path, value.commitment, value.salt, value.plain)
                vault.put(people[n % len(people)], f"case:{first + n:032x}", number, [sealed])
    return count * len(entries_of(template.id))


def take(house: Installation, what: str, entries: int, write: bool) -> Taken:
    from holdfast.desk.rebuild import rebuild

    began, own = time.perf_counter(), time.process_time()
    found = sum(1 for _ in rebuild(house.desk.vault, write))
    return Taken(what, entries, found, time.perf_counter() - began, time.process_time() - own)


def damage() -> None:
    """Every promise and every clock of every case is gone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM worklist_promise")
        cursor.execute("DELETE FROM clock")


def shape(engine: str, what: str, length: int) -> list[Taken]:
    """One fresh database with cases of one shape: compared, put right where every case is wrong, and compared again."""
    from django.db import connection

    with fresh(engine) as url:
        house = stage()
        copies(house, long_case(house, length) if length else house.accepted(), 1)
        settle(url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM ledger_entry")
            entries = cursor.fetchone()[0]
        whole = take(house, f"{what}, compared", entries, write=False)
        damage()
        mended = take(house, f"{what}, every case put right", entries, write=True)
        again = take(house, f"{what}, compared again", entries, write=False)
        if whole.found or not mended.found or again.found:
            raise RuntimeError(f"{what}: found {whole.found}, {mended.found} and then {again.found} differences")
        return [whole, mended, again]


def run(engine: str) -> None:
    prepare(engine)
    taken = [*shape(engine, "short cases", 0), *shape(engine, f"cases of {LONG} entries", LONG)]
    heads = ("rebuild", "entries", "differences", "entries/s", "per s of own work", "1,000,000 in min", "to the reach")
    show([one.row() for one in taken], heads)
    print(f"most memory {memory_mb():.0f} MB; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    each_engine("bench.rebuild", run, sys.argv[1:])
