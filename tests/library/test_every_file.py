"""What every shipped protocol must show, whichever files lie in the library."""

from __future__ import annotations

import pytest

from holdfast.core.access import Viewer
from holdfast.pathways.library import shipped
from tests.installation import OUTSIDER, Installation
from tests.library.driver import Run

FILES = sorted(shipped())
pytestmark = pytest.mark.parametrize("pathway", FILES)


@pytest.mark.requirement("GAT-08")
def test_a_case_opens_with_a_holder_and_a_clock_and_can_be_closed_only_on_evidence(
    house: Installation, pathway: str
) -> None:
    run = Run.open(house, pathway)
    shown = run.shown()
    assert shown["holder"]["id"] and shown["next_due"] and shown["tier"] and shown["emergency"]
    assert run.pathway.prevents and run.pathway.validations and run.pathway.sources
    for endpoint in run.pathway.endpoints:
        assert endpoint.records, f"{endpoint.id} asks for no evidence"
    assert run.of(OUTSIDER).get(f"cases/{run.id}", 404)
    assert Viewer(OUTSIDER).staff not in str(shown)


@pytest.mark.requirement("PKT-06")
def test_the_whole_packet_can_be_filled_from_its_own_questions(house: Installation, pathway: str) -> None:
    run = Run.open(house, pathway)
    assert run.unanswered()
    run.fill()
    assert run.unanswered() == [] and run.shown()["packet"]["complete"]


@pytest.mark.requirement("EWS-04")
def test_an_emergency_is_recorded_at_once_by_anybody_concerned_with_nothing_filled_in(
    house: Installation, pathway: str
) -> None:
    run = Run.open(house, pathway)
    urgent = [step for step in run.pathway.steps if step.urgent]
    assert urgent, "no step for an emergency"
    for team in run.state.parties:
        assert {step.id for step in urgent} <= run.possible(run.who(f"{team}.any"))
    run.step(urgent[0].id)
    assert run.case.events("NoticeIssued"), "nobody was told"
