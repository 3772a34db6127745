"""Answers by telephone: the contact's own words, proved by their team's PIN, written down by somebody who is named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from holdfast.deliveries.links import find_link
from holdfast.deliveries.models import Link
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.web import viewer
from holdfast.worklists.casefile import entries_of
from tests.doors.api_client import Caller
from tests.doors.case_stage import plain
from tests.doors.test_partner_link import PIN, Partner, arrange
from tests.installation import LEAD, OUTSIDER, RECEIVER, SENDER, SENDER_SUPERVISOR, Case

pytestmark = pytest.mark.django_db

PASSWORD = "lantern-on-the-quay"


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    partner = arrange(monkeypatch, tmp_path)
    monkeypatch.setattr(viewer.timezone, "now", lambda: partner.house.now)
    return partner


def signed_in(staff: str) -> Client:
    client = Client()
    if not Account.objects.filter(staff=staff).exists():
        Account.objects.create_account(staff, staff, PASSWORD)
    client.force_login(Account.objects.get(staff=staff))
    return client


def address(case: Case, step: str = "") -> str:
    return f"/cases/{case.id.removeprefix('case:')}/telephone" + (f"/north/{step}" if step else "")


def tell(client: Client, partner: Partner, step: str = "confirm-receipt", **changed: str) -> Any:
    """The form as the page offers it, filled in; a field of "" is left out."""
    page = client.get(address(partner.case, step)).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(key|read)" value="([^"]*)"', page))
    said = {"who": RECEIVER, "read_back": "yes", "pin": PIN, **hidden, **partner.acceptance(), **changed}
    return client.post(address(partner.case, step), {name: value for name, value in said.items() if value})


def last_entry(case: Case) -> dict[str, Any]:
    return list(entries_of(case.id))[-1]


@pytest.mark.requirement("BEY-13", "REC-02")
def test_the_sender_writes_down_an_acceptance_and_it_is_the_contacts(partner: Partner) -> None:
    client = signed_in(SENDER)
    home = client.get(f"/cases/{partner.case.id[5:]}/").content.decode()
    assert f'href="{address(partner.case)}"' in home
    offered = client.get(address(partner.case)).content.decode()
    assert f'href="{address(partner.case, "confirm-receipt")}"' in offered
    done = tell(client, partner)
    assert done.status_code == 303, plain(done.content.decode())
    state = partner.case.state
    assert state.holder == LEAD and state.promises["receipt#1"].status == "met"
    entry = next(e for e in entries_of(partner.case.id) if e["door"] == "phone")
    assert (entry["actor"], entry["scribe"], entry["command"]["step"]) == (RECEIVER, SENDER, "confirm-receipt")
    # Who wrote it down is shown wherever the answer is.
    after = plain(client.get(f"/cases/{partner.case.id[5:]}/").content.decode())
    assert "By telephone, written down by Cora, Larch Ward" in after
    told = Caller.of(SENDER)
    rows = told.get(f"cases/{partner.case.id[5:]}/timeline")
    assert [(e["actor"], e["scribe"]) for e in rows if e["door"] == "phone"] == [(RECEIVER, SENDER)]
    evidence = str(told.get(f"cases/{partner.case.id[5:]}/evidence"))
    assert "Ina (by telephone, written down by Cora)" in evidence


@pytest.mark.requirement("BEY-13")
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"pin": ""}, "Ask them for their team's PIN"),
        ({"pin": "tide 4472"}, "That is not the team's PIN"),
        ({"read_back": ""}, "Read it back to them"),
        ({"who": ""}, "Choose who of the team is speaking"),
        ({"who": SENDER}, "Choose"),
        ({"receipt.lead": ""}, "This is needed"),
        ({"read": "7"}, "The packet was changed"),
    ],
)
def test_without_pin_contact_reading_back_or_an_answer_nothing_moves(
    partner: Partner, changed: dict[str, str], says: str
) -> None:
    refused = tell(signed_in(SENDER), partner, **changed)
    assert refused.status_code == 200
    page = refused.content.decode()
    assert says in plain(page)
    assert "There is a problem" in page
    assert partner.case.state.holder == SENDER
    # The PIN is never given back to the screen; what was said is.
    assert "4471" not in page and "4472" not in page
    assert "No answer twice." in page


@pytest.mark.requirement("BEY-13")
def test_after_five_wrong_pins_the_right_one_opens_nothing_that_day_whatever_the_case(partner: Partner) -> None:
    client = signed_in(SENDER)
    other = partner.house.sent()
    for turn in range(5):
        refused = tell(client, replace(partner, case=other if turn % 2 else partner.case), pin=f"wrong {turn}")
    assert "A wrong PIN was given too often" in plain(refused.content.decode())
    for case in (partner.case, other):
        late = tell(client, replace(partner, case=case))
        assert "A wrong PIN was given too often" in plain(late.content.decode())
        assert case.state.holder == SENDER
    # It is on the record, and the team's own way in is not shut by it.
    assert [e for e in partner.case.events("NoticeFailed") if e["code"] == "link_locked"]
    assert partner.enter().status_code == 200
    partner.house.wait(days=1)
    again = tell(signed_in(SENDER), partner)
    assert again.status_code == 303, plain(again.content.decode())
    assert partner.case.state.holder == LEAD


def test_the_row_that_counts_tries_opens_no_link(partner: Partner) -> None:
    before = set(Link.objects.values_list("token_hash", flat=True))
    tell(signed_in(SENDER), partner, pin="wrong")
    made = set(Link.objects.values_list("token_hash", flat=True)) - before
    assert len(made) == 1
    for token in made:
        assert find_link(token, partner.house.now) is None
        strange, counted = (partner.client.get(f"/link/{one}") for one in ("unknown", token))
        assert (counted.status_code, plain(counted.content.decode())) == (
            strange.status_code,
            plain(strange.content.decode()),
        )


@pytest.mark.requirement("BEY-13")
def test_only_the_team_that_sent_it_writes_down_and_only_for_an_external_team(partner: Partner) -> None:
    for staff in (RECEIVER, OUTSIDER):
        client = signed_in(staff)
        assert client.get(address(partner.case)).status_code == 404
        assert client.get(address(partner.case, "confirm-receipt")).status_code == 404
        assert address(partner.case) not in client.get(f"/cases/{partner.case.id[5:]}/").content.decode()
    inside = partner.house.open(receiver="south")
    sender = signed_in(SENDER)
    assert sender.get(address(inside)).status_code == 404
    # A draft waits for nobody.
    draft = partner.house.open()
    assert address(draft) not in sender.get(f"/cases/{draft.id[5:]}/").content.decode()
    assert sender.get(address(partner.case, "send")).status_code == 404


@pytest.mark.requirement("BEY-13")
def test_a_team_without_a_pin_cannot_answer_by_telephone(partner: Partner) -> None:
    north = load(current_version()).teams["north"]
    partner.house.change_directory(replace(north, pin_hash=""))
    client = signed_in(SENDER)
    assert "No PIN was agreed" in client.get(address(partner.case)).content.decode()
    assert "No PIN was agreed with Community North" in plain(tell(client, partner).content.decode())
    assert partner.case.state.holder == SENDER


def said(partner: Partner, **changed: Any) -> dict[str, Any]:
    at = "2026-03-03T10:30:00+00:00"
    answers = {
        "receipt.reviewed": "reviewed",
        "receipt.lead": LEAD,
        "receipt.first-contact-at": at,
        "receipt.first-actions": "Call in the morning.",
        "receipt.escalation-signs": "No answer twice.",
    }
    return {"who": RECEIVER, "pin": PIN, "read_back": True, "answers": answers, **changed}


@pytest.mark.requirement("BEY-13", "BEY-27")
def test_the_api_writes_down_an_answer_once_and_asks_for_the_same_proof(partner: Partner) -> None:
    caller = Caller.of(SENDER_SUPERVISOR)
    path = f"cases/{partner.case.id[5:]}/telephone/north/confirm-receipt"
    for status, code, changed in (
        (403, "wrong_pin", {"pin": ""}),
        (403, "wrong_pin", {"pin": "tide"}),
        (422, "not_read_back", {"read_back": False}),
        (422, "not_a_person", {"who": SENDER_SUPERVISOR}),
        (422, "not_a_person", {"who": "nobody"}),
        (422, "incomplete", {"answers": {}}),
    ):
        assert caller.post(path, said(partner, **changed), status)["code"] == code
        assert partner.case.state.holder == SENDER
    assert caller.post(path.replace("confirm-receipt", "send"), said(partner), 409)["code"] == "not_by_telephone"
    assert caller.post(path.replace("north", "ward"), said(partner), 403)["code"] == "not_yours"
    assert Caller.of(RECEIVER).post(path, said(partner), 403)["code"] == "not_yours"
    Caller.of(OUTSIDER).post(path, said(partner), 404)
    done = caller.post(path, said(partner), key="by-phone-1")
    assert not done["again"] and partner.case.state.holder == LEAD
    assert last_entry(partner.case)["scribe"] == SENDER_SUPERVISOR
    assert caller.post(path, said(partner), key="by-phone-1")["again"]
    changed = said(partner, answers={**said(partner)["answers"], "receipt.first-actions": "Nothing."})
    assert caller.post(path, changed, 422, key="by-phone-1")["code"] == "key_reused"
