"""A year of the invented network on either ground, small or large."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from functools import cache

from holdfast.core.fold import fold_all
from holdfast.core.pathway import Pathway
from holdfast.desk.desk import Desk
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.snapshot import make_directory
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.year.grounds import Ground
from holdfast.rehearsal.year.memory import Memory
from holdfast.rehearsal.year.network import Network, make_network
from holdfast.rehearsal.year.premises import Premises
from holdfast.rehearsal.year.troubles import swarm
from holdfast.rehearsal.year.year import Year
from tests.installation import keyring

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
TEAMS = 20


@cache
def library() -> list[Pathway]:
    """Every shipped pathway, whichever there are."""
    return [load_pathway(text) for _, text in sorted(shipped().items())]


def network(pathways: list[Pathway]) -> Network:
    return make_network(pathways, TEAMS, date(2026, 1, 1), date(2028, 12, 31))


def in_memory(seed: int, cases: int, days: int = 365, pathways: list[Pathway] | None = None) -> tuple[Year, Memory]:
    """Of every shipped pathway, or of ``pathways``."""
    pathways = pathways or library()
    net = network(pathways)
    ground = Memory(make_directory(net.entries, 1), {p.id: p for p in pathways}, random.Random(seed).randbytes)
    return _year(ground, pathways, net, seed, cases, days), ground


def at_the_desk(seed: int, cases: int, days: int = 365) -> Year:
    """The same through the desk, in the database of the test."""
    net = network(library())
    clock = VirtualClock(START)
    desk = Desk(keyring(), clock=clock.now, entropy=random.Random(seed).randbytes)
    assert put_directory(desk, [item_to_plain(entry) for entry in net.entries], "system", "test").accepted
    for _, text in sorted(shipped().items()):
        assert publish_edition(desk, text, "house-1-last", "test", "house-2-last").accepted
    ground = Premises(desk, clock, make_directory(net.entries, 1))
    pathways = [latest_edition(pathway.id) for pathway in library()]
    return _year(ground, pathways, net, seed, cases, days)


def _year(ground: Ground, pathways: list[Pathway], net: Network, seed: int, cases: int, days: int) -> Year:
    return Year(ground, pathways, net.teams, seed, START, days, cases, swarm(random.Random(seed)))


def replayed_wrong(ground: Memory) -> list[str]:
    """I9: the cases whose events do not fold to the state that was decided."""
    return [case for case, events in ground.entries.items() if fold_all(events) != ground.states[case]]
