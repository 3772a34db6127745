"""A harbour with berths: the toy that books slots, and what people do with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from holdfast.core.capacity import HoldSlots
from holdfast.core.pools import Pool, slot_id
from holdfast.desk.envelope import Outcome
from holdfast.desk.pools import handle_pool, read_pool
from holdfast.workers.capacity import Capacity
from tests.installation import RECEIVER, SENDER, Case, Installation, given

BERTHS = "pool:north:berth"
TOY = (Path(__file__).parents[1] / "pathways" / "toy-berth.yaml").read_text("utf-8")


def harbour() -> Installation:
    return Installation().set_up(TOY)


def ship(house: Installation, leaks: str = "no") -> Case:
    case = house.open(pathway="toy-berth")
    case.does("FillPacket", SENDER, {"ship.leaks": given(leaks)})
    return case


def hours_on(house: Installation, hours: int) -> datetime:
    return house.now.replace(minute=0, second=0) + timedelta(hours=hours)


def berth(house: Installation, hours: int = 24, place: int = 1) -> str:
    return slot_id(hours_on(house, hours), place)


def hold(house: Installation, hours: int = 24, places: int = 1, actor: str = RECEIVER) -> Outcome:
    return handle_pool(house.desk, BERTHS, HoldSlots((hours_on(house, hours),), places), actor, "test")


def turn_over(house: Installation) -> None:
    Capacity(house.desk).step(house.now)


def berths() -> Pool:
    return read_pool(BERTHS)
