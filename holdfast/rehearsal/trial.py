"""A stage for one new pathway: teams and people that fit it, invented, in a database that says it is a rehearsal."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.core.answers import RawAnswer
from holdfast.core.calendars import Calendar
from holdfast.core.parties import Directory, Duty, Organisation, Staff, Team
from holdfast.core.pathway import Field, Pathway
from holdfast.core.work import SYSTEM
from holdfast.desk.desk import Desk
from holdfast.desk.persons import register
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.snapshot import current_version
from holdfast.directory.snapshot import load as load_directory
from holdfast.pathways.load import load_pathway
from holdfast.people.keyring import KEY_BYTES, Keyring, key_id
from holdfast.rehearsal.clock import VirtualClock
from holdfast.rehearsal.fault import StoryFault
from holdfast.rehearsal.stage import mark

DOOR = "cli"
_ROUTE = "202-555-0100"


@dataclass(slots=True)
class Trial:
    """One pathway, published in an empty database. ``others`` are teams that are no party at the opening."""

    clock: VirtualClock
    desk: Desk
    chance: random.Random
    pathway: Pathway

    @property
    def directory(self) -> Directory:
        return load_directory(current_version())

    def new_id(self) -> str:
        return uuid.UUID(int=self.chance.getrandbits(128)).hex

    def parties(self) -> dict[str, str]:
        return {party.id: f"team-{party.id}" for party in self.pathway.parties}

    def person(self) -> str:
        """A new invented person; gives their id."""
        person = "p" + self.new_id()
        card = {"person.name": RawAnswer("given", "Alex Moor")}
        outcome = register(self.desk, person, card, [("trial", person)], SYSTEM, DOOR)
        if outcome.refusal is not None:
            raise StoryFault(outcome.refusal.says)
        return person


def set_trial(text: str, pathway: Pathway, first: datetime, seed: int = 1, next_texts: Sequence[str] = ()) -> Trial:
    """Publish ``text``, what its cases go on to (``next_texts``, written out) and a network made for them.

    Raises StoryFault, NotARehearsal and ``PathwayFaults``."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, and only where the record says so
    key = chance.randbytes(KEY_BYTES)
    clock = VirtualClock(first)
    desk = Desk(Keyring({key_id(key): key}, key_id(key)), clock.now, chance.randbytes)
    staffed = (pathway, *map(load_pathway, next_texts))
    with transaction.atomic():
        mark(desk, clock, seed)
        for outcome in (
            put_directory(desk, [item_to_plain(one) for one in _network(pathway, staffed)], SYSTEM, DOOR),
            *(publish_edition(desk, one, SYSTEM, DOOR) for one in (text, *next_texts)),
        ):
            if outcome.refusal is not None:
                raise StoryFault(outcome.refusal.says)
    return Trial(clock, desk, chance, pathway)


def begun_by(pathway: Pathway) -> list[str]:
    """The ids of the pathways of which its steps, promises and ends begin a case."""
    effects = [one for owed in pathway.obligations for one in (owed.when_opened, owed.when_met, owed.when_breached)]
    places = (*pathway.steps, *pathway.endpoints, *effects)
    return sorted({begin.pathway for place in places for begin in place.begins})


def _network(pathway: Pathway, staffed: Iterable[Pathway]) -> Iterator[Organisation | Team | Staff]:
    """A team for each party and one besides, each in an organisation of its own, always open, with somebody for every role in
    ``staffed``."""
    roles = sorted({role for one in staffed for role in _roles(one)})
    titles = {party.id: party.title for party in pathway.parties} | {"another": "Another team"}
    for id, title in titles.items():
        house, team = f"house-{id}", f"team-{id}"
        last = f"{team}-last-resort"
        everybody = [
            _staff(f"{team}-{role}", f"{role.replace('-', ' ')} of {title}", house, team, role) for role in roles
        ]
        duties = tuple(Duty(role, f"{team}-{role}") for role in roles)
        yield Organisation(house, f"Organisation of {title}", last)
        yield Team(team, title, house, Calendar.always_open("UTC"), duties, address=f"{team}@example.org")
        yield _staff(last, f"last resort of {title}", house, team, "supervisor")
        yield from everybody


def _staff(id: str, name: str, house: str, team: str, role: str) -> Staff:
    shown = name[:1].upper() + name[1:]
    return Staff(id, shown, house, frozenset({(team, role)}), email=f"{id}@example.org", day=_ROUTE, night=_ROUTE)


def _roles(pathway: Pathway) -> set[str]:
    found = {"supervisor"}
    found |= {role for party in pathway.parties for role in party.duties.values()}
    found |= {named.role for named in pathway.named}
    forms: list[tuple[Field, ...]] = [step.records for step in pathway.steps]
    forms += [owed.records for owed in pathway.obligations] + [end.records for end in pathway.endpoints]
    found |= {field.role for form in forms for field in form if field.role}
    return found | {field.role for field in pathway.packet_fields() if field.role}
