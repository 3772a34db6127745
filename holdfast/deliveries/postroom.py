"""The channels of this installation, made from its settings, and the mailbox to which bounces return."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings

from holdfast.deliveries.channels.channel import Attempt, Channel, Notice, Refused, Reply
from holdfast.deliveries.channels.email import EmailChannel
from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.email.read_reply import read_reply
from holdfast.deliveries.channels.email.returns import ImapReturns, MaildirReturns, Returns
from holdfast.deliveries.channels.email.send import MailSettings
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings
from holdfast.deliveries.channels.manual import ManualChannel

RETURNS_ENV = "HOLDFAST_RETURNS_URL"
_TLS: dict[str, Literal["none", "starttls", "implicit"]] = {
    "smtp": "starttls",
    "smtps": "implicit",
    "smtp+plain": "none",
}
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_HELP = "write it as smtp://user:password@host:587?from=holdfast@example.org&returns=returns@example.org"


class PostroomFault(ValueError):
    """The mail settings cannot be used; the sentence says how to write them and holds no password."""


@dataclass(frozen=True, slots=True)
class NoMail:
    """Stands where no mail server is set up: nothing leaves and nothing is given up."""

    name: str = "email"

    def send(self, notice: Notice, at: datetime) -> Attempt:
        return Refused("not_set_up", "No mail server is set up: set HOLDFAST_MAIL_URL.", permanent=False)

    def read_reply(self, raw: bytes) -> Reply:
        return read_reply(raw)


@cache
def the_channels() -> Mapping[str, Channel]:
    """Every channel by the name that the directory uses for it. Raises PostroomFault."""
    return {
        "email": _mail_channel(settings.HOLDFAST_MAIL_URL),
        "phone": ManualChannel("phone"),
        "fax": ManualChannel("fax"),
        "portal": ManualChannel("portal"),
    }


@cache
def the_returns() -> Returns | None:
    """Where bounces come back: HOLDFAST_RETURNS_URL (maildir:///folder or imaps://user:password@host:993/INBOX).

    Without it the demo's own folder; else nothing, and bounces are not read. Raises PostroomFault.
    """
    url = os.environ.get(RETURNS_ENV, "").strip()
    if not url:
        return MaildirReturns(_data() / "returns") if _in_the_demo() else None
    parts = _split(url, RETURNS_ENV)
    if parts.scheme == "maildir" and parts.path:
        return MaildirReturns(Path(unquote(parts.path)))
    if parts.scheme not in ("imaps", "imap") or not parts.hostname:
        raise PostroomFault(f"{RETURNS_ENV} is not understood; write imaps://user:password@host:993/INBOX")
    tls = parts.scheme == "imaps"
    try:
        return ImapReturns(
            parts.hostname,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            parts.port or (993 if tls else 143),
            tls,
            unquote(parts.path.strip("/")) or "INBOX",
        )
    except ValueError as fault:
        raise PostroomFault(f"{RETURNS_ENV}: {fault}") from None


def _mail_channel(url: str | None) -> Channel:
    if not url:
        return _demo_mailbox() if _in_the_demo() else NoMail()
    parts = _split(url, "HOLDFAST_MAIL_URL")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    sender = asked.get("from", "")
    if parts.scheme not in _TLS or not parts.hostname or not sender:
        raise PostroomFault(f"HOLDFAST_MAIL_URL is not understood; {_HELP}")
    try:
        return EmailChannel(
            MailSettings(
                MailIdentity(sender, asked.get("returns", sender)),
                parts.hostname,
                parts.port or _PORTS[parts.scheme],
                _TLS[parts.scheme],
                unquote(parts.username or ""),
                unquote(parts.password or ""),
                ca_file=asked.get("ca"),
            )
        )
    except ValueError as fault:
        raise PostroomFault(f"HOLDFAST_MAIL_URL: {fault}") from None


def _demo_mailbox() -> Channel:
    identity = MailIdentity("holdfast@example.org", "returns@example.org")
    return MailboxChannel(MailboxSettings(_data() / "mailbox", _data() / "returns", identity))


def _in_the_demo() -> bool:
    return bool(settings.HOLDFAST_DEMO)


def _data() -> Path:
    return Path(settings.HOLDFAST_DATA)


def _split(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number is found only when it is asked for
    except ValueError:
        raise PostroomFault(f"{name} is not an address") from None
    return parts
