"""The partner's link: a neutral page that a scanner cannot change, a code to a second address, and nothing for anybody else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from holdfast.core.calendars import Calendar
from holdfast.core.parties import Team
from holdfast.core.services import Contact
from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings
from holdfast.deliveries.links import find_link, make_link, revoke
from holdfast.deliveries.models import Attempt, Delivery, Link
from holdfast.desk import office
from holdfast.desk.publishing import put_directory
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.partner import proof
from holdfast.doors.partner.models import Visit
from tests.installation import LEAD, RECEIVER, SENDER, Case, Installation, given

pytestmark = pytest.mark.django_db

MARK = "QUINCE-LANTERN"
SECOND = "second@example.org"
PIN = "tide 4471"


@dataclass
class Partner:
    """A community team without accounts, a case sent to it, and the phone of one of its people."""

    house: Installation
    case: Case
    mail: MailboxChannel
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def link(self, case: Case | None = None, team: str = "north", days: int = 14) -> str:
        case = case or self.case
        key = next(e["key"] for e in case.events("NoticeIssued"))
        return make_link(case.id, team, key, self.house.now, timedelta(days=days))

    def post(self, address: str, **sent: str) -> Any:
        page = self.client.get(address).content.decode()
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return self.client.post(address, {**sent, "csrfmiddlewaretoken": tokens[0]})

    def code(self) -> str:
        texts = [path.read_text() for path in self.mail.settings.folder.glob("*.eml")]
        return re.findall(r"code for Holdfast is ([0-9]{6})", " ".join(sorted(texts, key=_dated)))[-1]

    def enter(self, token: str | None = None) -> Any:
        """Open the link, have a code sent, enter it, and follow to the packet."""
        address = f"/link/{token or self.link()}"
        assert self.post(address, do="send").status_code == 303
        entered = self.post(address, do="code", code=self.code())
        assert entered.status_code == 303, entered.content.decode()
        assert entered["Location"] == "/link/visit/"
        return self.client.get("/link/visit/")

    def answer(self, step: str, **answers: str) -> Any:
        page = self.client.get(f"/link/visit/{step}").content.decode()
        hidden = dict(re.findall(r'type="hidden" name="(key|read)" value="([^"]*)"', page))
        return self.post(f"/link/visit/{step}", **{"who": RECEIVER, **hidden, **answers})

    def acceptance(self) -> dict[str, str]:
        return {
            "receipt.reviewed": "reviewed",
            "receipt.lead": LEAD,
            "receipt.first-contact-at:date": "2026-03-03",
            "receipt.first-contact-at:time": "10:30",
            "receipt.first-actions": "Call in the morning.",
            "receipt.escalation-signs": "No answer twice.",
        }


def _dated(text: str) -> int:
    return int(re.findall(r"X-Holdfast-Key: code\.\w+\.(\d+)", text)[0])


def everything() -> dict[str, int]:
    """How many rows every table holds."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def arrange(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Partner:
    """The installation, with a second address and a PIN agreed with the receiving team, and its mail put into ``folder``."""
    house = Installation().set_up()
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    identity = MailIdentity("h@example.org", "r@example.org")
    mail = MailboxChannel(MailboxSettings(folder / "mail", folder / "returns", identity))
    monkeypatch.setattr(proof, "the_channels", lambda: {"email": mail})
    north = load(current_version()).teams["north"]
    house.change_directory(replace(north, second_address=SECOND, pin_hash=make_password(PIN)))
    case = house.sent(risk__summary=given(f"{MARK} thoughts"), risk__triggers=given("Calls from the landlord"))
    return Partner(house, case, mail)


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Partner:
    return arrange(monkeypatch, tmp_path)


def test_a_scanner_that_opens_the_link_twenty_times_changes_nothing(partner: Partner) -> None:
    token = partner.link()
    before = everything()
    for _turn in range(20):
        for address in (f"/link/{token}", "/link/visit/", "/link/visit/confirm-receipt"):
            assert Client().get(address).status_code == 200
            assert Client().head(f"/link/{token}").status_code == 200
    assert everything() == before
    assert not list(partner.mail.settings.folder.glob("*.eml"))
    assert partner.enter(token).status_code == 200


