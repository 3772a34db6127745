"""Several teams are asked at once: the first to accept has it, the others lose sight and are told, a no leaves the others."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from holdfast.core.access import Viewer
from holdfast.deliveries.models import Delivery
from holdfast.desk.rebuild import compare
from holdfast.directory.snapshot import current_version, load
from holdfast.worklists.viewing import may_see_case
from tests.installation import (
    LEAD,
    OUTSIDER,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER,
    Case,
    Installation,
    given,
)
from tests.screening import TESS, referral, screening_house

NORTH, SOUTH = RECEIVER, TESS


@pytest.fixture
def house(db: None) -> Installation:
    return screening_house()


def offered(house: Installation, *teams: str) -> Case:
    case = referral(house, receiver="", sent=False)
    case.step("offer", SENDER, {"offer.teams": given(list(teams or ("north", "south")))})
    return case


def taking(lead: str = LEAD) -> dict:
    return {"take-on.lead": given(lead), "take-on.first": given("Call tonight.")}


def sees(case: Case, staff: str) -> bool:
    return may_see_case(Viewer(staff), load(current_version()), case.id, case.at.now)


def notices(case: Case, notice: str) -> list[str]:
    return sorted(Delivery.objects.filter(stream=case.id, notice=notice).values_list("recipient", flat=True))


@pytest.mark.requirement("BEY-15")
def test_the_first_to_accept_has_it_and_the_others_are_told_and_see_no_further(house: Installation) -> None:
    case = offered(house)
    assert "receiver" not in case.state.parties and case.state.holder == SENDER
    assert notices(case, "packet-link") == ["team:north", "team:south"]
    assert sees(case, NORTH) and sees(case, SOUTH) and not sees(case, OUTSIDER)
    case.step("take-on", NORTH, taking())
    assert case.state.parties["receiver"] == "north" and case.state.holder == LEAD
    assert case.state.offered == {"receiver": {"north": "taken", "south": "withdrawn"}}
    assert notices(case, "withdrawn") == ["team:south"]
    assert sees(case, NORTH) and not sees(case, SOUTH)
    late = case.refused("TakeStep", SOUTH, taking(), step="take-on")
    assert late.code == "taken_already" and "Community North" in late.says
    assert compare(house.desk.vault) == []


@pytest.mark.requirement("BEY-15")
def test_a_no_leaves_the_others_and_the_last_no_is_somebodys_business(house: Installation) -> None:
    case = offered(house)
    case.step("say-no", SOUTH, {"say-no.why": given("full")})
    assert case.state.offered["receiver"] == {"north": "open", "south": "declined"}
    assert sees(case, NORTH) and not sees(case, SOUTH) and not notices(case, "withdrawn")
    assert case.state.find_owed("ask-again") is None
    case.step("say-no", NORTH, {"say-no.why": given("other")})
    assert case.promise("ask-again").owner == SENDER and case.state.holder == SENDER
    case.step("offer", SENDER, {"offer.teams": given(["south"])})
    assert case.state.find_owed("ask-again") is None and sees(case, SOUTH)
    case.step("take-on", SOUTH, taking())
    assert case.state.parties["receiver"] == "south"


def test_neither_the_sender_nor_their_last_resort_can_accept_for_those_asked(house: Installation) -> None:
    case = offered(house)
    for staff in (SENDER, "sue", "max", OUTSIDER):
        assert case.refused("TakeStep", staff, taking(), step="take-on").code == "not_yours"
    unasked = referral(house, receiver="", sent=False)
    unasked.step("send", SENDER)
    for staff in (SENDER, "max", NORTH):
        assert unasked.refused("TakeStep", staff, taking(), step="take-on").code == "not_yours"


def test_an_offer_names_real_teams_and_people_of_the_team_that_accepts(house: Installation) -> None:
    case = referral(house, receiver="", sent=False)
    for teams, code in ((["nowhere"], "unknown_team"), (["ward"], "same_team"), ([], "incomplete")):
        assert case.refused("TakeStep", SENDER, {"offer.teams": given(teams)}, step="offer").code == code
    case.step("offer", SENDER, {"offer.teams": given(["north", "south"])})
    refusal = case.refused("TakeStep", RECEIVER_SUPERVISOR, taking(SENDER), step="take-on")
    assert refusal.code == "without_authority"


@pytest.mark.requirement("INF-01")
def test_nothing_is_offered_without_consent(house: Installation) -> None:
    case = referral(house, receiver="", sent=False, **{"consent.sharing": given("refused")})
    asked = {"offer.teams": given(["north"])}
    assert case.refused("TakeStep", SENDER, asked, step="offer").code == "may_not_be_shared"
    assert not sees(case, NORTH)


@pytest.mark.requirement("BEY-15")
def test_two_that_accept_in_the_same_moment(clean_database: None) -> None:
    house = screening_house()
    for _turn in range(3):
        case = offered(house)
        gate, codes = threading.Barrier(2), {}

        def accept(staff: str, case: Case = case, gate: threading.Barrier = gate, codes: dict = codes) -> None:
            gate.wait()
            outcome = case.ask("TakeStep", staff, taking(), key=f"{case.id}-{staff}", step="take-on")
            codes[staff] = "accepted" if outcome.accepted else outcome.refusal.code
            connection.close()

        threads = [threading.Thread(target=accept, args=(staff,)) for staff in (NORTH, SOUTH)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(codes.values()) == ["accepted", "taken_already"], codes
        assert len(case.events("OfferTaken")) == 1 and len(notices(case, "withdrawn")) == 1
