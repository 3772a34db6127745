"""An invented network for whatever the pathways ask: teams with somebody, and somebody else, for each role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from holdfast.core.calendars import Calendar, WeeklyInterval
from holdfast.core.parties import Duty, Organisation, Staff, Team
from holdfast.core.pathway import Field, Pathway

#: Staff of one team for each role; more than one, so that somebody can be away.
FOR_EACH_ROLE = 2
TEAMS_OF_AN_ORGANISATION = 4
_WEEK = tuple(WeeklyInterval(day, 9 * 60, 17 * 60) for day in range(5))

Entry = Organisation | Team | Staff


@dataclass(frozen=True, slots=True)
class Network:
    """The entries of a directory, and the ids of its teams in order."""

    entries: tuple[Entry, ...]
    teams: tuple[str, ...]


def make_network(pathways: Iterable[Pathway], teams: int, first: date, last: date) -> Network:
    """``teams`` teams that work weekdays from nine to five in London, their calendars valid from ``first`` to ``last``."""
    held = sorted(roles_of(pathways))
    hours = Calendar("Europe/London", _WEEK, frozenset(), (), first, last)
    names = tuple(f"team-{number:02}" for number in range(1, teams + 1))
    entries: list[Entry] = []
    for place, team in enumerate(names):
        house = f"house-{place // TEAMS_OF_AN_ORGANISATION + 1}"
        if place % TEAMS_OF_AN_ORGANISATION == 0:
            entries.append(Organisation(house, house.title(), f"{house}-last"))
            entries.append(_staff(f"{house}-last", house, ((house, "governance"), (team, "supervisor"))))
        roster = tuple(Duty("supervisor", f"{team}-supervisor-{turn}") for turn in range(1, FOR_EACH_ROLE + 1))
        entries.append(Team(team, team.title(), house, hours, roster, address=f"{team}@example.org"))
        for role in held:
            for turn in range(1, FOR_EACH_ROLE + 1):
                entries.append(_staff(f"{team}-{role}-{turn}", house, ((team, role),)))
    return Network(tuple(entries), names)


def roles_of(pathways: Iterable[Pathway]) -> set[str]:
    """Every role that one of the pathways speaks of."""
    found = {"supervisor"}
    for pathway in pathways:
        found |= {role for party in pathway.parties for role in party.duties.values()}
        found |= {named.role for named in pathway.named}
        found |= {field.role for field in _asked(pathway) if field.role}
    return found


def _asked(pathway: Pathway) -> Iterator[Field]:
    yield from pathway.packet_fields()
    for form in (*pathway.steps, *pathway.obligations, *pathway.endpoints):
        yield from form.records


def _staff(id: str, house: str, held: tuple[tuple[str, str], ...]) -> Staff:
    name = id.replace("-", " ").title()
    return Staff(id, name, house, frozenset(held), email=f"{id}@example.org", day="202-555-0100", night="202-555-0101")
