"""A link shows a neutral page while the person does not consent, to whoever has it and however far they have come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings
from holdfast.deliveries.models import Delivery
from holdfast.desk import office
from holdfast.doors.partner import proof
from holdfast.workers.deliveries import Deliveries
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, plain
from tests.doors.test_partner_link import Partner
from tests.installation import LEAD, RECEIVER, SENDER
from tests.screening import referral, screening_house

pytestmark = pytest.mark.django_db
MARK = "QUINCE-LANTERN"


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    house = screening_house()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    mail = MailboxChannel(
        MailboxSettings(tmp_path / "mail", tmp_path / "back", MailIdentity("h@example.org", "r@example.org"))
    )
    monkeypatch.setattr(proof, "the_channels", lambda: {"email": mail})
    return Partner(house, referral(house), mail)


@pytest.mark.requirement("INF-01")
def test_a_withdrawal_shuts_an_open_visit_and_the_link_at_once(partner: Partner) -> None:
    token = partner.link()
    assert MARK in partner.enter(token).content.decode()
    form = partner.client.get("/link/visit/take-on").content.decode()
    assert "Who leads" in form
    partner.case.step("withdraw", SENDER)
    for address in ("/link/visit/", "/link/visit/take-on"):
        page = partner.client.get(address).content.decode()
        assert MARK not in page and "Robin" not in page and "Who leads" not in page
    unknown = partner.client.get("/link/never-was").content.decode()
    shut = partner.client.get(f"/link/{token}").content.decode()
    assert plain(shut) == plain(unknown), "a withdrawn link must look like one that never was"
    partner.case.step("consent-again", SENDER)
    assert MARK in partner.client.get("/link/visit/").content.decode()


@pytest.mark.requirement("INF-01")
def test_an_answer_on_its_way_when_consent_ends_is_not_taken(partner: Partner) -> None:
    partner.enter()
    page = partner.client.get("/link/visit/take-on").content.decode()
    partner.case.step("withdraw", SENDER)
    sent = {"who": RECEIVER, "take-on.lead": LEAD, "take-on.first": "Call.", "key": "k", "read": "1"}
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    partner.client.post("/link/visit/take-on", {**sent, "csrfmiddlewaretoken": tokens[0]})
    assert not [e for e in partner.case.events("StepTaken") if e["step"] == "take-on"]


@pytest.mark.requirement("INF-01")
def test_the_case_says_why_nothing_may_be_sent_and_what_waits(partner: Partner) -> None:
    stage, case = Stage(partner.house), partner.case
    assert "may be sent outside now" not in stage.get(case, SENDER)
    case.step("withdraw", SENDER)
    Deliveries(partner.house.desk, {"email": partner.mail}, "https://h.example.org").step(partner.house.now)
    assert Delivery.objects.get(stream=case.id, recipient="team:north").status == "held"
    text = plain(stage.get(case, SENDER))
    assert "Nothing may be sent outside now" in text and "May it be shared" in text and "Community North" in text
    sharing = Caller.of(SENDER).get(f"cases/{case.id.removeprefix('case:')}")["sharing"]
    assert sharing["allowed"] is False and "May it be shared" in sharing["says"]
    assert [one["to"] for one in sharing["waiting"]] == ["team:north"]
