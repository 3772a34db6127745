"""Telephone, fax and portal: `CHANNEL(medium)` makes a channel whose carrier is a person."""

from dataclasses import dataclass
from datetime import datetime

from holdfast.deliveries.channels.channel import Attempt, Notice, Reply
from holdfast.deliveries.channels.manual.read_reply import read_reply
from holdfast.deliveries.channels.manual.send import Medium, send


@dataclass(frozen=True, slots=True)
class ManualChannel:
    """Asks a person to ring, fax or use a portal. `name` is the medium."""

    medium: Medium

    @property
    def name(self) -> str:
        return self.medium

    def send(self, notice: Notice, at: datetime) -> Attempt:
        return send(self.medium, notice, at)

    def read_reply(self, raw: bytes) -> Reply:
        return read_reply(raw)


CHANNEL = ManualChannel
