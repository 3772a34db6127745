"""A notice of discharge (HL7 v2 ADT A03) that raises a doubt: its owner looks at it in the inbox and opens the discharge."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.config.console import main as holdfast
from holdfast.worklists.models import CaseRow
from tests.journeys import answers as a
from tests.journeys.conftest import Opens
from tests.journeys.steps import when_it_is_sent, when_the_packet_is_completed
from tests.journeys.town import COORDINATOR, INTAKE, LEAD, TEAM_ADDRESS, Town

pytestmark = pytest.mark.journey

NOTICE = "hl7v2-microsoft-fhir-converter/ADT-A03-01.hl7"
NAME = "ADAM A EVERYMAN"


@pytest.mark.inputs
@pytest.mark.requirement("EVT-01", "EVT-04", "PKT-09")
def test_a_notice_of_discharge(
    town: Town, opens: Opens, shared_inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a notice of discharge that also says that the person has died
    town.let_pass(0, "09:00")
    assert holdfast(["intake", str(shared_inputs / NOTICE)]) == 1
    assert f"waits for: {COORDINATOR}" in capsys.readouterr().out
    assert not CaseRow.objects.exists()

    # When its owner looks at it, and opens the discharge with a reason
    town.let_pass(0, "09:20")
    maren = opens()
    maren.sign_in(COORDINATOR)
    maren.press("Inbox", "link", exact=True)
    maren.must_see("1 message waits for somebody to look at it.")
    maren.press("Notice of a discharge", "link")
    maren.must_see("has died")
    maren.press("Settle it")
    maren.must_see("There is a problem")
    maren.choose("how", "open-it")
    maren.answer("reason", "The ward says that he lives: the date of death is wrong.")
    maren.press("Settle it")
    maren.must_see(NAME)

    # Then it is a discharge like any other: completed, sent, and taken on
    case = CaseRow.objects.get().case
    when_the_packet_is_completed(maren, NAME)
    when_it_is_sent(maren)
    town.let_pass(0, "10:30")
    assert len(town.mails(TEAM_ADDRESS)) == 1
    town.does(case, INTAKE, "TakeStep", a.receipt(), step="confirm-receipt", about="")
    assert town.state(case).holder == LEAD
    maren.sign_in(COORDINATOR)
    maren.goes("/inbox/?show=all")
    maren.must_see("Settled by Maren Holt")
