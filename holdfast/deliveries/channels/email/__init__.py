"""E-mail over SMTP: `CHANNEL(settings)` makes the channel."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.deliveries.channels.channel import Attempt, Notice, Reply
from holdfast.deliveries.channels.email.read_reply import read_reply
from holdfast.deliveries.channels.email.send import MailSettings, send


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Sends through one mail server; reads what comes back to the return address."""

    settings: MailSettings
    name: str = "email"

    def send(self, notice: Notice, at: datetime) -> Attempt:
        return send(self.settings, notice, at)

    def read_reply(self, raw: bytes) -> Reply:
        return read_reply(raw)


CHANNEL = EmailChannel
