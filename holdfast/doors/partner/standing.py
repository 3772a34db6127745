"""How it stands after a team's answer: who is accountable from when, what comes next and by when, and whom to reach at the sender's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.core.events import HolderMoved, ObligationOpened, StepTaken
from holdfast.core.state import Promise
from holdfast.doors.partner.room import Room
from holdfast.doors.web.casepages.accountable import Reach, accountable, reach_of


@dataclass(frozen=True, slots=True)
class Next:
    """What is owed next: by whom and by when; ``ours`` where this team owes it."""

    what: str
    who: str
    due: datetime
    ours: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """``held`` when somebody of this team is accountable now; ``phone`` is the sender's team's."""

    accountable: dict[str, Any]
    held: bool
    next: Next | None
    sender: str
    team: str
    phone: str
    reach: tuple[Reach, ...]


def standing(room: Room) -> Standing | None:
    """None before the team has answered anything."""
    page, answered = room.page, _answered(room)
    if answered is None:
        return None
    party = page.pathway.holder_at_opening.partition(".")[0]
    team = room.directory.teams.get(page.state.parties.get(party, ""))
    sender = _sender(room, team.id) if team is not None else ""
    return Standing(
        accountable=accountable(page),
        held=room.directory.in_team(page.state.holder, room.team.id),
        next=_next(room, answered),
        sender=page.naming.staff(sender) if sender else "",
        team=team.name if team is not None else "",
        phone=team.phone if team is not None else "",
        reach=reach_of(room.directory.staff.get(sender)),
    )


def _answered(room: Room) -> frozenset[str] | None:
    """The promises that the team's latest answer opened: no more of what others owe is theirs to see."""
    for entry in reversed(room.page.record):
        if room.directory.in_team(entry.actor, room.team.id) and any(_by_link(room, e) for e in entry.events):
            return frozenset(e.id for e in entry.events if isinstance(e, ObligationOpened))
    return None


def _by_link(room: Room, event: object) -> bool:
    return isinstance(event, StepTaken) and room.find_step(event.step) is not None


def _next(room: Room, opened: frozenset[str]) -> Next | None:
    """The soonest of what the team owes; else of what its answer made others owe."""
    ours = room.owed()
    theirs = sorted((p for p in room.page.state.owed() if p.id in opened), key=lambda p: (p.due, p.id))
    found: Promise | None = next(iter([*ours, *theirs]), None)
    if found is None:
        return None
    say = room.page.naming
    return Next(say.promise(found.id), say.staff_at(found.owner), found.due, found in ours)


def _sender(room: Room, team: str) -> str:
    """Whoever of the sending team was accountable last."""
    held = [e.to for entry in room.page.record for e in entry.events if isinstance(e, HolderMoved)]
    return next((staff for staff in reversed(held) if room.directory.in_team(staff, team)), "")
