"""Discharge to the community, driven from its data through both doors."""

from __future__ import annotations

import pytest

from tests.installation import Installation
from tests.library.driver import Run

FILE = "discharge-to-community"


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("GAT-08", "AUD-02", "CLS-01")
def test_from_opening_to_engaged(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill()
    run.name_everybody()
    run.step("send")
    run.step("confirm-receipt", by=run.who("receiver.intake"))
    house.wait(hours=2)
    spoken = {"contact.method": "phone", "contact.with": "person", "check.done": "done"}
    run.step("record-contact", {**spoken, "check.ideation": "none"})
    run.step("give-card", {"card.understood": "yes"})
    run.step("book-appointment", {"appointment.at": run.soon(hours=4)})
    house.wait(hours=5)
    assert run.shut("engaged") == {"appointment-kept", "ongoing-care"}
    run.step("record-attendance", {"attendance.outcome": "kept"})
    run.step("accept-ongoing-care")
    run.meet("reconciliation")
    run.close("engaged")
    assert run.verdict("receipt-in-time")["word"] == "passed"
    assert run.verdict("medication-compared")["word"] == "passed"
    assert run.state.endpoint == "engaged"


@pytest.mark.requirement("ESC-01")
def test_a_receipt_that_never_comes_reaches_the_last_resort(house: Installation) -> None:
    run = Run.open(house, FILE)
    run.fill({"risk.suicidal-ideation": "plan"})
    run.name_everybody()
    run.step("send")
    run.past("receipt")
    run.wait(hours=48)
    assert run.told("receipt")[:3] == [
        run.who("receiver.intake"),
        run.who("sender.supervisor"),
        run.who("receiver.supervisor"),
    ]
    assert run.told("receipt")[-1] == run.who("last-resort")
    run.step("confirm-receipt", by=run.who("receiver.intake"))
    assert run.status("receipt") == "met-late" and run.verdict("receipt-in-time")["word"] == "passed"
