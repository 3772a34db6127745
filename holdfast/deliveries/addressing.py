"""Whether a notice should still leave, by which channel, to which address, and by when an answer is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from holdfast.core.access import Viewer, may_see
from holdfast.core.parties import Directory
from holdfast.core.state import State
from holdfast.deliveries.channels.wording import WORDINGS, open_by_words
from holdfast.deliveries.outbox import Leased

EMAIL = "email"
STAFF, TEAM = "staff", "team"
#: What a notice that asks somebody to act is worth once there is nothing left to act on.
_ASKS = frozenset({"rung", "second-attempt", "packet-link", "signal", "fallback"})
_NEEDS_YOU_NOW = frozenset({"signal", "emergency", "fallback", "reverted"})
#: The pathway's own word for a notice has one of these sentences outside; none of them says anything about a person (BEY-12).
NEWS, RUNG = "news", "rung"
#: What a team is told that is asked no more: by then it has no part in the case.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Address:
    """``channel`` is email, phone, fax or portal; ``to`` an address or number of it."""

    channel: str
    to: str


@dataclass(frozen=True, slots=True)
class Held:
    """It does not leave. ``failed`` when somebody who should have been told cannot be: the ladder must climb."""

    code: str
    failed: bool


def kind_of(notice: str) -> str:
    """The wording of a notice: its own, or one that only says where to look."""
    if notice in WORDINGS:
        return notice
    return RUNG if notice in _NEEDS_YOU_NOW else NEWS


def address_of(item: Leased, directory: Directory) -> Address | Held:
    """Where the directory says that this recipient is reached now, by the channel agreed with a team (REC-01)."""
    kind, _, id = item.recipient.partition(":")
    if kind == TEAM:
        team = directory.teams.get(id)
        if team is None:
            return Held("unknown_team", failed=True)
        channel = item.by or team.channel
        to = team.address if channel == team.channel else team.phone
        return Address(channel, to) if to else Held("no_address", failed=True)
    person = directory.staff.get(id) if kind == STAFF else None
    if person is None or not person.active:
        return Held("recipient_inactive", failed=True)
    if item.by and item.by != EMAIL:
        number = person.day or person.night
        return Address(item.by, number) if number else Held("no_number", failed=True)
    return Address(EMAIL, person.email) if person.email else Held("no_address", failed=True)


def still_wanted(item: Leased, state: State, directory: Directory, now: datetime) -> Held | None:
    """Ask again, as the notice is about to leave: is there still something to act on, and is this their case? None: let it go."""
    promise = state.promises.get(item.about)
    if item.notice in _ASKS:
        if promise is not None and not promise.owed:
            return Held("no_longer_owed", failed=False)
        if promise is None and state.status != "open":
            return Held("case_closed", failed=False)
    kind, _, id = item.recipient.partition(":")
    if kind == TEAM:
        return None if id in state.teams() or item.notice == WITHDRAWN else Held("no_longer_a_party", failed=False)
    named = {state.holder, *state.named.values(), *state.duties.values(), *(p.owner for p in state.owed())}
    if id not in named and not may_see(Viewer(id), state.teams(), named, directory, now):
        return Held("not_their_case", failed=True)
    return None


def words_of(item: Leased, state: State | None, directory: Directory, now: datetime) -> Mapping[str, str]:
    """The words that the wording needs: by when an answer is asked, in the zone of the team that owes it."""
    needs = WORDINGS[kind_of(item.notice)].needs
    return {"open_by": _open_by(item, state, directory, now)} if "open_by" in needs and state is not None else {}


def _open_by(item: Leased, state: State, directory: Directory, now: datetime) -> str:
    team = directory.teams.get(item.recipient.partition(":")[2])
    theirs = {party for party, id in state.parties.items() if team is not None and id == team.id}
    theirs |= {party for party in state.offered if team is not None and team.id in state.open_offers(party)}
    owed = [p for p in state.owed() if p.id == item.about] or [
        p for p in state.owed() if p.owed_by.partition(".")[0] in theirs
    ]
    promise = min(owed, key=lambda p: (p.due, p.id), default=None)
    zone = team.calendar.zone if team is not None else "UTC"
    if promise is None:
        return open_by_words(state.window_ends, zone)
    # Once the time is past, what counts is when the next person is called.
    return open_by_words(promise.due if promise.due > now else max(promise.climbs, now), zone)
