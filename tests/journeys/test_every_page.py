"""Every page that the menu of each role leads to, on a phone: no fault that axe finds, and none wider than the screen."""

from __future__ import annotations

import pytest

from holdfast.desk.proposing import propose_edition
from holdfast.pathways.library import shipped
from tests.journeys import answers as a
from tests.journeys.browsing import PHONE, Walker
from tests.journeys.conftest import Opens
from tests.journeys.test_pathways import FIRST_LEAD, PATHWAY, SECOND_LEAD, open_case
from tests.journeys.town import COORDINATOR, INTAKE, LEAD, TEAM_SUPERVISOR, WARD_SUPERVISOR, Town

pytestmark = pytest.mark.journey

ADMINISTRATOR, TEAM, HOUSE = "bram-ostler", "community-north", "harbour-mental-health"
CASE = ("", "packet", "packet/summary", "card", "evidence", "seen")
GOVERNANCE = ("/governance/", "/governance/between", "/governance/weekly", f"/pathways/{PATHWAY}/")
DIRECTORY = tuple(
    f"/directory/{page}"
    for page in (
        "services",
        f"{HOUSE}/organisation/{HOUSE}",
        f"{HOUSE}/team/larch-ward",
        f"{HOUSE}/team/larch-ward/roster",
        f"{HOUSE}/staff/{COORDINATOR}",
        f"{HOUSE}/staff/{COORDINATOR}/roles",
        f"{HOUSE}/absence/new",
        f"{HOUSE}/contact/new",
        f"{HOUSE}/service/new",
    )
)


def sent_case(town: Town) -> str:
    """The address of a case of which nobody confirmed receipt in time."""
    case = open_case(town)
    town.does(case, COORDINATOR, "FillPacket", {**a.packet(), "contact.phone": "555-0142"})
    for named, staff in a.NAMED.items():
        town.does(case, COORDINATOR, "NameRole", named=named, staff=staff)
    town.does(case, COORDINATOR, "TakeStep", step="send")
    town.let_pass(2, "10:00")
    return f"/cases/{case.partition(':')[2]}/"


def hold_slots(walker: Walker) -> None:
    """A supervisor holds times; the kind is chosen from those there are."""
    walker.goes(f"/team/{TEAM}/slots")
    walker.page.select_option("[name=kind]", "step-up")
    for name, text in (("date", "2020-10-27"), ("time", "10:00"), ("weeks", "2")):
        walker.page.fill(f"[name={name}]", text)
    walker.press("Hold these times")
    walker.must_see("Take it away")


def test_no_page_of_any_role_has_a_fault(town: Town, opens: Opens) -> None:
    case = sent_case(town)
    changed = shipped()[PATHWAY].replace("window: 30 d", "window: 28 d")
    number = propose_edition(town.desk, changed, FIRST_LEAD, "test").number
    proposal, asked = f"/pathways/{PATHWAY}/proposals/{number}", f"/pathways/propose?from={PATHWAY}"
    of_case = tuple(case + page for page in CASE)
    routes = {
        COORDINATOR: of_case,
        INTAKE: of_case[:2],
        LEAD: (f"/team/{TEAM}", f"/team/{TEAM}/slots"),
        WARD_SUPERVISOR: ("/gaps/", *of_case[:1]),
        TEAM_SUPERVISOR: (f"/gaps/{TEAM}", "/cases/?status=all"),
        FIRST_LEAD: (*GOVERNANCE, proposal, asked),
        SECOND_LEAD: (proposal, *of_case[:1]),
        ADMINISTRATOR: DIRECTORY,
    }
    walker = opens(PHONE)
    for staff, pages in routes.items():
        walker.sign_in(staff)
        if staff == TEAM_SUPERVISOR:
            hold_slots(walker)
        menu = walker.page.locator("nav a[href^='/']").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        assert menu, f"{staff} is offered nothing"
        for page in dict.fromkeys((*menu, *pages)):
            answer = walker.page.goto(f"{walker.url}{page}")
            assert answer is not None and answer.status == 200, f"{staff}: {page} answers {answer and answer.status}"
            walker.check()
