"""E-mail over SMTP: what the server is given, and what each of its answers means."""

import ssl
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.policy import default

import pytest

from holdfast.deliveries.channels.channel import Attempt, Channel, Refused, Sent
from holdfast.deliveries.channels.email import CHANNEL, EmailChannel
from holdfast.deliveries.channels.email.identity import MailIdentity, return_tag
from holdfast.deliveries.channels.email.send import MailSettings
from tests.deliveries.conformance import AT, ChannelConformance, notice_to
from tests.deliveries.sink import Sink, free_port, mail_server, scripted_server

IDENTITY = MailIdentity("holdfast@sender.example", "returns@sender.example", safe_names=frozenset({"Northgate"}))
ADDRESS = "intake@partner.example"
HELLO: list[bytes | None] = [b"220 hi", b"250 partner"]


def channel_to(port: int) -> EmailChannel:
    return CHANNEL(MailSettings(IDENTITY, "127.0.0.1", port, tls="none", timeout_seconds=5))


def sent_to(sink: Sink) -> Attempt:
    with mail_server(sink) as port:
        return channel_to(port).send(notice_to(ADDRESS), AT)


def sent_through(answers: list[bytes | None]) -> tuple[Attempt, list[bytes]]:
    with scripted_server(answers) as (port, heard):
        return channel_to(port).send(notice_to(ADDRESS), AT), heard


class TestEmail(ChannelConformance):
    folder = "email"
    address = ADDRESS
    bad_addresses = (
        "",
        "nobody",
        "a@b@c.example",
        "Sam <sam@partner.example>",
        "sam@-partner.example",
        "sám@x.example",
    )

    @pytest.fixture
    def sink(self) -> Sink:
        # Without a queue name in the answer the Message-ID stands for it, which is the same for the same key.
        return Sink(at_data="250 OK")

    @pytest.fixture
    def channel(self, sink: Sink) -> Iterator[Channel]:
        self.mail_sink = sink
        with mail_server(sink) as port:
            yield channel_to(port)

    def left(self, channel: Channel) -> Iterable[bytes]:
        return self.mail_sink.taken


@pytest.mark.requirement("BEY-12")
def test_the_mail_has_two_forms_and_the_marks_by_which_it_comes_home() -> None:
    sink = Sink()
    assert sent_to(sink) == Sent("4B1C2D", AT)
    [raw] = sink.taken
    mail = message_from_bytes(raw, policy=default)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Message-ID"] == "<hf.d-17=1@sender.example>"
    assert (mail["Auto-Submitted"], mail["X-Holdfast-Key"]) == ("auto-generated", "d-17:1")
    assert mail["Date"].datetime == AT
    assert sink.senders == [f"returns+{return_tag('a-token-that-stays-inside')}@sender.example"]
    assert set(mail.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == {
        *("Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Holdfast-Key"),
        *("MIME-Version", "Content-Type"),
    }


@pytest.mark.parametrize(
    ("sink", "code", "permanent"),
    [
        (Sink(at_rcpt="550 5.1.1 <intake@partner.example> no such user"), "550", True),
        (Sink(at_rcpt="450 4.2.0 greylisted, intake@partner.example"), "450", False),
        (Sink(at_data="554 5.7.1 looks like spam to intake@partner.example"), "554", True),
        (Sink(at_data="452 4.3.1 disk full"), "452", False),
    ],
)
def test_a_refusal_is_for_now_or_for_good_and_repeats_no_address(sink: Sink, code: str, permanent: bool) -> None:
    attempt = sent_to(sink)
    assert isinstance(attempt, Refused)
    assert (attempt.code, attempt.permanent) == (code, permanent)
    assert "partner" not in attempt.says and code in attempt.says
    assert sink.taken == []


@pytest.mark.parametrize(
    "answers",
    [
        [None],
        [b"554 go away"],
        [b"421 busy"],
        [*HELLO, None],
        [*HELLO, b"250 ok", b"250 ok", None],
        [*HELLO, b"250 ok", b"250 ok", b"354 go on", None],
        [*HELLO, b"250 ok", b"250 ok", b"421 closing"],
        [b"rubbish \xff\xfe"],
        [b"x" * 10_000],
    ],
)
def test_a_broken_session_may_be_tried_again(answers: list[bytes | None]) -> None:
    attempt, _ = sent_through([*answers, None])
    assert isinstance(attempt, Refused) and not attempt.permanent


@pytest.mark.parametrize("farewell", [b"451 not so fast", b"rubbish", None])
def test_a_fault_at_the_farewell_does_not_undo_a_taken_mail(farewell: bytes | None) -> None:
    attempt, _ = sent_through([*HELLO, b"250 ok", b"250 ok", b"354 go on", b"250 queued as AB12", farewell])
    assert attempt == Sent("AB12", AT)


def test_a_server_that_reports_is_asked_to_report() -> None:
    hello = [b"220 hi", b"250-partner\r\n250 DSN"]
    attempt, heard = sent_through([*hello, b"250 ok", b"250 ok", b"354 go on", b"250 ok", b"221 bye"])
    assert isinstance(attempt, Sent)
    assert heard[0] == b"ehlo sender.example", "the name of this machine stays inside"
    assert heard[1].endswith(b"RET=HDRS ENVID=d-17:1")
    assert heard[2] == b"rcpt TO:<intake@partner.example> NOTIFY=FAILURE,DELAY"


def test_no_server_is_a_refusal_for_now() -> None:
    attempt = channel_to(free_port()).send(notice_to(ADDRESS), AT)
    assert attempt == Refused("no_connection", "The mail server could not be reached.", permanent=False)


def test_tls_is_never_quietly_left_out() -> None:
    sink = Sink()
    with mail_server(sink) as port:
        attempt = CHANNEL(MailSettings(IDENTITY, "127.0.0.1", port, timeout_seconds=5)).send(notice_to(ADDRESS), AT)
    assert isinstance(attempt, Refused) and attempt.code == "not_offered" and not attempt.permanent
    assert sink.taken == []


def test_a_server_that_cannot_prove_itself_gets_nothing() -> None:
    with scripted_server([b"220 this is not TLS", None]) as (port, heard):
        settings = MailSettings(IDENTITY, "127.0.0.1", port, tls="implicit", timeout_seconds=5)
        attempt = CHANNEL(settings).send(notice_to(ADDRESS), AT)
    assert isinstance(attempt, Refused) and attempt.code == "tls_failed"
    assert not any(b"mail" in line.lower() for line in heard)
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_a_password_never_travels_in_the_clear() -> None:
    with pytest.raises(ValueError, match="in the clear"):
        MailSettings(IDENTITY, "mail.partner.example", 25, tls="none", user="u", password="p")
    assert "geheim" not in repr(MailSettings(IDENTITY, "mail.partner.example", 465, user="u", password="geheim"))
