"""A slot belongs to one case: whoever writes past the desk finds that out from the database."""

import pytest

AT = "'2026-03-04 10:00:00'"


def slot(status: str, case: str = "", number: int = 1, turn: int = 1, verb: str = "INSERT") -> str:
    return (
        f'{verb} INTO capacity_slot (pool, team, kind, slot, turn, at, status, "case", until, why, since)'
        f" VALUES ('pool:n:up', 'n', 'up', 's{number}', {turn}, {AT}, '{status}', '{case}', NULL, '', {AT})"
    )


@pytest.fixture
def pool(attacker):
    attacker.run(slot("booked", "c1"))
    attacker.run(slot("offered", "c1", number=2))
    attacker.run(slot("held", number=3))
    attacker.run(slot("released", "c1", number=4))
    return attacker


@pytest.mark.requirement("STP-03", "CAP-06")
@pytest.mark.hazard("HZ-55")
@pytest.mark.parametrize("status", ["booked", "offered", "held"])
def test_a_slot_that_is_taken_has_no_second_row(pool, status):
    case = "" if status == "held" else "c2"
    pool.refused(slot(status, case, turn=2), watching="capacity_slot")
    pool.refused(slot(status, case, number=3, turn=2), watching="capacity_slot")
    if pool.vendor == "sqlite":
        pool.refused(slot(status, case, turn=2, verb="INSERT OR REPLACE"), watching="capacity_slot")
        pool.refused(slot(status, case, turn=1, verb="INSERT OR REPLACE"), watching="capacity_slot")


@pytest.mark.requirement("STP-03", "CAP-06")
@pytest.mark.hazard("HZ-55")
@pytest.mark.parametrize(
    "change",
    [
        "\"case\" = 'c2' WHERE slot = 's1'",
        "status = 'held', \"case\" = '' WHERE slot = 's1'",
        "status = 'offered' WHERE slot = 's1'",
        "\"case\" = 'c2', status = 'booked' WHERE slot = 's2'",
        "status = 'held', \"case\" = '' WHERE slot = 's2'",
        "status = 'booked' WHERE slot = 's3'",  # of nobody
        "slot = 's1', turn = 2, status = 'booked', \"case\" = 'c2' WHERE slot = 's3'",
        "at = '2026-03-05 10:00:00' WHERE slot = 's1'",
        "status = 'booked' WHERE slot = 's4'",  # its turn is over
        "why = 'used' WHERE slot = 's4'",
    ],
)
def test_a_slot_goes_its_way_and_no_other(pool, change):
    pool.refused(f"UPDATE capacity_slot SET {change}", watching="capacity_slot")


def test_the_way_of_a_slot_is_open(pool):
    pool.run("UPDATE capacity_slot SET status = 'offered', \"case\" = 'c3' WHERE slot = 's3'")
    pool.run("UPDATE capacity_slot SET status = 'booked' WHERE slot = 's3'")
    pool.run("UPDATE capacity_slot SET status = 'released', why = 'given-back' WHERE slot = 's3'")
    pool.run(slot("held", number=3, turn=2))