@pytest.mark.requirement("BEY-12")
def test_nothing_of_the_case_is_on_the_neutral_page_in_an_address_or_in_the_mail(partner: Partner) -> None:
    token = partner.link()
    address = f"/link/{token}"
    pages = [partner.client.get(address), partner.post(address, do="send"), partner.client.get(address)]
    pages += [partner.post(address, do="code", code="1"), partner.client.get("/link/unknown")]
    told = [page.content.decode() for page in pages]
    told += [path.read_text() for path in partner.mail.settings.folder.glob("*.eml")]
    words = [MARK, "Robin", "Vale", "Larch", "Harbour", "Community North", "ischarge", "ental", "risk", "edication"]
    assert not [(word, text) for word in words for text in told if word in text]
    for page in pages:
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "same-origin"
        assert "noindex" in page["X-Robots-Tag"]
        assert not re.findall(r'(?:href|src|action)="https?:', page.content.decode())
    entered = partner.post(address, do="code", code=partner.code())
    assert token not in entered["Location"]
    cookie = entered.cookies["holdfast_visit"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/link/"
    page = partner.client.get("/link/visit/")
    assert token not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    for reached in set(re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())):
        assert MARK not in reached
        assert partner.case.person not in reached
        assert partner.case.id.removeprefix("case:") not in reached


def test_wrong_codes_lock_the_link_and_the_holder_sees_it(partner: Partner) -> None:
    token = partner.link()
    address = f"/link/{token}"
    partner.post(address, do="send")
    code = partner.code()
    wrong = "000000" if code != "000000" else "111111"
    page = partner.post(address, do="code", code="12ab").content.decode()
    assert "six figures" in page  # not a try: no code looks like that
    for left in (4, 3, 2):
        assert f"try {left} more times" in partner.post(address, do="code", code=wrong).content.decode()
    assert "try once more" in partner.post(address, do="code", code=wrong).content.decode()
    assert "locked" in partner.post(address, do="pin", pin="wrong").content.decode()
    # A locked link has no form left: not even the right code opens it.
    client = Client()
    assert "locked" in client.post(address, {"do": "code", "code": code}).content.decode()
    assert "locked" in client.post(address, {"do": "pin", "pin": PIN}).content.decode()
    assert not Visit.objects.exists()
    failed = partner.case.events("NoticeFailed")
    assert [e["code"] for e in failed] == ["link_locked"]
    told = Delivery.objects.get(key__contains=".locked.")
    assert told.recipient == f"staff:{SENDER}"
    # The ladder does not wait for the due time: the message counts as not delivered.
    assert partner.case.promise("receipt").rung > 0
    assert list(Attempt.objects.filter(channel="link").order_by("id").values_list("outcome", flat=True)) == [
        "code-sent",
        *["wrong-code"] * 4,
        "wrong-pin",
        "locked",
    ]


def test_the_pin_of_the_team_opens_the_link_too(partner: Partner) -> None:
    token = partner.link()
    assert partner.post(f"/link/{token}", do="pin", pin=PIN.replace(" ", "")).status_code == 200
    assert partner.post(f"/link/{token}", do="pin", pin=PIN).status_code == 303
    assert Link.objects.get().attempts == 0
    assert Attempt.objects.filter(outcome="opened").count() == 1


def test_a_code_is_good_once_for_ten_minutes_and_cannot_flood_a_mailbox(partner: Partner) -> None:
    token = partner.link()
    address = f"/link/{token}"
    partner.post(address, do="send")
    assert "moments ago" in partner.post(address, do="send").content.decode()
    old = partner.code()
    partner.house.wait(minutes=11)
    assert "too old" in partner.post(address, do="code", code=old).content.decode()
    for _turn in range(4):
        partner.house.wait(minutes=2)
        assert partner.post(address, do="send").status_code == 303
    partner.house.wait(minutes=2)
    assert "Too many codes" in partner.post(address, do="send").content.decode()
    code = partner.code()
    assert partner.post(address, do="code", code=code).status_code == 303
    assert Link.objects.get().code_hash == ""
    assert partner.post(address, do="code", code=code).status_code == 200


def test_another_team_and_another_case_stay_unseen(partner: Partner) -> None:
    south = load(current_version()).teams["south"]
    other_team = load(current_version()).teams["other"]
    partner.house.change_directory(
        replace(south, second_address=SECOND), replace(other_team, second_address="o@example.org")
    )
    # A link of a team without a part in the case opens nothing, whatever it was made for.
    shut = partner.enter(partner.link(team="other")).content.decode()
    assert "Open your link again" in shut
    assert MARK not in shut
    mine = partner.house.sent(risk__summary=given("Somebody else"))
    partner.house.wait(minutes=2)
    page = partner.enter(partner.link(mine)).content.decode()
    assert "Somebody else" in page
    assert MARK not in page
    # A person of another team cannot be the one who answers.
    refused = partner.answer("confirm-receipt", **{**partner.acceptance(), "who": "otto"})
    assert "people of your team" in refused.content.decode()
    assert mine.state.holder == SENDER
    assert partner.client.get("/link/visit/send").status_code == 404


