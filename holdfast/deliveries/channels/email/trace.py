"""Finds out which notice a returned mail is about."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from holdfast.deliveries.channels.email.identity import key_in_message_id, marks_in_address

_KEY_LINE = re.compile(
    r"^[>\s]*X-Holdfast-Key:\s*([A-Za-z0-9_.:-]{1,100})\s*$", re.ASCII | re.IGNORECASE | re.MULTILINE
)
_ID_LINE = re.compile(r"^[>\s]*Message-ID:\s*(<[^<>\s]+>)\s*$", re.ASCII | re.IGNORECASE | re.MULTILINE)
_ENVELOPE_LINE = re.compile(
    r"^Original-Envelope-Id:\s*([A-Za-z0-9_.:-]{1,100})\s*$", re.ASCII | re.IGNORECASE | re.MULTILINE
)
_READ_LINE = re.compile(r"^Original-Message-ID:\s*(<[^<>\s]+>)", re.ASCII | re.IGNORECASE | re.MULTILINE)
_RECIPIENT_HEADERS = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
_HEADERS_ONLY = frozenset({"text/rfc822-headers", "message/global-headers"})
_WHOLE = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True, slots=True)
class Trace:
    """`key` is None where there is no mark, or where two marks name two notices."""

    key: str | None
    return_tag: str | None


def trace_of(mail: Message, *, read_body: bool = False) -> Trace:
    """The marks in a returned mail. `read_body` also looks for headers quoted in the text, as old servers do."""
    tag: str | None = None
    keys: list[str | None] = []
    for header in _RECIPIENT_HEADERS:
        for value in mail.get_all(header, []):
            found_tag, key = marks_in_address(str(value))
            tag = tag or found_tag
            keys.append(key)
    for header in ("In-Reply-To", "References"):
        keys.append(key_in_message_id(str(mail.get(header, ""))))
    if read_body or mail.get_content_type() == "multipart/report":
        for part in parts_of(mail):
            keys += _keys_in_part(part)
    if read_body and not any(keys):
        text = body_of(mail)
        keys += [found[1] for found in _KEY_LINE.finditer(text)]
        keys += [key_in_message_id(found[1]) for found in _ID_LINE.finditer(text)]
    distinct = {key for key in keys if key}
    return Trace(distinct.pop() if len(distinct) == 1 else None, tag)


def parts_of(mail: Message) -> list[Message]:
    """The direct parts of a multipart mail: what is nested deeper was forwarded by somebody."""
    payload = mail.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def flat(part: Message) -> str:
    """A part as ASCII text with its headers."""
    return part.as_bytes().decode("ascii", "replace").replace("\r\n", "\n")


def body_of(mail: Message) -> str:
    """The text of a mail that is not multipart, or of its direct text parts."""
    texts = parts_of(mail) or [mail]
    decoded = [part.get_payload(decode=True) for part in texts if part.get_content_maintype() == "text"]
    return "\n".join(text.decode("ascii", "replace") for text in decoded if isinstance(text, bytes)).replace(
        "\r\n", "\n"
    )


def _keys_in_part(part: Message) -> list[str | None]:
    kind = part.get_content_type()
    if kind.endswith("delivery-status"):
        return [found[1] for found in _ENVELOPE_LINE.finditer(flat(part))]
    if kind == "message/disposition-notification":
        return [key_in_message_id(found) for found in _READ_LINE.findall(flat(part))]
    original: Message | None = None
    if kind in _WHOLE:
        original = next(iter(parts_of(part)), None)
    elif kind in _HEADERS_ONLY:
        decoded = part.get_payload(decode=True)
        original = message_from_bytes(decoded) if isinstance(decoded, bytes) else next(iter(parts_of(part)), None)
    if original is None:
        return []
    key = _KEY_LINE.match(f"X-Holdfast-Key: {original.get('X-Holdfast-Key', '')}")
    return [key[1] if key else None, key_in_message_id(str(original.get("Message-ID", "")))]
