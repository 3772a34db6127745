"""Puts a mail on the local shelf, or does what the demo's script says instead."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from holdfast.deliveries.channels.channel import Attempt, Notice, Refused, Sent
from holdfast.deliveries.channels.email.identity import MailIdentity, envelope_sender
from holdfast.deliveries.channels.email.message import compose
from holdfast.deliveries.channels.mailbox.bounce import bounce_of
from holdfast.deliveries.channels.mailbox.rules import RulesUnreadable, deed_for
from holdfast.deliveries.channels.mailbox.shelf import id_of, write_private


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """`folder` holds the messages and `rules.json`; `returns` is the Maildir into which bounces go."""

    folder: Path
    returns: Path
    identity: MailIdentity


def send(settings: MailboxSettings, notice: Notice, at: datetime) -> Attempt:
    """One attempt. A key that is already on the shelf is `Sent` again and changes nothing."""
    mail = compose(notice, settings.identity, at)
    if isinstance(mail, Refused):
        return mail
    mail_id = id_of(notice.key)
    shelved = settings.folder / f"{mail_id}.eml"
    if shelved.exists():
        return Sent(mail_id, at)
    try:
        deed = deed_for(settings.folder, notice.to_address, notice.kind)
        if deed == "refuse":
            return Refused(
                "550", "The mail server refused it (550, 5.1.1: the mailbox does not exist).", permanent=True
            )
        if deed == "defer":
            return Refused(
                "451", "The mail server refused it (451, 4.3.0: the mail system has a fault).", permanent=False
            )
        if deed == "bounce":
            # The bounce first: if we die between the two, the retry finds it there and does not write it again.
            _return(
                settings,
                bounce_of(mail, envelope_sender(notice, settings.identity), notice.to_address, at, mail_id),
                mail_id,
            )
        write_private(shelved, mail)
    except RulesUnreadable:
        return Refused("rules_unreadable", "The script of the local mailbox cannot be read.", permanent=False)
    except OSError:
        return Refused("no_room", "The local mailbox cannot be written.", permanent=False)
    return Sent(mail_id, at)


def _return(settings: MailboxSettings, bounce: bytes, mail_id: str) -> None:
    for place in ("new", "cur", "tmp"):
        (settings.returns / place).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"bounce.{mail_id}"
    known = (settings.returns / "new" / name).exists() or any((settings.returns / "cur").glob(f"{name}*"))
    if not known:
        write_private(settings.returns / "tmp" / name, bounce)
        (settings.returns / "tmp" / name).replace(settings.returns / "new" / name)
