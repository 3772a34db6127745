"""Every shipped protocol through the pages: opened, its packet filled in, its forms shown, whichever files lie in the library."""

from __future__ import annotations

import pytest

from holdfast.doors.web import viewer
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from tests.doors.case_stage import plain
from tests.hazards.journeys import sent
from tests.installation import Installation
from tests.library.answering import answers_to
from tests.library.doors import Web, shown, signed_in
from tests.library.driver import Run
from tests.library.setting import member, publish, teams_of


@pytest.mark.requirement("GAT-08", "PKT-01", "PKT-06", "PKT-08")
@pytest.mark.parametrize("id", sorted(shipped()))
def test_a_protocol_is_opened_filled_in_and_shown_through_the_pages(
    house: Installation, monkeypatch: pytest.MonkeyPatch, id: str
) -> None:
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    publish(house, id)
    pathway = latest_edition(id)
    party, _, duty = pathway.holder_at_opening.partition(".")
    holder = member(teams_of(pathway)[party], pathway.get_party(party).duties[duty])
    client, door = signed_in(holder), Web()
    person = {"name": "Quin Testcase", "numbers": [{"system": "mrn", "value": "RX-0042"}]}
    body = {"pathway": id, "parties": teams_of(pathway), "holder": holder, "person": person, "answers": {}}
    run = Run(house, door.open(holder, body), door)
    assert run.state.holder == holder

    packet = shown(client, f"/cases/{run.id}/packet")
    missing = [field.ask for field in pathway.packet_fields() if field.id in run.unanswered()]
    assert missing and all(ask in plain(packet) for ask in missing)
    fields = tuple(pathway.packet_fields())
    people = {field.id: holder for field in fields if field.kind == "staff"}
    answers = answers_to(fields, {}, people, run.state, pathway, run.directory, house.now, {})
    named = {f"named.{one.id}": member(run.state.parties[party], one.role) for one in pathway.named}
    door.do(holder, run.id, "FillPacket", answers=answers | named)
    assert run.unanswered() == [] and set(run.state.named) == {one.id for one in pathway.named}

    for page in ("", "packet/summary", "card", "evidence"):
        shown(client, f"/cases/{run.id}/{page}")
    for step in pathway.steps:
        if not step.about:
            assert step.title in plain(shown(client, f"/cases/{run.id}/deeds/TakeStep/{step.id}")), step.id
    for endpoint in pathway.endpoints:
        assert endpoint.title in plain(shown(client, f"/cases/{run.id}/deeds/CloseCase/{endpoint.id}")), endpoint.id


@pytest.mark.requirement("BEY-01")
def test_nobody_is_asked_to_say_back_a_risk_that_the_packet_says_is_not_there(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    for there, asked in (("no", False), ("yes", True)):
        run = sent(house, "mobile-crisis-to-outpatient", {"risk.recent-attempt": there})
        intake = signed_in(run.who("receiver.intake"))
        page = shown(intake, f"/cases/{run.id}/deeds/TakeStep/accept")
        assert ('name="restate.attempt"' in page) == asked
        assert 'name="restate.safety-plan"' in page and "Needed if" not in plain(page)
        assert not asked or "(needed)" in page.split('for="f-restate__attempt"')[1].split("</label>")[0]
