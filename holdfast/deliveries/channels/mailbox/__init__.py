"""The demo's local mailbox: `CHANNEL(settings)` makes a channel that sends into a folder."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.deliveries.channels.channel import Attempt, Notice, Reply
from holdfast.deliveries.channels.mailbox.read_reply import read_reply
from holdfast.deliveries.channels.mailbox.send import MailboxSettings, send
from holdfast.deliveries.channels.mailbox.shelf import StoredMessage, list_messages, read_message

__all__ = ["CHANNEL", "MailboxChannel", "MailboxSettings", "StoredMessage", "list_messages", "read_message"]


@dataclass(frozen=True, slots=True)
class MailboxChannel:
    """Writes each mail to a file instead of sending it; can be told to refuse or to bounce."""

    settings: MailboxSettings
    name: str = "mailbox"

    def send(self, notice: Notice, at: datetime) -> Attempt:
        return send(self.settings, notice, at)

    def read_reply(self, raw: bytes) -> Reply:
        return read_reply(raw)


CHANNEL = MailboxChannel
