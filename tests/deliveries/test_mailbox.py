"""The demo's local mailbox: what would have been sent, refusals by script, and bounces that come back."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.deliveries.channels.channel import Channel, Refused, Sent
from holdfast.deliveries.channels.email.identity import MailIdentity, return_tag
from holdfast.deliveries.channels.email.returns import MaildirReturns, mark_read, unread
from holdfast.deliveries.channels.mailbox import CHANNEL, MailboxChannel, MailboxSettings, list_messages, read_message
from tests.deliveries.conformance import AT, ChannelConformance, notice_to

IDENTITY = MailIdentity("holdfast@sender.example", "returns@sender.example", safe_names=frozenset({"Northgate"}))


@pytest.fixture
def channel(tmp_path: Path) -> MailboxChannel:
    return CHANNEL(MailboxSettings(tmp_path / "mailbox", tmp_path / "returns", IDENTITY))


class TestMailbox(ChannelConformance):
    folder = "mailbox"
    address = "intake@partner.example"
    bad_addresses = (
        "",
        "nobody",
        "a@b@c.example",
        "Sam <sam@partner.example>",
        "sam@-partner.example",
        "sám@x.example",
    )

    def left(self, channel: Channel) -> Iterable[bytes]:
        assert isinstance(channel, MailboxChannel)
        return [message.raw for message in list_messages(channel.settings.folder)]


def script(channel: MailboxChannel, rules: object) -> None:
    channel.settings.folder.mkdir(exist_ok=True)
    (channel.settings.folder / "rules.json").write_text(json.dumps(rules))


def test_messages_are_listed_newest_first_and_readable_by_the_owner_alone(channel: MailboxChannel) -> None:
    channel.send(notice_to("a@partner.example", key="one"), AT)
    channel.send(notice_to("b@partner.example", "closure", key="two"), AT + timedelta(hours=1))
    newest, oldest = list_messages(channel.settings.folder)
    assert (newest.to_address, oldest.to_address) == ("b@partner.example", "a@partner.example")
    assert oldest.at == AT
    assert "waiting for you in Holdfast from Northgate." in oldest.text
    assert "https://sender.example/h/3fGk9" in oldest.text and 'href="https://sender.example/h/3fGk9"' in oldest.html
    assert read_message(channel.settings.folder, oldest.id) == oldest
    files = list(channel.settings.folder.glob("*.eml"))
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert channel.settings.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("wrong", ["", "../rules", "0" * 31, "0" * 32, "0" * 32 + "\n", "/etc/passwd"])
def test_only_an_id_opens_a_message(channel: MailboxChannel, wrong: str) -> None:
    with pytest.raises(KeyError):
        read_message(channel.settings.folder, wrong)


def test_an_empty_mailbox_is_an_empty_list(tmp_path: Path) -> None:
    assert list_messages(tmp_path / "nothing") == ()
    assert list(unread(MaildirReturns(tmp_path / "nothing"))) == []


def test_the_script_refuses_for_good_or_for_now(channel: MailboxChannel) -> None:
    script(channel, {"gone@partner.example": "refuse", "slow@partner.example": {"do": "defer"}})
    gone = channel.send(notice_to("gone@partner.example"), AT)
    slow = channel.send(notice_to("slow@partner.example"), AT)
    assert isinstance(gone, Refused) and gone.permanent
    assert isinstance(slow, Refused) and not slow.permanent
    assert list_messages(channel.settings.folder) == ()


def test_a_mail_is_taken_and_bounces_once(channel: MailboxChannel) -> None:
    script(channel, {"lost@partner.example": {"do": "bounce", "kinds": ["packet-link"]}})
    first = notice_to("lost@partner.example", key="d-17:1")
    assert isinstance(channel.send(first, AT), Sent)
    returns = MaildirReturns(channel.settings.returns)
    [(mail_id, raw)] = unread(returns)
    reply = channel.read_reply(raw)
    assert (reply.kind, reply.key, reply.permanent) == ("bounce", "d-17:1", True)
    assert reply.return_tag == return_tag(first.reply_token)
    mark_read(returns, mail_id)
    mark_read(returns, mail_id)
    assert list(unread(returns)) == []
    channel.send(first, AT)
    # Even a house that died before the message was shelved does not bounce it again.
    for file in channel.settings.folder.glob("*.eml"):
        file.unlink()
    channel.send(first, AT + timedelta(minutes=5))
    assert list(unread(returns)) == []
    assert isinstance(channel.send(notice_to("lost@partner.example", "second-attempt", "d-17:2"), AT), Sent)
    assert list(unread(returns)) == [], "the rule names one kind"


@pytest.mark.parametrize("rules", [[], {"a@partner.example": "explode"}, {"a@partner.example": {"do": ["refuse"]}}])
def test_a_script_that_makes_no_sense_stops_the_demo_plainly(channel: MailboxChannel, rules: object) -> None:
    script(channel, rules)
    attempt = channel.send(notice_to("a@partner.example"), AT)
    assert isinstance(attempt, Refused) and attempt.code == "rules_unreadable" and not attempt.permanent


def test_a_folder_that_cannot_be_written_is_a_refusal(channel: MailboxChannel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blocked = CHANNEL(replace(channel.settings, folder=tmp_path / "file" / "mailbox"))
    attempt = blocked.send(notice_to("a@partner.example"), AT)
    assert isinstance(attempt, Refused) and not attempt.permanent
