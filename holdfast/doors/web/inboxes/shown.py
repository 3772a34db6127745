"""Messages as the inbox shows them: what became of each, whose it is, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.desk import office
from holdfast.desk.stowing import opened
from holdfast.doors.web.links import STREAM, case_url
from holdfast.doors.web.viewer import Seen
from holdfast.inbox.models import Message
from holdfast.inbox.viewing import WAITING
from holdfast.worklists.models import CaseRow
from holdfast.worklists.viewing import cases_for

#: The most of a message that a page shows.
CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One message in the list. ``clock`` only while somebody must act."""

    id: str
    url: str
    what: str
    source: str
    received: datetime
    says: str
    unused: tuple[str, ...]
    owner: str
    clock: dict[str, Any] | None
    case_url: str
    settled_by: str
    settled_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether a person must look at it."""
        return self.clock is not None


def lines(messages: Iterable[Message], look: Seen) -> list[Line]:
    """One page of messages; a link only to cases that the viewer may see (one query for all)."""
    messages = list(messages)
    cases = [message.stream for message in messages if message.stream.startswith(STREAM)]
    rows: Iterable[CaseRow] = cases_for(look.viewer, look.directory).filter(case__in=cases) if cases else ()
    visible = {row.case for row in rows}
    return [_line(message, look, message.stream in visible) for message in messages]


def _line(message: Message, look: Seen, linked: bool) -> Line:
    words = {
        "discharge": _("Notice of a discharge"),
        "admit": _("Notice of an admission"),
        "cancel-discharge": _("A discharge taken back"),
        "unreadable": _("A message that cannot be read"),
    }
    waits = message.status in WAITING
    return Line(
        message.id,
        reverse("inbox-message", args=[message.id]),
        words.get(message.what, _("Another message")),
        message.source,
        message.received_at,
        message.says,
        tuple(_unused(item) for item in message.unused),
        _name(message.owner, look),
        {"due": message.due_at, "now": look.now, "zone": look.zone} if waits and message.due_at else None,
        case_url(message.stream) if linked else "",
        _name(message.settled_by, look),
        message.settled_at,
    )


def _unused(item: Any) -> str:
    """``PID-5: is divided otherwise (2)``; stored as a mapping or as a row of the same three."""
    what, why, count = (item["what"], item["why"], item["count"]) if isinstance(item, dict) else tuple(item)[:3]
    return f"{what}: {why} ({count})" if count != 1 else f"{what}: {why}"


def _name(staff: str, look: Seen) -> str:
    person = look.directory.staff.get(staff)
    return person.name if person is not None else staff


def as_it_arrived(message: Message) -> str:
    """The message's own text, to be looked at by whoever settles it; "" once it was erased."""
    raw = opened(office.the_desk(), message)
    return "" if raw is None else raw[: CHARACTERS * 4].decode("utf-8", "replace").replace("\r", "\n")[:CHARACTERS]
