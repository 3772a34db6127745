"""The channels as the settings name them, and a real mail server that refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.deliveries import postroom
from holdfast.deliveries.channels.email.returns import ImapReturns, MaildirReturns
from holdfast.deliveries.postroom import PostroomFault
from holdfast.workers.deliveries import Deliveries
from tests.deliveries.sink import Sink, mail_server
from tests.installation import SENDER_LAST_RESORT
from tests.workers.conftest import URL


@pytest.fixture(autouse=True)
def unremembered():
    postroom.the_channels.cache_clear()
    postroom.the_returns.cache_clear()
    yield
    postroom.the_channels.cache_clear()
    postroom.the_returns.cache_clear()


@pytest.mark.requirement("REC-01", "ESC-01")
def test_what_a_mail_server_refuses_climbs_to_the_supervisor_whom_it_takes(works, settings):
    sink = Sink(at_rcpt="550 5.1.1 no such mailbox")
    with mail_server(sink) as port:
        settings.HOLDFAST_MAIL_URL = (
            f"smtp+plain://127.0.0.1:{port}?from=holdfast@example.org&returns=returns@example.org"
        )
        deliveries = Deliveries(works.house.desk, postroom.the_channels(), URL)
        case = works.house.sent()
        works.go(deliveries)
    assert SENDER_LAST_RESORT in case.told("receipt")
    assert {e["code"] for e in case.events("NoticeFailed")} == {"550"} and not case.events("NoticeSent")
    assert sink.taken == []


def test_a_mail_server_that_takes_it_is_only_sent(works, settings):
    sink = Sink()
    with mail_server(sink) as port:
        settings.HOLDFAST_MAIL_URL = f"smtp+plain://127.0.0.1:{port}?from=holdfast@example.org"
        case = works.house.sent()
        works.go(Deliveries(works.house.desk, postroom.the_channels(), URL))
    assert len(sink.taken) == 1 and len(case.events("NoticeSent")) == 1 and case.promise("receipt").owed


def test_without_a_mail_server_nothing_leaves_and_nothing_is_given_up(works, settings):
    settings.HOLDFAST_MAIL_URL, settings.HOLDFAST_DEMO = None, False
    case = works.house.sent()
    works.go(Deliveries(works.house.desk, postroom.the_channels(), URL))
    assert not case.events("NoticeSent") and not case.events("NoticeFailed")
    assert postroom.the_returns() is None


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "smtp://mail.example.org", "smtp://host:x?from=a@example.org", "http://h?from=a@example.org"],
)
def test_settings_that_cannot_be_used_say_how_to_write_them(settings, url):
    settings.HOLDFAST_MAIL_URL = url
    with pytest.raises(PostroomFault, match="HOLDFAST_MAIL_URL"):
        postroom.the_channels()


def test_a_password_in_the_clear_is_refused_without_repeating_it(settings):
    settings.HOLDFAST_MAIL_URL = "smtp+plain://u:hunter2@mail.example.org?from=a@example.org"
    with pytest.raises(PostroomFault) as fault:
        postroom.the_channels()
    assert "hunter2" not in str(fault.value)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("maildir:///var/returns", MaildirReturns(Path("/var/returns"))),
        (
            "imaps://u:p%40ss@mail.example.org/Bounces",
            ImapReturns("mail.example.org", "u", "p@ss", 993, True, "Bounces"),
        ),
    ],
)
def test_where_bounces_come_back(monkeypatch, url, found):
    monkeypatch.setenv("HOLDFAST_RETURNS_URL", url)
    assert postroom.the_returns() == found


def test_a_return_mailbox_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("HOLDFAST_RETURNS_URL", "pop3://mail.example.org")
    with pytest.raises(PostroomFault, match="HOLDFAST_RETURNS_URL"):
        postroom.the_returns()
