"""Several teams asked at once, as people meet it: the form, the case, the API and the link of the team that was not first."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings
from holdfast.desk import office
from holdfast.doors.partner import proof
from holdfast.doors.web import viewer
from holdfast.workers.deliveries import Deliveries
from tests.doors.api_client import Caller
from tests.doors.case_stage import Stage, plain
from tests.doors.test_partner_link import Partner
from tests.installation import LEAD, RECEIVER, SENDER, given
from tests.screening import TESS, referral, screening_house

pytestmark = pytest.mark.django_db
OPEN = {"pathway": "toy-screening", "parties": {"sender": "ward"}, "holder": SENDER, "person": {"name": "Robin Vale"}}
WANTED = {"wanted.end": "helped", "wanted.by": "2026-04-01", "consent.sharing": "given", "story.why": "QUINCE-LANTERN"}


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    house = screening_house()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    monkeypatch.setattr(viewer.timezone, "now", lambda: house.now)
    mail = MailboxChannel(
        MailboxSettings(tmp_path / "m", tmp_path / "b", MailIdentity("h@example.org", "r@example.org"))
    )
    monkeypatch.setattr(proof, "the_channels", lambda: {"email": mail})
    return Partner(house, referral(house, receiver="", sent=False), mail)


@pytest.mark.requirement("BEY-15")
def test_the_form_offers_teams_to_tick_and_the_case_shows_what_each_said(partner: Partner) -> None:
    stage, case = Stage(partner.house), partner.case
    form = stage.get(case, SENDER, "deeds/TakeStep/offer")
    ticked, _, foot = plain(form).partition("Which clinics")[2].partition("Emergency: what to do")
    assert 'type="checkbox"' in form and "Community South" in ticked and foot
    assert "Larch Ward" not in ticked, "a team does not offer to itself"
    stage.does(case, SENDER, "deeds/TakeStep/offer", offer__teams=["north", "south"])
    text = plain(stage.get(case, SENDER))
    assert "Community North has not answered yet" in text and "Community South has not answered yet" in text
    case.step("say-no", TESS, {"say-no.why": given("full")})
    text = plain(stage.get(case, SENDER))
    assert "Community South said no: Tess" in text and "Why: No room" in text
    stage.get(case, TESS, status=404)


@pytest.mark.requirement("BEY-15")
def test_the_link_of_the_team_that_was_not_first_says_who_was_and_nothing_else(partner: Partner) -> None:
    case = partner.case
    case.step("offer", SENDER, {"offer.teams": given(["north", "south"])})
    token = partner.link()
    assert "QUINCE-LANTERN" in partner.enter(token).content.decode()
    case.step("take-on", TESS, {"take-on.lead": given(LEAD), "take-on.first": given("Call.")})
    page = plain(partner.client.get("/link/visit/").content.decode())
    assert "Community South was the first to accept" in page and "Robin" not in page and "QUINCE" not in page
    Deliveries(partner.house.desk, {"email": partner.mail}, "https://h.example.org").step(partner.house.now)
    worker = Deliveries(partner.house.desk, {"email": partner.mail}, "https://h.example.org")
    while worker.step(partner.house.now):
        pass
    told = [path.read_text() for path in partner.mail.settings.folder.glob("*.eml")]
    taken_back = [text for text in told if "Nothing more is asked of you" in text]
    assert len(taken_back) == 1 and "north@example.org" in taken_back[0]
    assert "/link/" not in taken_back[0] and "South" not in taken_back[0]


@pytest.mark.requirement("BEY-15")
def test_a_team_accepts_by_its_link_and_the_api_tells_how_each_stands(partner: Partner) -> None:
    cora, case = Caller.of(SENDER), ""
    case = cora.post("cases", OPEN, 201)["case"]
    cora.do(case, "FillPacket", answers=WANTED)
    cora.do(case, "TakeStep/offer", answers={"offer.teams": ["south", "north"]})
    assert cora.get(f"cases/{case}")["offered"] == {"receiver": {"north": "open", "south": "open"}}
    assert Caller.of(TESS).get(f"cases/{case}")["holder"]["id"] == SENDER
    partner.case.id = f"case:{case}"
    partner.enter(partner.link())
    answer = {"take-on.lead": LEAD, "take-on.first": "Call tonight."}
    assert partner.answer("take-on", who=RECEIVER, **answer).status_code == 303
    assert cora.get(f"cases/{case}")["offered"] == {"receiver": {"north": "taken", "south": "withdrawn"}}
    Caller.of(TESS).get(f"cases/{case}", 404)
