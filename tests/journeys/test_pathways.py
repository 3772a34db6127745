"""An edition from a typing slip to a moved case: one governance lead on a phone, the other at a desk."""

from __future__ import annotations

import uuid

import pytest

from holdfast.core.answers import RawAnswer
from holdfast.desk import persons
from holdfast.desk.envelope import Ask, Envelope
from holdfast.pathways.editions import latest_edition
from tests.journeys.browsing import DESK, PHONE
from tests.journeys.conftest import Opens
from tests.journeys.town import COORDINATOR, Town

pytestmark = pytest.mark.journey

FIRST_LEAD, SECOND_LEAD = "alma-quist", "cato-fielding"
PATHWAY = "discharge-to-community"


def open_case(town: Town) -> str:
    """A draft of the ward for the community team."""
    person, case = f"p{uuid.uuid4().hex}", f"case:{uuid.uuid4().hex}"
    card = {"person.name": RawAnswer("given", "Robin Vale")}
    assert persons.register(town.desk, person, card, [("mrn", person)], COORDINATOR, "test").accepted
    parties = {"sender": "larch-ward", "receiver": "community-north"}
    values = {"case": case, "pathway": PATHWAY, "subject": person, "holder": COORDINATOR, "parties": parties}
    outcome = town.desk.handle(Envelope(case, Ask("OpenCase", values), COORDINATOR, "web", uuid.uuid4().hex))
    assert outcome.accepted, outcome.refusal
    return case


@pytest.mark.requirement("BEY-25")
def test_an_edition_is_proposed_approved_and_cases_follow(town: Town, opens: Opens) -> None:
    case, alma, cato = open_case(town), opens(PHONE), opens(DESK)
    alma.sign_in(FIRST_LEAD)
    cato.sign_in(SECOND_LEAD)
    for walker in (alma, cato):
        wide = walker.size["width"]
        walker.press("Pathways", "link", exact=True)
        walker.picture(f"pathways-{wide}")
        walker.press("Discharge from mental-health care to community support", "link")
        walker.picture(f"pathway-{wide}")
        walker.press("Read it in plain words", "link")
        walker.page.get_by_text("Show the picture here").click()
        walker.check()
        walker.picture(f"edition-{wide}")
        walker.goes(f"/pathways/propose?from={PATHWAY}")
        text = walker.page.input_value("[name=text]")
        walker.page.fill("[name=text]", text.replace("window: 30 d", "window: 30 parsecs"))
        walker.press("Check it")
        walker.must_see("1 fault in the text")
        walker.picture(f"faults-{wide}")
    changed = text.replace("window: 30 d", "window: 28 d").replace("due: { all: 30 d }", "due: { all: 27 d }")
    alma.page.fill("[name=text]", changed)
    alma.press("Check it")
    alma.must_see("everything is proved")
    alma.picture("checked-360")
    alma.press("Propose it")
    alma.must_see("Approve: not possible now")
    alma.picture("own-360")
    cato.goes("/pathways/")
    cato.must_see("1 proposal waits for a second person")
    cato.press("Read the proposal", "link")
    cato.must_see("Somebody is accountable for 28 d (was 30 d).")
    cato.press("Reject it")
    cato.must_see("Say why, in a sentence.")
    cato.picture("proposal-1280")
    cato.press("Approve: new cases start on it")
    cato.must_see("Approved.")
    cato.picture("approved-1280")
    alma.goes(f"/pathways/{PATHWAY}/move")
    alma.picture("move-360")
    cato.press("Move 1 open case", "link")
    cato.must_see("sooner")
    cato.picture("move-1280")
    cato.page.fill("[name=reason]", "The window was agreed anew")
    cato.press("Move the chosen cases")
    cato.must_see("1 case moved.")
    assert town.state(case).edition == latest_edition(PATHWAY).digest
