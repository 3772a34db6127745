"""The main job in a browser: one discharge on real input, from a file to the end of its thirty days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys import answers as a
from tests.journeys.conftest import Opens
from tests.journeys.steps import (
    given_a_draft,
    off_stage,
    then_it_closes_as_engaged,
    then_the_supervisor_sees_it,
    when_a_contact_is_recorded,
    when_it_is_sent,
    when_the_card_is_given,
    when_the_decision_maker_answers,
    when_the_packet_is_completed,
    when_the_partner_accepts,
)
from tests.journeys.town import (
    COORDINATOR,
    DECISION_MAKER,
    INTAKE,
    LEAD,
    TEAM_ADDRESS,
    TEAM_SUPERVISOR,
    WARD_SUPERVISOR,
    Town,
)

pytestmark = pytest.mark.journey

FILE = "synthea-smart-r4/Trenton_Turner_54a45132-91fc-485e-b401-8c7644a0d517.json"
NAME = "Trenton Turner"


@pytest.mark.inputs
@pytest.mark.timeout(600)
@pytest.mark.requirement("PKT-09", "REC-01", "REC-07", "ESC-01", "CON-04", "EWS-02", "CLS-01", "CLS-05")
def test_the_main_job(town: Town, opens: Opens, shared_inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Given a file of a person who leaves the ward
    town.let_pass(0, "09:00")
    case = given_a_draft(shared_inputs / FILE, capsys)
    path = f"/cases/{case.removeprefix('case:')}/"

    # When the coordinator completes the packet on a phone and sends it
    town.let_pass(0, "09:20")
    maren = opens()
    when_the_packet_is_completed(maren, NAME)
    when_it_is_sent(maren)

    # Then the first mail is taken and comes back, and the ladder reaches the ward's supervisor
    town.let_pass(0, "09:31")
    assert len(town.mails(TEAM_ADDRESS)) == 1
    assert town.state(case).holder == COORDINATOR
    town.comes_back(town.post.taken[0], town.post.senders[0], timedelta(minutes=40))
    town.let_pass(0, "10:40")
    town.does(case, COORDINATOR, "Meet", a.CALLED, promise=town.owed(case, "delivery-problem"))
    town.let_pass(0, "12:15")
    then_the_supervisor_sees_it(town, opens(), path)
    assert town.called(case, "receipt") == [INTAKE, WARD_SUPERVISOR]

    # When the partner opens the link of the second mail on a phone
    town.let_pass(0, "12:40")
    when_the_partner_accepts(town, opens(), NAME)
    assert town.state(case).holder == LEAD

    # And the person has their card, and two attempts fail before the third reaches them
    town.let_pass(0, "14:00")
    when_the_card_is_given(maren, path)
    rosa = opens()
    for at in ("08:30", "10:45"):
        town.let_pass(1, at)
        when_a_contact_is_recorded(rosa, path, a.NOBODY)
    rosa.must_see("A try by another route")
    assert town.state(case).moments["attempt-failed"].count == 2
    town.let_pass(1, "12:15")
    when_a_contact_is_recorded(rosa, path, a.VISIT)
    rosa.picture("6-third-attempt", "Contacts and attempts")
    assert not town.state(case).find_owed("first-contact")
    rosa.press("Book an appointment", "link")
    rosa.does("Book an appointment", a.appointment())
    off_stage(town, case, 2, 8)

    # When a risk signal comes on day 9, it climbs until the decision-maker answers
    town.let_pass(9, "10:30")
    when_a_contact_is_recorded(rosa, path, a.WORSE)
    town.let_pass(9, "11:20")
    assert town.called(case, "clinical-response") == [TEAM_SUPERVISOR, DECISION_MAKER]
    when_the_decision_maker_answers(opens())
    assert not town.state(case).find_owed("clinical-response")

    # And the appointment is kept
    town.let_pass(10, "11:00")
    rosa.sign_in(LEAD)
    rosa.press("Record whether the person came", "link")
    rosa.does("Record whether the person came", a.KEPT)
    off_stage(town, case, 11, 24)

    # Then the case closes as engaged, on its evidence and not before
    town.let_pass(25, "10:00")
    then_it_closes_as_engaged(rosa, path)
    state = town.state(case)
    assert (state.status, state.endpoint, state.holder) == ("closed", "engaged", LEAD)

    # And the ward gets the closure message and reads it
    before = len(town.mails(f"{COORDINATOR}@harbour.example.org"))
    town.let_pass(26, "09:15")
    assert len(town.mails(f"{COORDINATOR}@harbour.example.org")) == before + 1
    maren.sign_in(COORDINATOR)
    maren.press("We have read the closure message", "link")
    maren.does("We have read the closure message", {})
    assert not town.state(case).find_owed("closure-read")

    # And the window ends on day 30, with the whole of it as evidence
    town.let_pass(30, "12:00")
    assert town.state(case).status == "ended"
    maren.sign_in(COORDINATOR)
    maren.goes(path)
    maren.must_see("Closed, window over")
    maren.goes(f"{path}evidence")
    maren.must_see("Desta Moor")
    maren.picture("8-evidence", maren.text("main h1"))
