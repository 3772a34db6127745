"""Turns a notice into the bytes of a mail: the same notice at the same time gives the same bytes."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from holdfast.deliveries.channels.channel import Notice, Refused
from holdfast.deliveries.channels.email.identity import MailIdentity, is_address, message_id
from holdfast.deliveries.channels.wording import objection, sentences

_SEVEN_BIT = SMTP.clone(cte_type="7bit")


def compose(notice: Notice, identity: MailIdentity, at: datetime) -> bytes | Refused:
    """A multipart mail (text and HTML) with CRLF line ends, seven bit, dated `at` (aware); or why it may not leave."""
    refused = objection(notice)
    if refused is not None:
        return refused
    if not is_address(notice.to_address):
        return Refused("bad_address", "The address is not one plain mail address.", permanent=True)
    if at.utcoffset() is None:
        raise ValueError("the time of an attempt needs a zone")
    subject, paragraphs = sentences(notice, identity.safe_names)
    mail = EmailMessage(policy=_SEVEN_BIT)
    mail["Date"] = format_datetime(at)
    mail["From"] = Address(identity.from_name, addr_spec=identity.from_address)
    mail["To"] = Address(addr_spec=notice.to_address)
    mail["Subject"] = subject
    mail["Message-ID"] = message_id(notice.key, identity)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Holdfast-Key"] = notice.key
    mail.set_content("\n\n".join(paragraphs) + "\n")
    mail.add_alternative(_page(subject, paragraphs, notice.link), subtype="html")
    # The library would draw a random boundary, and a retry would no longer be the same bytes.
    mail.set_boundary("=_hf_" + hashlib.sha256(notice.key.encode()).hexdigest()[:32])
    return mail.as_bytes()


def _page(subject: str, paragraphs: tuple[str, ...], link: str) -> str:
    def shown(paragraph: str) -> str:
        text = escape(paragraph)
        return f'<p><a href="{text}">{text}</a></p>' if link and paragraph == link else f"<p>{text}</p>"

    body = "\n".join(shown(paragraph) for paragraph in paragraphs)
    head = f"<head><title>{escape(subject)}</title></head>"
    return f'<!DOCTYPE html>\n<html lang="en">{head}<body>\n{body}\n</body></html>\n'
