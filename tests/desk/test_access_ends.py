"""What ends when it should: links with their case and their team, the right to erase with the organisation, one damaged value alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.core.parties import Staff
from holdfast.deliveries.links import LINK_LASTS, find_link, make_link
from holdfast.desk import persons
from holdfast.desk.rebuild import compare
from holdfast.ledger.models import Head
from holdfast.people import vault
from holdfast.people.sealing import seal
from holdfast.worklists.casefile import read_casefile
from tests.installation import GOVERNANCE, RECEIVER, SECOND_GOVERNANCE, SENDER, Installation, given


@pytest.mark.requirement("REC-01")
def test_a_link_is_worth_nothing_once_its_case_closed(house: Installation) -> None:
    case = house.accepted()
    token = make_link(case.id, "north", "one", house.now, LINK_LASTS)
    assert find_link(token, house.now) is not None
    case.close()
    assert find_link(token, house.now) is None


def test_a_link_is_worth_nothing_once_its_team_has_no_part_in_the_case(house: Installation) -> None:
    case = house.sent()
    token = make_link(case.id, "north", "one", house.now, LINK_LASTS)
    answers = {"decline.reason": given("capacity"), "decline.detail": given("Full this week.")}
    case.step("decline", RECEIVER, answers)
    assert find_link(token, house.now) is not None
    case.step("choose-receiver", SENDER, {"receiver.team": given("south")})
    assert "north" not in case.state.parties.values()
    assert find_link(token, house.now) is None


def test_a_link_lasts_a_fortnight() -> None:
    assert timedelta(days=14) == LINK_LASTS


@pytest.mark.requirement("BEY-23")
def test_only_governance_of_an_organisation_that_had_a_case_may_erase(house: Installation) -> None:
    case = house.accepted()
    case.close()
    foreign = [Staff(id, id.title(), "elsewhere", frozenset({("elsewhere", "governance")})) for id in ("gita", "gus")]
    house.change_directory(*foreign)
    refused = persons.erase(house.desk, case.person, "asked", "gita", "gus", "test")
    assert refused.refusal is not None and refused.refusal.code == "without_authority"
    assert house.desk.vault.find_key(case.person) is not None
    half = persons.erase(house.desk, case.person, "asked", GOVERNANCE, "gus", "test")
    assert half.refusal is not None and half.refusal.code == "without_authority"
    assert persons.erase(house.desk, case.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted


@pytest.mark.requirement("AUD-03")
def test_one_damaged_value_hides_no_other_and_is_counted(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def sealing(key: bytes, plain: bytes, place: str, nonce: bytes) -> bytes:
        sealed = seal(key, plain, place, nonce)
        return sealed[:-1] + bytes([sealed[-1] ^ 1]) if place.endswith("risk.summary") else sealed

    monkeypatch.setattr(vault, "seal", sealing)
    case = house.sent()
    file = read_casefile(case.id, house.desk.vault)
    assert file is not None
    summary = file.state.packet["risk.summary"]
    assert file.damaged(summary) and not file.erased(summary) and file.value(summary) is None
    assert file.value(file.state.packet["contact.phone"]) == "555-0142"
    assert [found for found in map(str, compare(house.desk.vault)) if "1 values are damaged" in found]


def test_a_head_that_another_engine_folded_is_folded_again_for_its_readers(house: Installation) -> None:
    case = house.sent()
    Head.objects.filter(stream=case.id).update(engine="0", state="{}")
    file = read_casefile(case.id, house.desk.vault)
    assert file is not None and file.state.packet_version == 1
