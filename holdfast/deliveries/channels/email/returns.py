"""Reads the return mailbox, a Maildir folder or an IMAP account, without losing or judging anything in it."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from mailbox import Maildir
from pathlib import Path

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MAILDIR_ID = re.compile(r"[^/\x00:]{1,200}")
_IMAP_ID = re.compile(r"([0-9]{1,10})-([0-9]{1,10})", re.ASCII)


class ReturnsUnavailable(Exception):
    """The return mailbox could not be read now. The sentence holds no address and no secret."""


@dataclass(frozen=True, slots=True)
class MaildirReturns:
    """A Maildir folder that a mail server on this machine, or the demo, delivers into."""

    folder: Path


@dataclass(frozen=True, slots=True)
class ImapReturns:
    """An IMAP account. ValueError for a password that would travel in the clear beyond this machine."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    tls: bool = True
    folder: str = "INBOX"
    timeout_seconds: float = 20.0

    def __post_init__(self) -> None:
        if not self.tls and self.host not in _LOOPBACK:
            raise ValueError("a mail password may not travel in the clear: use TLS")


Returns = MaildirReturns | ImapReturns


def unread(settings: Returns) -> Iterator[tuple[str, bytes]]:
    """(id, raw bytes) of every mail not yet marked as read. Reading marks nothing. ReturnsUnavailable."""
    if isinstance(settings, MaildirReturns):
        yield from _unread_maildir(settings.folder)
    else:
        yield from _unread_imap(settings)


def mark_read(settings: Returns, mail_id: str) -> None:
    """Mark one mail as read, once what it says is stored. Twice is once; a mail that is gone is no error."""
    if isinstance(settings, MaildirReturns):
        _mark_maildir(settings.folder, mail_id)
    else:
        _mark_imap(settings, mail_id)


def _unread_maildir(folder: Path) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return  # Nothing has ever been returned.
    try:
        box = Maildir(folder, create=False)
        keys = sorted(box.keys())
    except OSError as error:
        raise ReturnsUnavailable("the return folder cannot be read") from error
    for key in keys:
        if not _MAILDIR_ID.fullmatch(key):
            continue
        try:
            if "S" in box.get_message(key).get_flags():
                continue
            raw = box.get_bytes(key)
        except (KeyError, FileNotFoundError):
            continue  # Another reader was faster.
        except OSError as error:
            raise ReturnsUnavailable("the return folder cannot be read") from error
        yield key, raw


def _mark_maildir(folder: Path, mail_id: str) -> None:
    if not _MAILDIR_ID.fullmatch(mail_id):
        raise ValueError("not the id of a returned mail")
    for place in ("new", "cur"):
        with suppress(FileNotFoundError):
            for path in (folder / place).iterdir():
                name, _, info = path.name.partition(":")
                if name == mail_id and "S" not in info.partition(",")[2]:
                    flags = "".join(sorted({*info.partition(",")[2], "S"}))
                    path.rename(folder / "cur" / f"{name}:2,{flags}")


@contextmanager
def _account(settings: ImapReturns) -> Iterator[tuple[imaplib.IMAP4, str]]:
    """An open folder and its UIDVALIDITY, without which a UID names nothing (RFC 3501, 2.3.1.1)."""
    try:
        server: imaplib.IMAP4
        if settings.tls:
            context = ssl.create_default_context()
            server = imaplib.IMAP4_SSL(
                settings.host, settings.port, ssl_context=context, timeout=settings.timeout_seconds
            )
        else:
            server = imaplib.IMAP4(settings.host, settings.port, timeout=settings.timeout_seconds)
        try:
            server.login(settings.user, settings.password)
            _demand(server.select(_quoted(settings.folder))[0])
            validity = server.response("UIDVALIDITY")[1][0]
            yield server, validity.decode("ascii") if isinstance(validity, bytes) else "0"
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise ReturnsUnavailable("the return account cannot be read") from error


def _unread_imap(settings: ImapReturns) -> Iterator[tuple[str, bytes]]:
    with _account(settings) as (server, validity):
        status, found = server.uid("SEARCH", "UNSEEN")
        _demand(status)
        fetched: list[tuple[str, bytes]] = []
        for uid in (found[0] or b"").split():
            number = uid.decode("ascii")
            status, answer = server.uid("FETCH", number, "(BODY.PEEK[])")
            _demand(status)
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is not None:
                fetched.append((f"{validity}-{number}", raw))
    # Given out only after signing off, so that what the caller does with a mail cannot look like a fault of the server.
    yield from fetched


def _mark_imap(settings: ImapReturns, mail_id: str) -> None:
    parts = _IMAP_ID.fullmatch(mail_id)
    if parts is None:
        raise ValueError("not the id of a returned mail")
    with _account(settings) as (server, validity):
        if validity == parts[1]:
            _demand(server.uid("STORE", parts[2], "+FLAGS", "(\\Seen)")[0])


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _demand(status: str) -> None:
    if status != "OK":
        raise imaplib.IMAP4.error("the server said no")
