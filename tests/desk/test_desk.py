"""Accepting, refusing, repeating: what every write through the desk keeps."""

from datetime import timedelta

import pytest
from django.db import connection

from holdfast.clocks.rows import armed, clocks_of
from holdfast.deliveries.models import Delivery
from holdfast.desk import persons
from holdfast.people.models import Sealed
from holdfast.worklists.casefile import entries_of, who_held
from holdfast.worklists.models import CaseRow, Exceptional, Holding, Promised
from tests.installation import (
    GOVERNANCE,
    LEAD,
    OUTSIDER,
    PATHWAY,
    RECEIVER,
    SECOND_GOVERNANCE,
    SENDER,
    Case,
    Installation,
    given,
)


def test_a_repeated_key_gets_its_first_answer_and_changes_nothing(house: Installation) -> None:
    case = house.sent()
    before = len(entries_of(case.id))
    first = case.ask("TakeStep", RECEIVER, step="note-received", key="again")
    second = case.ask("TakeStep", RECEIVER, step="note-received", key="again")
    assert (first.accepted, first.number) == (second.accepted, second.number)
    assert second.again and not first.again
    assert len(entries_of(case.id)) == before + 1


def test_the_same_key_with_another_body_is_refused(house: Installation) -> None:
    case = house.sent()
    case.ask("TakeStep", RECEIVER, step="note-received", key="k")
    other = case.ask("TakeStep", RECEIVER, {"ask.question": given("When?")}, step="ask", key="k")
    assert other.refusal is not None and other.refusal.code == "key_reused"


def test_a_refusal_is_remembered_too(house: Installation) -> None:
    case = house.open()
    first = case.ask("TakeStep", SENDER, step="send", key="early")
    case.fill()
    case.name_everybody()
    again = case.ask("TakeStep", SENDER, step="send", key="early")
    assert not first.accepted and not again.accepted and again.again
    assert case.ask("TakeStep", SENDER, step="send", key="later").accepted


def test_a_stale_version_is_refused(house: Installation) -> None:
    case = house.sent()
    seen = case.does("TakeStep", RECEIVER, step="note-received").number
    case.accept()
    stale = case.ask("RaiseTier", LEAD, texts={"reason": "worse today"}, tier="high", version=seen)
    assert stale.refusal is not None and stale.refusal.code == "stale"


def test_an_outsider_can_do_nothing(house: Installation) -> None:
    case = house.accepted()
    assert case.refused("TakeStep", OUTSIDER, step="note-received").code == "not_yours"
    assert case.refused("RaiseTier", OUTSIDER, None, {"reason": "because"}, tier="high").code == "not_yours"
    assert case.refused("FillPacket", OUTSIDER, {"housing.stable": given("no")}).code == "not_yours"


@pytest.mark.requirement("OWN-02", "OWN-06", "BEY-02")
def test_responsibility_moves_on_acceptance_and_the_past_can_be_asked(house: Installation) -> None:
    case = house.sent()
    house.wait(hours=3)
    before = house.now - timedelta(minutes=1)
    case.accept()
    house.wait(hours=1)
    assert who_held(case.id, before).holder == SENDER
    assert who_held(case.id, house.now).holder == LEAD
    assert [h.holder for h in Holding.objects.filter(case=case.id).order_by("turn")] == [SENDER, LEAD]


def test_text_is_kept_only_behind_a_commitment(house: Installation) -> None:
    case = house.sent()
    words = b"Passive thoughts in the evening"
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_entry")
        assert not any(words in bytes(body) for (body,) in cursor.fetchall())
        cursor.execute("SELECT state FROM ledger_head")
        assert not any(words.decode() in state for (state,) in cursor.fetchall())
    sealed = Sealed.objects.filter(stream=case.id, path="risk.summary").get()
    assert words not in bytes(sealed.sealed)
    opened = house.desk.vault.read(case.person, case.id)
    assert words in opened[sealed.commitment].plain


def test_read_models_follow_in_the_same_transaction(house: Installation) -> None:
    case = house.accepted()
    row = CaseRow.objects.get(case=case.id)
    assert (row.holder, row.status, row.stage) == (LEAD, "open", "assigned")
    assert clocks_of(case.id) == armed(case.state)
    mine = set(Promised.objects.filter(owner=LEAD, status="open").values_list("kind", flat=True))
    assert "first-contact" in mine
    assert Delivery.objects.filter(stream=case.id, notice="packet-link", recipient="team:north").count() == 1


def test_a_breach_is_an_exception_that_governance_sees(house: Installation) -> None:
    case = house.sent()
    house.tick(case, until=house.now + timedelta(hours=25))
    assert Exceptional.objects.filter(case=case.id, kind="breach", what="receipt#1").count() == 1


def test_recorded_time_never_goes_back(house: Installation) -> None:
    case = house.sent()
    house.wait(hours=-5)
    case.does("TakeStep", RECEIVER, step="note-received")
    recorded = [entry["recorded"] for entry in entries_of(case.id)]
    assert recorded == sorted(recorded)


def test_no_case_is_left_that_nobody_could_write_in(house: Installation) -> None:
    """The words of a step are sealed with the person's key: without it a case could neither go on nor close."""
    case = house.sent()
    erase = (house.desk, case.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test")
    refusal = persons.erase(*erase).refusal
    assert refusal is not None and refusal.code == "case_open"
    case.close()
    assert persons.erase(*erase).accepted
    parties = {"sender": "ward", "receiver": "north"}
    for number, subject in enumerate((case.person, "pnobody")):
        new = Case(house, f"case:{number:032x}", subject)
        values = {"case": new.id, "pathway": PATHWAY, "subject": subject, "parties": parties, "holder": SENDER}
        assert new.refused("OpenCase", SENDER, **values).code == "unknown_person"
