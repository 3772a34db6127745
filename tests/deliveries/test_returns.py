"""The return mailbox: read without loss, marked only when told, from a folder or an account."""

import re
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.deliveries.channels.email.read_reply import read_reply
from holdfast.deliveries.channels.email.returns import (
    ImapReturns,
    MaildirReturns,
    Returns,
    ReturnsUnavailable,
    mark_read,
    unread,
)
from tests.deliveries.conformance import fixtures_of
from tests.deliveries.sink import free_port

MAILS = {name: raw for name, (raw, _) in fixtures_of("email").items() if name.startswith("postfix")}


class Account(socketserver.ThreadingTCPServer):
    """As much of an IMAP server as a reader needs: one folder, a password, seen or not."""

    allow_reuse_address = True
    daemon_threads = True
    validity = 7

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), AccountSession)
        self.mails = {number: raw.replace(b"\n", b"\r\n") for number, raw in enumerate(MAILS.values(), 1)}
        self.seen: set[int] = set()


class AccountSession(socketserver.StreamRequestHandler):
    server: Account

    def handle(self) -> None:
        self.wfile.write(b"* OK hello\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            self.wfile.write(b"".join(self.answer(command)) + f"{tag} {self.verdict(command)} done\r\n".encode())
            if command.startswith("LOGOUT"):
                return

    def verdict(self, command: str) -> str:
        return "NO" if command.startswith("LOGIN") and "right" not in command else "OK"

    def answer(self, command: str) -> Iterator[bytes]:
        if command.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif command.startswith("SELECT"):
            yield f"* {len(self.server.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.server.validity}] ok\r\n".encode()
        elif command.startswith("UID SEARCH UNSEEN"):
            left = sorted(set(self.server.mails) - self.server.seen)
            yield f"* SEARCH {' '.join(map(str, left))}\r\n".encode()
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
            raw = self.server.mails[int(found[1])]
            yield f"* 1 FETCH (UID {found[1]} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        elif found := re.match(r"UID STORE (\d+) \+FLAGS \(\\Seen\)", command):
            self.server.seen.add(int(found[1]))


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


def imap(account: Account, password: str = "right") -> ImapReturns:
    return ImapReturns("127.0.0.1", "box", password, port=account.server_address[1], tls=False, timeout_seconds=5)


@pytest.fixture(params=["maildir", "imap"])
def returns(request: pytest.FixtureRequest, tmp_path: Path) -> Returns:
    if request.param == "imap":
        return imap(request.getfixturevalue("account"))
    for place in ("new", "cur", "tmp"):
        (tmp_path / place).mkdir()
    for number, raw in enumerate(MAILS.values()):
        (tmp_path / "new" / f"1764.M{number}.host").write_bytes(raw)
    (tmp_path / "tmp" / "1764.unfinished.host").write_bytes(b"half a ma")
    return MaildirReturns(tmp_path)


def test_every_mail_is_given_until_it_is_marked(returns: Returns) -> None:
    first = list(unread(returns))
    assert len(first) == len(MAILS) > 2
    assert sorted(raw.replace(b"\r\n", b"\n") for _, raw in first) == sorted(MAILS.values())
    assert list(unread(returns)) == first, "reading marks nothing"
    mark_read(returns, first[0][0])
    mark_read(returns, first[0][0])
    assert list(unread(returns)) == first[1:]
    for mail_id, raw in unread(returns):
        assert read_reply(raw).key == "d-17:1"
        mark_read(returns, mail_id)
    assert list(unread(returns)) == []


@pytest.mark.parametrize("wrong", ["", "../x", "a/b", "x\x00"])
def test_only_an_id_can_be_marked(returns: Returns, wrong: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        mark_read(returns, wrong)


def test_a_mail_that_was_opened_by_somebody_else_keeps_its_flags(tmp_path: Path) -> None:
    for place in ("new", "cur", "tmp"):
        (tmp_path / place).mkdir()
    (tmp_path / "cur" / "a:2,F").write_bytes(b"flagged")
    (tmp_path / "cur" / "b:2,FS").write_bytes(b"seen")
    returns = MaildirReturns(tmp_path)
    assert list(unread(returns)) == [("a", b"flagged")]
    mark_read(returns, "a")
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["a:2,FS", "b:2,FS"]


def test_a_mark_for_an_account_that_was_made_anew_touches_nothing(account: Account) -> None:
    [(mail_id, _), *_] = unread(imap(account))
    account.validity = 8
    mark_read(imap(account), mail_id)
    assert account.seen == set()


def test_an_account_that_cannot_be_read_says_so_without_the_secret(account: Account) -> None:
    with pytest.raises(ReturnsUnavailable) as refused:
        list(unread(imap(account, password="wr0ng")))
    assert "wr0ng" not in str(refused.value)
    with pytest.raises(ReturnsUnavailable):
        list(unread(ImapReturns("127.0.0.1", "box", "p", port=free_port(), tls=False, timeout_seconds=2)))
    with pytest.raises(ValueError, match="in the clear"):
        ImapReturns("mail.partner.example", "box", "p", tls=False)
