"""The invented network in a real database: a clock that is told the time, a mail server, and the workers' duties in step with both."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from holdfast.core.answers import RawAnswer
from holdfast.core.state import State
from holdfast.deliveries import postroom
from holdfast.deliveries.channels.mailbox.bounce import bounce_of
from holdfast.deliveries.models import Delivery
from holdfast.desk import office
from holdfast.desk.desk import Desk
from holdfast.desk.envelope import Ask, Envelope
from holdfast.ledger.refold import folded
from holdfast.ledger.sql import instant
from holdfast.ledger.store import read_head
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.stage import make_accounts, set_stage
from holdfast.workers.clocks import Clocks
from holdfast.workers.deliveries import Deliveries
from holdfast.workers.duty import Duty
from holdfast.workers.loop import once
from holdfast.workers.returns import ReturnedMail
from holdfast.worklists.casefile import entries_of
from tests.deliveries.sink import Sink, mail_server

ZONE = ZoneInfo("America/New_York")
#: Day 0: two days after the latest discharge in the file of the person whose discharge this becomes.
FIRST = datetime(2020, 10, 19, 8, 0, tzinfo=ZONE)
PASSWORD = "lantern-on-the-quay"

# Who does what, by their ids in the network.
COORDINATOR, WARD_SUPERVISOR, CLINICIAN, DECISION_MAKER = "maren-holt", "oona-brandt", "sabine-orrell", "tomas-reeve"
INTAKE, LEAD, TEAM_SUPERVISOR = "desta-moor", "rosa-penhale", "hana-breck"
TEAM_ADDRESS, SECOND_ADDRESS = "north@tideway.example.org", "north-duty@tideway.example.org"


def local(day: int, time: str) -> datetime:
    """``day`` counts from 0; ``time`` is HH:MM where the network is."""
    hours, minutes = (int(part) for part in time.split(":"))
    return (FIRST + timedelta(days=day)).replace(hour=hours, minute=minutes)


@dataclass
class Town:
    """``post`` is the mail server; ``folder`` holds the return mailbox; ``url`` is where the web is served."""

    clock: VirtualClock
    desk: Desk
    post: Sink
    folder: Path
    url: str
    duties: list[Duty] = field(default_factory=list)
    coming: list[tuple[datetime, bytes]] = field(default_factory=list)

    def let_pass(self, day: int, time: str) -> None:
        """Time runs to then; whatever comes due on the way is done at its own instant, as a worker on time would."""
        until = local(day, time)
        while True:
            self._work()
            upcoming = [at for at in self._next() if self.clock.now() < at <= until]
            if not upcoming:
                break
            self.clock.move_to(min(upcoming))
        self.clock.move_to(until)
        self._work()

    def comes_back(self, mail: bytes, sender: str, after: timedelta) -> None:
        """The mail that was taken is returned later, as one that could not be delivered (RFC 3464)."""
        at = self.clock.now() + after
        report = bounce_of(mail, sender, self.read(mail)["To"], at, uuid.uuid4().hex)
        self.coming.append((at, report))

    def mails(self, to: str) -> list[EmailMessage]:
        """What the server took for this address, oldest first."""
        return [mail for mail in map(self.read, self.post.taken) if mail["To"] == to]

    def read(self, raw: bytes) -> EmailMessage:
        return message_from_bytes(raw, policy=default)

    def link_in(self, mail: EmailMessage) -> str:
        found = re.search(r"https?://\S+", text_of(mail))
        assert found, "the mail holds no address"
        return found[0].rstrip(".")

    def code(self) -> str:
        """The code that came last to the team's second address."""
        found = re.search(r"\b([0-9]{6})\b", text_of(self.mails(SECOND_ADDRESS)[-1]))
        assert found, "the mail holds no code"
        return found[1]

    def does(
        self,
        case: str,
        actor: str,
        kind: str,
        answers: Mapping[str, Any] | None = None,
        texts: Mapping[str, str] | None = None,
        **values: str,
    ) -> None:
        """What a member of staff does off stage: in between, and like many times before."""
        raw = {id: raw_answer(value) for id, value in (answers or {}).items()}
        outcome = self.desk.handle(Envelope(case, Ask(kind, values, raw, texts or {}), actor, "web", uuid.uuid4().hex))
        assert outcome.accepted, outcome.refusal

    def state(self, case: str) -> State:
        read = read_head(case, "", "")
        assert read.head is not None
        return folded(case, read.head)

    def events(self, case: str, kind: str) -> list[dict[str, Any]]:
        return [e for entry in entries_of(case) for e in entry["events"] if e["event"] == kind]

    def owed(self, case: str, kind: str) -> str:
        """The id of the promise of this kind that is open."""
        promise = self.state(case).find_owed(kind)
        assert promise is not None, f"{kind} is not owed"
        return promise.id

    def called(self, case: str, kind: str) -> list[str]:
        """Whom the ladder of a promise told, in order."""
        return [e["told"] for e in self.events(case, "RungFired") if e["id"].partition("#")[0] == kind]

    def _next(self) -> list[datetime]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT MIN(rings) FROM clock")
            (rings,) = cursor.fetchone()
        queued = Delivery.objects.filter(status="queued").order_by("next_try").values_list("next_try", flat=True)[:1]
        return [*([instant(rings)] if rings is not None else []), *queued, *(at for at, _ in self.coming)]

    def _work(self) -> None:
        now = self.clock.now()
        for at, raw in [one for one in self.coming if one[0] <= now]:
            (self.folder / "new" / f"{at.timestamp():.0f}.bounce").write_bytes(raw)
            self.coming.remove((at, raw))
        # Twice: what a clock or a bounce leads to may be a message, and that may lead to another.
        for _turn in range(2):
            once(self.duties, self.clock.now, "town")


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def raw_answer(value: Any) -> RawAnswer:
    """An answer of a script as a door hands it to the desk; None says "none known"."""
    if value is None:
        return RawAnswer("none-known")
    return RawAnswer("given", value.isoformat() if isinstance(value, datetime) else value)


@contextmanager
def build_town(patch: pytest.MonkeyPatch, folder: Path, url: str) -> Iterator[Town]:
    """The network published in the current database, with accounts; doors, pages and mail are pointed at it."""
    clock, post, returns = VirtualClock(FIRST), Sink(), folder / "returns"
    for place in ("new", "cur", "tmp"):
        (returns / place).mkdir(parents=True)
    stage = set_stage(clock, 1)
    make_accounts(stage.network)
    patch.setattr(office, "the_desk", lambda: stage.desk)
    patch.setattr("django.utils.timezone.now", clock.now)
    with mail_server(post) as port:
        patch.setattr(
            "django.conf.settings.HOLDFAST_MAIL_URL",
            f"smtp+plain://127.0.0.1:{port}?from=holdfast@example.org&returns=returns@example.org",
        )
        patch.setenv(postroom.RETURNS_ENV, f"maildir://{returns}")
        postroom.the_channels.cache_clear()
        postroom.the_returns.cache_clear()
        channels = postroom.the_channels()
        duties: list[Duty] = [
            Clocks(stage.desk),
            ReturnedMail(stage.desk, channels["email"], postroom.the_returns()),
            Deliveries(stage.desk, channels, url),
        ]
        town = Town(clock, stage.desk, post, returns, url, duties)
        try:
            yield town
        finally:
            postroom.the_channels.cache_clear()
            postroom.the_returns.cache_clear()
