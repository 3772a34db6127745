"""What the team and the sender have said to each other: each answer given, and each reply that was meant for the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.core.answers import BLANK
from holdfast.core.events import StepTaken
from holdfast.core.pathway import Step
from holdfast.doors.partner.room import Room


@dataclass(frozen=True, slots=True)
class Said:
    """One deed: ``ours`` when the team did it; ``answers`` are question and answer in words."""

    at: datetime
    who: str
    what: str
    ours: bool
    answers: tuple[tuple[str, str], ...]


def exchange(room: Room) -> list[Said]:
    """Newest first."""
    page, found = room.page, []
    for entry in page.record:
        for event in entry.events:
            step = page.pathway.find_step(event.step) if isinstance(event, StepTaken) else None
            if step is None or not isinstance(event, StepTaken):
                continue
            ours = step.link and room.directory.in_team(entry.actor, room.team.id)
            if ours or _meant_for(room, step):
                given = ((one, event.answers.get(one.id)) for one in step.records)
                words = tuple(
                    (one.ask, page.naming.said(one, answer)) for one, answer in given if answer and answer.how != BLANK
                )
                # What the sender did without a word, such as sending the packet, is what the page itself shows.
                if ours or words:
                    found.append(Said(entry.at, page.naming.staff_at(entry.actor), step.title, ours, words))
    return found[::-1]


def _meant_for(room: Room, step: Step) -> bool:
    return any(tell.who.partition(".")[0] == room.party for tell in step.tells)
