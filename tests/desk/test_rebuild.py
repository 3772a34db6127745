"""Everything derived can be made again from the record: the same rows, and what was tampered with is named and mended."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from holdfast.clocks.models import Clock
from holdfast.deliveries.models import Delivery
from holdfast.deliveries.outbox import note_attempt
from holdfast.desk import persons
from holdfast.desk.rebuild import compare, rebuild
from holdfast.directory.models import Item
from holdfast.ledger.models import Frontier, Head
from holdfast.people.models import Identifier, PersonKey, Sealed
from holdfast.worklists.models import Called, CaseRow, Exceptional, Holding, Promised
from tests.assurance.cases import many
from tests.installation import GOVERNANCE, LEAD, SECOND_GOVERNANCE, SENDER, Case, Installation, given


@pytest.fixture
def cases(house: Installation) -> dict[str, Case]:
    return many(house)


def found(house: Installation) -> list[str]:
    return [str(difference) for difference in compare(house.desk.vault)]


def mended(house: Installation) -> None:
    assert list(rebuild(house.desk.vault, write=True))
    assert found(house) == []


def snapshot() -> dict[str, list[tuple]]:
    """Every row of every derived table, as the database gives it, without automatic ids."""
    tables = {}
    with connection.cursor() as cursor:
        for table in (
            "worklist_case",
            "worklist_part",
            "worklist_promise",
            "worklist_called",
            "worklist_holding",
            "worklist_exception",
            "clock",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
            skip = columns.index("id") if "id" in columns and table != "clock" else -1
            tables[table] = sorted(
                tuple(str(cell) for place, cell in enumerate(row) if place != skip) for row in cursor.fetchall()
            )
        cursor.execute("SELECT stream, number, digest, edition, holder, state FROM ledger_head")
        tables["ledger_head"] = sorted(
            (*row[:5], json.dumps(json.loads(row[5]), sort_keys=True)) for row in cursor.fetchall()
        )
    return tables


@pytest.mark.requirement("BEY-02")
def test_what_is_rebuilt_is_what_was_live(house: Installation, cases: dict[str, Case]):
    assert found(house) == []
    before = snapshot()
    for table in (
        "worklist_case",
        "worklist_part",
        "worklist_promise",
        "worklist_called",
        "worklist_exception",
        "worklist_holding",
        "clock",
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    assert len(found(house)) > 50
    mended(house)
    assert snapshot() == before


def test_comparing_changes_nothing(house: Installation, cases: dict[str, Case]):
    CaseRow.objects.filter(case=cases["signal"].id).update(tier="standard")
    before = snapshot()
    compare(house.desk.vault)
    assert snapshot() == before


def test_after_an_erasure_a_rebuild_is_still_what_is_live(house: Installation, cases: dict[str, Case]):
    person = cases["signal"].person
    cases["signal"].close()
    assert persons.erase(house.desk, person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    assert found(house) == []
    assert persons.read_card(house.desk, person) == {}
    assert house.desk.vault.read(person, cases["signal"].id) == {}
    assert not Sealed.objects.filter(person=person).exists()
    assert not Identifier.objects.filter(person=person).exists()
    assert house.desk.vault.find_person([("mrn", person)]) is None


def test_somebody_erased_who_came_back_is_named_and_goes_again(house: Installation, cases: dict[str, Case]):
    person = cases["signal"].person
    key = PersonKey.objects.get(person=person)
    cases["signal"].close()
    assert persons.erase(house.desk, person, "order", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    PersonKey.objects.create(person=person, wrapped=key.wrapped)
    assert found(house) == [f"person_key {person}: this person was erased, and the table does not say so"]
    mended(house)
    assert house.desk.vault.find_key(person) is None


@pytest.mark.requirement("AUD-03")
@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda id: CaseRow.objects.filter(case=id).update(holder="mallory"), "worklist_case {id}: the record gives another holder"),
        (lambda id: Promised.objects.filter(case=id, kind="reconciliation").delete(),
         "worklist_promise {id} reconciliation#1: a row is missing"),
        (lambda id: Holding.objects.filter(case=id, turn=2).delete(), "worklist_holding {id} 2: a row is missing"),
        (lambda id: Called.objects.filter(case=id).delete(), "worklist_called {id}"),
        (lambda id: Exceptional.objects.filter(case=id, kind="breach").delete(), "worklist_exception {id}"),
        (lambda id: Clock.objects.filter(stream=id).delete(), "clock {id}"),
        (lambda id: Clock.objects.create(id="forged", stream=id, promise="x", rings="2026-01-01T00:00Z"),
         "clock {id} forged: a row is there"),
        (lambda id: Head.objects.filter(stream=id).update(holder="mallory"), "ledger_head {id}: the record gives another holder"),
        (lambda id: Head.objects.filter(stream=id).update(state="{}"), "ledger_head {id}: the record gives another state"),
        (lambda id: Head.objects.filter(stream=id).delete(), "ledger_head {id}: a row is missing"),
        (lambda id: CaseRow.objects.filter(case=id).delete(), "worklist_case {id}: a row is missing"),
        (lambda id: Item.objects.filter(kind="staff", ref=SENDER).delete(), "directory_item staff cora: a row is missing"),
        (lambda id: Frontier.objects.create(id=1, size=9, body=""), "ledger_frontier"),
    ],
)  # fmt: skip
def test_a_derived_row_that_was_tampered_with_is_named_and_mended(house: Installation, tamper, named: str):
    case = house.accepted()
    house.wait(hours=25)
    case.fire()
    tamper(case.id)
    wanted = named.format(id=case.id)
    assert any(line.startswith(wanted) for line in found(house)), found(house)
    mended(house)
    case.contact()


def test_rows_of_a_case_that_has_no_record_go(house: Installation):
    case = house.sent()
    row = CaseRow.objects.filter(case=case.id).values().get()
    CaseRow.objects.create(**{**row, "case": "case:nobody"})
    assert found(house) == ["worklist_case case:nobody: a row is there that the record does not give"]
    mended(house)


def test_a_missing_message_is_queued_again_only_if_nothing_was_tried_and_the_case_is_open(house: Installation):
    quiet, tried, closed = house.sent(), house.sent(), house.accepted()
    answers = {"escalated.to": given("inpatient"), "escalated.response-at": given(house.now.isoformat()),
               "escalated.response": given("Bed found."), "closing.next-steps": given("Admitted."),
               "closing.why-other": given("Unwell.")}  # fmt: skip
    closed.does("CloseCase", LEAD, answers, endpoint="escalated")
    note_attempt(f"{tried.id}.n1", house.now, "email", "sent")
    Delivery.objects.filter(key__in=[f"{case.id}.n1" for case in (quiet, tried, closed)]).delete()
    assert len(found(house)) == 3
    mended(house)
    status = dict(Delivery.objects.values_list("key", "status"))
    assert status[f"{quiet.id}.n1"] == "queued"
    assert status[f"{tried.id}.n1"] == "withheld"
    assert status[f"{closed.id}.n1"] == "withheld"


def test_numbers_on_the_card_are_found_again(house: Installation):
    rows = given([{"system": "nhs", "value": "943 476 5919"}])
    answers = {"person.name": given("Robin Vale"), "person.identifiers": rows}
    persons.register(house.desk, "pcard", answers, [("nhs", "943 476 5919")], SENDER, "test")
    assert found(house) == []
    Identifier.objects.all().delete()
    assert found(house) == ["person_identifier pcard: a row is missing"]
    mended(house)
    assert house.desk.vault.find_person([("nhs", "943 476 5919")]) == "pcard"


def test_a_sealed_value_that_went_without_an_erasure_is_named(house: Installation, monkeypatch: pytest.MonkeyPatch):
    """Otherwise whoever owns the database could take a risk out of the packet, and it would read as erased."""
    with monkeypatch.context() as lossy:
        lossy.setattr(house.desk.vault, "put", lambda *values: None)
        case = house.sent()
    words = "values are missing and nobody was erased: look in a backup"
    named = found(house)
    assert len(named) == 2 and all(line.endswith(words) for line in named)
    assert named[0].startswith(f"person_sealed {case.id}: ")
