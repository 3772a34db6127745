"""The main job in a browser: one discharge on real input, from a file to the end of its thirty days."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.config.console import main as holdfast
from tests.journeys import answers as a
from tests.journeys.browsing import Walker
from tests.journeys.conftest import Opens
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
def test_the_main_job(
    town: Town, opens: Opens, shared_inputs: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # Given a file of a person who leaves the ward
    town.let_pass(0, "09:00")
    case = given_a_draft(shared_inputs / FILE, capsys)
    path = f"/cases/{case.removeprefix('case:')}/"

    # When the coordinator completes the packet on a phone and sends it
    town.let_pass(0, "09:20")
    maren = opens()
    when_the_packet_is_completed(maren)
    when_it_is_sent(maren)

    # Then the first mail is taken and comes back, and the ladder reaches the ward's supervisor
    town.let_pass(0, "09:31")
    assert len(town.mails(TEAM_ADDRESS)) == 1
    assert town.state(case).holder == COORDINATOR
    town.comes_back(town.post.taken[0], town.post.senders[0], timedelta(minutes=40))
    town.let_pass(0, "12:15")
    then_the_supervisor_sees_it(opens(), path)
    assert town.called(case, "receipt") == [INTAKE, WARD_SUPERVISOR]

    # When the partner opens the link of the second mail on a phone
    town.let_pass(0, "12:40")
    when_the_partner_accepts(town, opens())
    assert town.state(case).holder == LEAD

    # And the person has their card, and two attempts fail before the third reaches them
    town.let_pass(0, "14:00")
    when_the_card_is_given(maren, path)
    rosa = opens()
    for at in ("08:30", "10:45"):
        town.let_pass(1, at)
        when_a_contact_is_recorded(rosa, path, a.NOBODY)
    assert rosa.sees("A try by another route")
    assert town.state(case).moments["attempt-failed"].count == 2
    town.let_pass(1, "12:15")
    when_a_contact_is_recorded(rosa, path, a.VISIT)
    rosa.picture("5-third-attempt", "Contacts and attempts")
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
    town.let_pass(25, "09:00")
    then_it_closes_as_engaged(rosa, path)
    state = town.state(case)
    assert (state.status, state.endpoint, state.holder) == ("closed", "engaged", LEAD)

    # And the ward gets the closure message and reads it
    town.let_pass(26, "09:15")
    assert town.mails(f"{COORDINATOR}@harbour.example.org")
    maren.sign_in(COORDINATOR)
    maren.press("We have read the closure message", "link")
    maren.does("We have read the closure message", {})
    assert not town.state(case).find_owed("closure-read")

    # And the window ends on day 30, with the whole of it as evidence
    town.let_pass(30, "12:00")
    assert town.state(case).status == "ended"
    maren.sign_in(COORDINATOR)
    maren.goes(path)
    assert maren.sees("Closed, window over")
    maren.goes(f"{path}evidence")
    assert maren.sees("Desta Moor")
    maren.picture("8-evidence")


def given_a_draft(file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The file is taken in as ``holdfast intake`` does it, twice; the second time changes nothing. Gives the case."""
    assert holdfast(["intake", str(file), "--as", COORDINATOR]) == 0
    said = capsys.readouterr().out
    assert "used, each to be confirmed" in said and "discharge.at" in said
    found = re.search(r"case: ([0-9a-f]+)", said)
    assert found, said
    assert holdfast(["intake", str(file), "--as", COORDINATOR]) == 0
    assert "came before" in capsys.readouterr().out
    return f"case:{found[1]}"


def when_the_packet_is_completed(maren: Walker, name: str = NAME) -> None:
    maren.sign_in(COORDINATOR)
    maren.picture("1-my-work")
    assert maren.sees(name)
    maren.press(name, "link")
    assert maren.sees("Send the packet: not possible now")
    maren.picture("2-case", "What you can do now")
    maren.press("Packet", "link", exact=True)
    assert maren.sees("Not yet confirmed")
    maren.fills(a.packet())
    maren.confirms("contact.phone")
    for named, staff in a.NAMED.items():
        maren.answer(f"named.{named}", staff)
    maren.picture("3-packet", "The discharge")
    maren.press("Save draft")
    assert maren.sees("Draft saved. Nothing has been sent."), maren.complaint()
    assert maren.sees("Tier by these answers: High")


def when_it_is_sent(maren: Walker) -> None:
    maren.press("Send the packet", "link")
    maren.press("Send the packet")
    assert maren.sees("Recorded: Send the packet"), maren.complaint()


def then_the_supervisor_sees_it(oona: Walker, path: str) -> None:
    oona.sign_in(WARD_SUPERVISOR)
    oona.goes(path)
    assert oona.sees("Oona Brandt")
    oona.picture("4-supervisor", "Due next")


def when_the_partner_accepts(town: Town, desta: Walker) -> None:
    """Counted: what the hand does, and that a minute is enough for all of it."""
    second = town.mails(TEAM_ADDRESS)[1]
    assert NAME not in str(second)
    began = time.monotonic()
    desta.goes(town.link_in(second))
    assert not desta.sees(NAME)
    desta.press("Send me the code")
    desta.answer("code", town.code())
    desta.press("Open", exact=True)
    assert desta.sees(NAME)
    desta.picture("4-partner", "Will Community Team North take this on?")
    desta.answer("who", INTAKE)
    desta.fills(a.receipt())
    desta.press("Received, reviewed, assigned")
    assert desta.sees("What was answered"), desta.complaint()
    assert desta.taps <= 12, f"{desta.taps} taps"
    assert time.monotonic() - began < 60
    desta.press("Close this page")


def when_the_card_is_given(maren: Walker, path: str) -> None:
    maren.sign_in(COORDINATOR)
    maren.goes(f"{path}card")
    assert maren.sees("Rosa Penhale")
    maren.picture("6-card")
    maren.press("Record that the person has it", "link")
    maren.does("Give the person their card", a.CARD)


def when_a_contact_is_recorded(rosa: Walker, path: str, answers: a.Answers) -> None:
    rosa.sign_in(LEAD)
    rosa.goes(path)
    rosa.press("Record a contact or an attempt", "link")
    rosa.does("Record a contact or an attempt", answers)


def when_the_decision_maker_answers(tomas: Walker) -> None:
    tomas.sign_in(DECISION_MAKER)
    assert tomas.sees("A clinical response to the risk signal")
    tomas.picture("7-signal")
    tomas.press("Record the clinical response", "link")
    tomas.does("Record the clinical response", a.RESPONSE)


def then_it_closes_as_engaged(rosa: Walker, path: str) -> None:
    rosa.sign_in(LEAD)
    rosa.goes(path)
    rosa.page.get_by_text("How this case can end").click()
    assert rosa.sees("Engaged with community support: not possible now"), rosa.complaint()
    rosa.press("Accept ongoing care", "link")
    rosa.does("Accept ongoing care", a.ONGOING)
    rosa.page.get_by_text("How this case can end").click()
    rosa.press("Engaged with community support", "link")
    rosa.does("Engaged with community support", a.CLOSING)
    assert rosa.sees("Closed, window still running")


def off_stage(town: Town, case: str, first: int, last: int) -> None:
    """What a well-run case has in between, told to the desk without pages."""
    for day, at, who, what, answers in a.in_between(first, last):
        town.let_pass(day, at)
        if what == a.CONTACT:
            town.does(case, who, "TakeStep", answers, step=what, about="")
        else:
            town.does(case, who, "Meet", answers, promise=town.owed(case, what))
