"""Every shipped protocol through the pages: opened, its packet filled in, its forms shown, whichever files lie in the library."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from holdfast.core.pathway import Pathway
from holdfast.directory.models import Account
from holdfast.doors.web import viewer
from holdfast.pathways.editions import latest_edition
from holdfast.pathways.library import shipped
from tests.doors.case_stage import form_on, plain
from tests.installation import Installation
from tests.library.answering import answers_to
from tests.library.driver import Run
from tests.library.setting import member, publish, teams_of


def browser(staff: str) -> Client:
    """A browser in which ``staff`` has just signed in."""
    client = Client()
    account = Account.objects.filter(staff=staff).first() or Account.objects.create_account(staff, staff, "x" * 12)
    client.force_login(account)
    return client


def typed(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as their controls post them."""
    sent: dict[str, Any] = {}
    for id, value in answers.items():
        if isinstance(value, dict):
            sent[f"{id}:answer"] = value["how"]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            sent |= {f"{id}:{n}:{name}": cell for n, row in enumerate(value) for name, cell in row.items()}
        elif isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
            sent |= {f"{id}:date": value[:10], f"{id}:time": value[11:16]}
        else:
            sent[id] = value
    return sent


def open_by_hand(client: Client, pathway: Pathway, holder: str) -> str:
    """The form for opening, filled in and sent; gives the case as addresses name it."""
    page = client.get("/cases/open", {"pathway": pathway.id}).content.decode()
    assert pathway.title in plain(page)
    sent = {
        **form_on(page),
        "pathway": pathway.id,
        "name": "Quin Testcase",
        "born": "1984-05-03",
        "system": "mrn",
        "number": "RX-0042",
        "holder": holder,
        **{f"party-{party}": team for party, team in teams_of(pathway).items()},
    }
    answer = client.post("/cases/open", sent)
    assert answer.status_code == 302, plain(answer.content.decode())[:1500]
    return str(answer["Location"]).strip("/").removeprefix("cases/")


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
    client = browser(holder)
    run = Run(house, open_by_hand(client, pathway, holder))
    assert run.state.holder == holder

    packet = client.get(f"/cases/{run.id}/packet").content.decode()
    missing = [field.ask for field in pathway.packet_fields() if field.id in run.unanswered()]
    assert missing and all(ask in plain(packet) for ask in missing)
    fields = tuple(pathway.packet_fields())
    people = {field.id: holder for field in fields if field.kind == "staff"}
    answers = answers_to(fields, {}, people, run.state, pathway, run.directory, house.now, {})
    named = {f"named.{one.id}": member(run.state.parties[party], one.role) for one in pathway.named}
    after = client.post(f"/cases/{run.id}/packet", form_on(packet) | typed(answers) | named, follow=True)
    assert after.status_code == 200, plain(after.content.decode())[:1500]
    assert run.unanswered() == [] and set(run.state.named) == {one.id for one in pathway.named}

    for page in ("", "packet/summary", "card", "evidence"):
        shown = client.get(f"/cases/{run.id}/{page}")
        assert shown.status_code == 200, page
    for step in pathway.steps:
        if not step.about:
            shown = client.get(f"/cases/{run.id}/deeds/TakeStep/{step.id}")
            assert shown.status_code == 200 and step.title in plain(shown.content.decode()), step.id
    for endpoint in pathway.endpoints:
        shown = client.get(f"/cases/{run.id}/deeds/CloseCase/{endpoint.id}")
        assert shown.status_code == 200 and endpoint.title in plain(shown.content.decode()), endpoint.id
