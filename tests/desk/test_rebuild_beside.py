"""A rebuild beside people at work: nobody waits for the first look, what it mistakes is looked at again, and it takes nothing away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from holdfast.capacity.models import SlotRow
from holdfast.desk import rebuild as rebuilding
from holdfast.desk import shelf
from holdfast.desk.rebuild import compare, rebuild
from holdfast.desk.remade_pool import remake_pool
from holdfast.ledger.store import bodies
from holdfast.people.vault import Vault
from holdfast.worklists.models import CaseRow, Holding, Promised
from tests.assurance.cases import many
from tests.capacity.harbour import BERTHS, berth, harbour, hold, ship
from tests.installation import SENDER, Installation, given


@pytest.fixture
def house(clean_database: object) -> Installation:
    return Installation().set_up()


def test_a_pool_keeps_its_rows_while_it_is_compared(clean_database: object):
    """Its rows are found by writing them, and outside a transaction nothing would take that back."""
    house = harbour()
    hold(house, places=2)
    assert ship(house).ask("TakeStep", SENDER, {"berth.at": given(berth(house))}, step="book-berth").accepted
    before = list(SlotRow.objects.order_by("slot", "turn").values())
    assert compare(house.desk.vault) == []
    assert before and list(SlotRow.objects.order_by("slot", "turn").values()) == before
    with pytest.raises(RuntimeError, match="needs a transaction"):
        remake_pool(BERTHS, list(bodies(BERTHS)), write=False)
    assert list(SlotRow.objects.order_by("slot", "turn").values()) == before


def test_a_deed_in_the_middle_of_the_look_is_no_difference(house: Installation, monkeypatch: pytest.MonkeyPatch):
    case = house.accepted()
    read, careful = shelf._of, rebuilding._careful
    deeds: list[bool] = []
    again: list[str] = []

    def slow(table: shelf.Table, streams: Sequence[str]) -> Any:
        if table is shelf.HEAD and case.id in streams and not deeds:
            deeds.append(True)
            case.contact()
        return read(table, streams)

    def watched(streams: Sequence[str], records: rebuilding.Records, vault: Vault, write: bool) -> Any:
        again.extend(streams)
        return careful(streams, records, vault, write)

    monkeypatch.setattr(shelf, "_of", slow)
    monkeypatch.setattr(rebuilding, "_careful", watched)
    assert compare(house.desk.vault) == []
    assert deeds and case.id in again, "the look took place before and after the deed, and had to be made again"


def test_lots_of_any_size_find_and_mend_the_same(house: Installation, monkeypatch: pytest.MonkeyPatch):
    many(house)
    damaged = list(CaseRow.objects.values_list("case", flat=True))
    assert len(damaged) > 3

    def damage() -> None:
        Promised.objects.all().delete()
        Holding.objects.filter(case__in=damaged[:2], turn=1).delete()

    damage()
    found = compare(house.desk.vault)
    assert {difference.table for difference in found} == {"worklist_promise", "worklist_holding"}
    for streams, entries, locked in ((1, 1, 1), (3, 20, 2)):
        monkeypatch.setattr(rebuilding, "STREAMS", streams)
        monkeypatch.setattr(rebuilding, "ENTRIES", entries)
        monkeypatch.setattr(rebuilding, "LOCKED", locked)
        assert compare(house.desk.vault) == found
        assert list(rebuild(house.desk.vault, write=True)) == found
        assert compare(house.desk.vault) == []
        damage()


def test_a_case_that_cannot_be_read_is_told_and_leaves_the_others_mended(
    house: Installation, monkeypatch: pytest.MonkeyPatch
):
    cases = sorted(case.id for case in (house.accepted(), house.accepted(), house.accepted()))
    Promised.objects.all().delete()
    replay = rebuilding.replay

    def broken(case: str, held: Sequence[bytes]) -> Any:
        if case == cases[-1]:
            raise LookupError(f"{case} has no beginning")
        return replay(case, held)

    monkeypatch.setattr(rebuilding, "replay", broken)
    with pytest.raises(LookupError, match=f"{cases[-1]} has no beginning"):
        list(rebuild(house.desk.vault, write=True))
    assert set(Promised.objects.values_list("case", flat=True)) == set(cases[:-1])