def test_a_team_that_lost_its_part_sees_nothing_more(partner: Partner) -> None:
    partner.enter()
    partner.answer("decline", **{"decline.reason": "capacity", "decline.detail": "Full."})
    partner.case.step("choose-receiver", SENDER, {"receiver.team": given("south")})
    page = partner.client.get("/link/visit/").content.decode()
    assert MARK not in page
    assert "Open your link again" in page


def test_a_visit_ends_by_itself_on_leaving_and_when_the_link_is_taken_back(partner: Partner) -> None:
    def shut() -> bool:
        return MARK not in partner.client.get("/link/visit/").content.decode()

    partner.enter()
    assert Client().get("/link/visit/").content.decode().count(MARK) == 0  # bound to the browser
    partner.house.wait(minutes=31)
    assert shut()
    partner.enter()
    token = re.findall(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', partner.client.get("/link/visit/").content.decode()
    )
    left = partner.client.post("/link/visit/leave", {"csrfmiddlewaretoken": token[0]})
    assert "Nothing more can be seen" in left.content.decode()
    assert shut()
    partner.house.wait(minutes=2)
    partner.enter()
    assert not shut()
    revoke(partner.case.id, partner.house.now)
    assert shut()


@pytest.mark.parametrize("leaving", ["contact", "address"])
def test_when_somebody_leaves_the_team_its_links_run_out_and_a_new_one_goes_to_the_agreed_address(
    partner: Partner, leaving: str
) -> None:
    person = Contact("jo", "Jo Quayle", "north", "Intake", email="jo@example.org")
    partner.house.change_directory(person)
    token = partner.link()
    partner.enter(token)
    assert MARK in partner.client.get("/link/visit/").content.decode()
    if leaving == "contact":
        outcome = put_directory(partner.house.desk, [("contact", "jo", None)], "system", "test")
        assert outcome.accepted, outcome.refusal
    else:
        north = load(current_version()).teams["north"]
        partner.house.change_directory(replace(north, address="new@example.org"))
    partner.house.wait(minutes=1)
    assert MARK not in partner.client.get("/link/visit/").content.decode(), "nor does what they had open"
    assert find_link(token, partner.house.now) is None
    page = partner.client.get(f"/link/{token}").content.decode()
    assert "Ask for a new link" in page
    before = set(Delivery.objects.values_list("key", flat=True))
    partner.post(f"/link/{token}", do="renew")
    assert [one.recipient for one in Delivery.objects.exclude(key__in=before)] == ["team:north"]


def test_an_expired_link_is_replaced_only_by_mail_to_the_agreed_address(partner: Partner) -> None:
    token = partner.link(days=14)
    partner.house.wait(days=15)
    assert find_link(token, partner.house.now) is None
    page = partner.client.get(f"/link/{token}").content.decode()
    assert "Ask for a new link" in page
    queued = set(Delivery.objects.values_list("key", flat=True))
    unknown = partner.post("/link/nothing", do="renew").content.decode()
    assert set(Delivery.objects.values_list("key", flat=True)) == queued
    for _turn in range(3):
        answered = partner.post(f"/link/{token}", do="renew").content.decode()
    strip = re.compile(r'value="[^"]*"|hx-headers=\'[^\']*\'')
    assert strip.sub("", answered) == strip.sub("", unknown)
    new = Delivery.objects.exclude(key__in=queued)
    assert [(one.recipient, one.stream) for one in new] == [("team:north", partner.case.id)]


def test_a_forged_form_is_refused(partner: Partner) -> None:
    token = partner.link()
    assert Client(enforce_csrf_checks=True).post(f"/link/{token}", {"do": "send"}).status_code == 403
    partner.enter(token)
    assert partner.client.post("/link/visit/decline", {"who": RECEIVER}).status_code == 403


def test_without_a_second_way_the_link_stays_shut(partner: Partner) -> None:
    always = Calendar.always_open("UTC")
    partner.house.change_directory(Team("north", "Community North", "community", always, address="north@example.org"))
    token = partner.link()
    page = partner.client.get(f"/link/{token}").content.decode()
    assert "cannot be opened from here" in page
    assert "<form" not in page
    client = Client()
    for sent in ({"do": "send"}, {"do": "pin", "pin": ""}, {"do": "code", "code": "123456"}):
        assert client.post(f"/link/{token}", sent).status_code == 200
    assert not Visit.objects.exists()
