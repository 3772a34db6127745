"""What the people of the journeys do and see, step by step."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from holdfast.config.console import main as holdfast
from tests.journeys import answers as a
from tests.journeys.browsing import Walker
from tests.journeys.town import COORDINATOR, DECISION_MAKER, INTAKE, LEAD, TEAM_ADDRESS, WARD_SUPERVISOR, Town


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


def when_the_packet_is_completed(maren: Walker, name: str) -> None:
    maren.sign_in(COORDINATOR)
    maren.picture("1-my-work")
    maren.must_see(name)
    maren.press(name, "link")
    maren.must_see("Send the packet: not possible now")
    maren.picture("2-case", "What you can do now")
    maren.press("Packet", "link", exact=True)
    maren.must_see("Not yet confirmed")
    maren.fills(a.packet())
    maren.confirms("contact.phone")
    for named, staff in a.NAMED.items():
        maren.answer(f"named.{named}", staff)
    maren.picture("3-packet", "The discharge")
    maren.press("Save draft")
    maren.must_see("Draft saved. Nothing has been sent.")
    maren.must_see("Tier by these answers: High")


def when_it_is_sent(maren: Walker) -> None:
    maren.press("Send the packet", "link")
    maren.press("Send the packet")
    maren.must_see("Recorded: Send the packet")


def then_the_supervisor_sees_it(town: Town, oona: Walker, path: str) -> None:
    """The mail that called her leads to the case; there stands who was called, and the failure is an exception."""
    called = town.mails(f"{WARD_SUPERVISOR}@harbour.example.org")[-1]
    assert town.link_in(called) == f"{town.url}{path}"
    oona.sign_in(WARD_SUPERVISOR)
    oona.goes(town.link_in(called))
    oona.must_see("Calls made about it: 2")
    oona.picture("4-supervisor", "Due next")
    oona.press("I am on it", "link")
    oona.does("I am on it", {})
    oona.goes("/governance/")


def when_the_partner_accepts(town: Town, desta: Walker, name: str) -> None:
    """Counted: what the hand does, and that a minute is enough for all of it."""
    second = town.mails(TEAM_ADDRESS)[1]
    assert name not in str(second)
    began = time.monotonic()
    desta.goes(town.link_in(second))
    assert not desta.sees(name)
    desta.press("Send me the code")
    desta.answer("code", town.code())
    desta.press("Open", exact=True)
    desta.must_see(name)
    desta.picture("5-partner", "Will Community Team North take this on?")
    desta.answer("who", INTAKE)
    desta.fills(a.receipt())
    desta.press("Received, reviewed, assigned")
    desta.must_see("What was answered")
    assert desta.taps <= 12, f"{desta.taps} taps"
    assert time.monotonic() - began < 60
    desta.press("Close this page")


def when_the_card_is_given(maren: Walker, path: str) -> None:
    maren.sign_in(COORDINATOR)
    maren.goes(f"{path}card")
    maren.must_see("Rosa Penhale")
    maren.picture("card")
    maren.press("Record that the person has it", "link")
    maren.does("Give the person their card", a.CARD)


def when_a_contact_is_recorded(rosa: Walker, path: str, answers: a.Answers) -> None:
    rosa.sign_in(LEAD)
    rosa.goes(path)
    rosa.press("Record a contact or an attempt", "link")
    assert not rosa.sees("Sleep"), "the check is in the way before anybody was reached"
    rosa.does("Record a contact or an attempt", answers)


def when_the_decision_maker_answers(tomas: Walker) -> None:
    tomas.sign_in(DECISION_MAKER)
    tomas.must_see("A clinical response to the risk signal")
    tomas.picture("7-signal")
    tomas.press("Record the clinical response", "link")
    tomas.does("Record the clinical response", a.RESPONSE)


def then_it_closes_as_engaged(rosa: Walker, path: str) -> None:
    rosa.sign_in(LEAD)
    rosa.goes(path)
    rosa.page.get_by_text("How this case can end").click()
    rosa.must_see("Engaged with community support: not possible now")
    rosa.press("Accept ongoing care", "link")
    rosa.does("Accept ongoing care", a.ONGOING)
    rosa.page.get_by_text("How this case can end").click()
    rosa.press("Engaged with community support", "link")
    rosa.does("Close: Engaged with community support", a.CLOSING)
    rosa.must_see("Closed, window still running")


def off_stage(town: Town, case: str, first: int, last: int) -> None:
    """What a well-run case has in between, told to the desk without pages."""
    for day, at, who, what, answers in a.in_between(first, last):
        town.let_pass(day, at)
        if what == a.CONTACT:
            town.does(case, who, "TakeStep", answers, step=what, about="")
        else:
            town.does(case, who, "Meet", answers, promise=town.owed(case, what))
