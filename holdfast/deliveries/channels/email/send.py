"""Hands a notice to a mail server over SMTP."""

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from holdfast.deliveries.channels.channel import Attempt, Notice, Refused, Sent
from holdfast.deliveries.channels.email.identity import MailIdentity, envelope_sender, message_id
from holdfast.deliveries.channels.email.message import compose
from holdfast.deliveries.channels.email.status import meaning_of, status_in

_QUEUED = re.compile(r"(?:queued as|id=)\s*([A-Za-z0-9._-]{4,64})", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where the mail server is. `timeout_seconds` holds for every single wait; `ca_file` replaces the system's list.

    ValueError for a password that would travel in the clear beyond this machine.
    """

    identity: MailIdentity
    host: str
    port: int
    tls: Literal["none", "starttls", "implicit"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: float = 20.0
    ca_file: str | None = None

    def __post_init__(self) -> None:
        if self.password and self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError("a mail password may not travel in the clear: use starttls or implicit")


def send(settings: MailSettings, notice: Notice, at: datetime) -> Attempt:
    """One attempt. `Sent` as soon as the server has taken the mail, whatever happens to the connection afterwards.

    A 4xx answer, a lost connection or a fault in the session before the mail itself (greeting, TLS, sign-in) may be
    tried again; a 5xx answer to the mail itself is permanent (REC-01).
    """
    mail = compose(notice, settings.identity, at)
    if isinstance(mail, Refused):
        return mail
    try:
        server = _open(settings)
    except smtplib.SMTPNotSupportedError:
        return Refused(
            "not_offered", "The mail server does not offer the TLS or sign-in that is set up.", permanent=False
        )
    except smtplib.SMTPResponseException as error:
        # A server that will not talk to us says nothing about the address: never permanent.
        return _refusal(error.smtp_code, error.smtp_error, session=True)
    except ssl.SSLError:
        return Refused("tls_failed", "The mail server could not prove who it is.", permanent=False)
    except (OSError, smtplib.SMTPException):
        return Refused("no_connection", "The mail server could not be reached.", permanent=False)
    try:
        return _hand_over(server, settings, notice, mail, at)
    except smtplib.SMTPResponseException as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException):
        return Refused("no_connection", "The mail server broke off before it had taken the message.", permanent=False)
    finally:
        # A fault while saying goodbye must not turn a taken mail into a refused one.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _open(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=settings.ca_file)
    # Without a name of our own the library would tell the server the name of this machine.
    own_name = settings.identity.domain
    server: smtplib.SMTP
    if settings.tls == "implicit":
        server = smtplib.SMTP_SSL(
            settings.host, settings.port, own_name, timeout=settings.timeout_seconds, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, own_name, timeout=settings.timeout_seconds)
    try:
        if settings.tls == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if settings.user:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, settings: MailSettings, notice: Notice, mail: bytes, at: datetime) -> Attempt:
    reports = server.has_extn("dsn")
    mail_options = ["RET=HDRS", f"ENVID={notice.key}"] if reports else []
    rcpt_options = ["NOTIFY=FAILURE,DELAY"] if reports else []
    code, answer = server.mail(envelope_sender(notice, settings.identity), mail_options)
    if code == 250:
        code, answer = server.rcpt(notice.to_address, rcpt_options)
    if code not in (250, 251):
        return _refusal(code, answer)
    code, answer = server.data(mail)
    if code != 250:
        return _refusal(code, answer)
    queued = _QUEUED.search(answer.decode("ascii", "replace"))
    return Sent(queued[1] if queued else message_id(notice.key, settings.identity), at)


def _refusal(code: int, answer: bytes | str, *, session: bool = False) -> Refused:
    text = answer.decode("ascii", "replace") if isinstance(answer, bytes) else answer
    status = status_in(text)
    says = f"The mail server refused it ({code}{f', {status}' if status else ''}: {meaning_of(status)})."
    return Refused(str(code), says, permanent=500 <= code <= 599 and not session)
