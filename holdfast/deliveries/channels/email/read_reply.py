"""Reads what comes back to the return address: bounces, delivery and read reports, auto-replies, and the unknown."""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from holdfast.deliveries.channels.channel import Reply, ReplyKind
from holdfast.deliveries.channels.email.status import meaning_of, status_in
from holdfast.deliveries.channels.email.trace import Trace, body_of, flat, parts_of, trace_of

# A report about our short mails is small; what is longer is read no further than this.
_READ_LIMIT = 512 * 1024
_ACTION = re.compile(r"^Action:\s*([a-z]+)", re.ASCII | re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^Status:\s*(\S+)", re.ASCII | re.IGNORECASE | re.MULTILINE)
_ARRIVED = frozenset({"delivered", "relayed", "expanded"})
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})
_AWAY_SUBJECT = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office)\b", re.IGNORECASE
)
_STILL_TRYING = re.compile(
    r"will be retried|still (?:being )?(?:trying|retried|not (?:yet )?delivered)|delayed", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Finding:
    kind: ReplyKind
    permanent: bool
    says: str
    trace: Trace


_UNKNOWN = _Finding(
    "unknown", False, "Something came back that no rule can read; a person must look.", Trace(None, None)
)


def read_reply(raw: bytes) -> Reply:
    """What a returned mail is. Never raises, never quotes it, and never makes a receipt of it (HZ-02).

    A report of delay is a bounce that is not permanent: the server has not given up (RFC 3464, 2.3.3).
    """
    try:
        finding = _find(message_from_bytes(raw[:_READ_LIMIT]))
    except Exception:  # Hostile bytes make the standard parser raise almost anything; the mail is kept either way.
        finding = _UNKNOWN
    digest = hashlib.sha256(raw).hexdigest()
    return Reply(finding.kind, finding.trace.key, finding.permanent, finding.says, digest, finding.trace.return_tag)


def _find(mail: Message) -> _Finding:
    if mail.get("X-Holdfast-Key"):
        return _UNKNOWN  # One of our own mails came round; its headers would otherwise look like an auto-reply.
    if mail.get_content_type() == "multipart/report":
        return _report(mail)
    if _is_daemon(mail):
        return _old_bounce(mail)
    if _is_automatic(mail):
        return _Finding("auto-reply", False, "An automatic answer came. It confirms nothing.", trace_of(mail))
    return _Finding("unknown", False, _UNKNOWN.says, trace_of(mail))


def _report(mail: Message) -> _Finding:
    kinds = {part.get_content_type(): part for part in parts_of(mail)}
    if "message/disposition-notification" in kinds:
        return _Finding("delivered-report", False, "A read report came. It confirms nothing.", trace_of(mail))
    part = kinds.get("message/delivery-status") or kinds.get("message/global-delivery-status")
    text = flat(part) if part is not None else ""
    actions = {action.lower() for action in _ACTION.findall(text)}
    statuses = [found for found in map(status_in, _STATUS.findall(text)) if found]
    status = next((one for one in statuses if one.startswith("5")), statuses[0] if statuses else None)
    if "failed" in actions:
        permanent = status is None or status.startswith("5")
        says = f"The message came back{f' ({status})' if status else ''}: {meaning_of(status)}."
        return _Finding("bounce", permanent, says, trace_of(mail))
    if "delayed" in actions:
        says = "The message is held up on its way; the mail system is still trying."
        return _Finding("bounce", False, says, trace_of(mail))
    if actions & _ARRIVED:
        return _Finding("delivered-report", False, "A delivery report came. It confirms nothing.", trace_of(mail))
    return _Finding("unknown", False, _UNKNOWN.says, trace_of(mail))


def _old_bounce(mail: Message) -> _Finding:
    """Bounces from servers that write free text instead of RFC 3464."""
    text = body_of(mail)
    status = status_in(text)
    trace = trace_of(mail, read_body=True)
    if _STILL_TRYING.search(text):
        says = "The message is held up on its way; the mail system is still trying."
        return _Finding("bounce", False, says, trace)
    if not (status or trace.key or trace.return_tag or mail.get("X-Failed-Recipients")):
        return _UNKNOWN
    says = f"The message came back{f' ({status})' if status else ''}: {meaning_of(status)}."
    # Without a code nobody can say that it is for good, so it may be tried again.
    permanent = status is not None and status.startswith("5")
    return _Finding("bounce", permanent, says, trace)


def _is_daemon(mail: Message) -> bool:
    if mail.get("X-Failed-Recipients"):
        return True
    sender = parseaddr(str(mail.get("From", "")))[1]
    return sender.partition("@")[0].lower() in _DAEMONS


def _is_automatic(mail: Message) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    if any(mail.get(header) for header in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")):
        return True
    if str(mail.get("Precedence", "")).strip().lower() in ("auto_reply", "auto-reply"):
        return True
    return _AWAY_SUBJECT.match(str(mail.get("Subject", ""))) is not None
