"""An installation with its duties, mail kept in a folder, on a clock that is told the time."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from holdfast.deliveries.channels.email.identity import MailIdentity
from holdfast.deliveries.channels.email.returns import MaildirReturns
from holdfast.deliveries.channels.mailbox import MailboxChannel, MailboxSettings, StoredMessage, list_messages
from holdfast.deliveries.channels.manual import ManualChannel
from holdfast.workers.clocks import Clocks
from holdfast.workers.deliveries import Deliveries
from holdfast.workers.returns import ReturnedMail
from tests.installation import Installation

URL = "https://handoffs.example.org"


@dataclass
class Works:
    """``house`` with its mail in ``folder``: the mailbox, its rules, and the folder into which bounces go."""

    house: Installation
    folder: Path
    clocks: Clocks = field(init=False)
    deliveries: Deliveries = field(init=False)
    returns: ReturnedMail = field(init=False)

    def __post_init__(self) -> None:
        identity = MailIdentity("holdfast@example.org", "returns@example.org")
        mail = MailboxChannel(MailboxSettings(self.folder / "mailbox", self.folder / "returns", identity))
        self.clocks = Clocks(self.house.desk)
        self.deliveries = Deliveries(self.house.desk, {"email": mail, "phone": ManualChannel("phone")}, URL)
        self.returns = ReturnedMail(self.house.desk, mail, MaildirReturns(self.folder / "returns"))

    def go(self, *duties: Any) -> int:
        """Each duty until it has no more to do; gives how many steps did something."""
        steps = 0
        for duty in duties or (self.clocks, self.deliveries, self.returns):
            while duty.step(self.house.now):
                steps += 1
        return steps

    def rule(self, text: str) -> None:
        (self.folder / "mailbox").mkdir(exist_ok=True)
        (self.folder / "mailbox" / "rules.json").write_text(text, "utf-8")

    def come_back(self, raw: bytes, name: str = "one") -> None:
        """Put a mail into the return folder as a mail server would."""
        for place in ("new", "cur", "tmp"):
            (self.folder / "returns" / place).mkdir(parents=True, exist_ok=True)
        (self.folder / "returns" / "new" / name).write_bytes(raw)

    def mails(self, to: str = "") -> list[StoredMessage]:
        """What left, newest first."""
        return [mail for mail in list_messages(self.folder / "mailbox") if to in mail.to_address]

    def key_of(self, mail: StoredMessage) -> str:
        return str(message_from_bytes(mail.raw)["X-Holdfast-Key"])


@pytest.fixture
def works(db, tmp_path: Path) -> Works:
    return Works(Installation().set_up(), tmp_path)
