"""A network for whatever the shipped pathways ask: each team has somebody for each role that any of them names."""

from __future__ import annotations

from datetime import date
from typing import Any

from holdfast.core.calendars import Calendar, WeeklyInterval
from holdfast.core.parties import Organisation, Staff, Team
from holdfast.core.pathway import Pathway
from holdfast.desk.publishing import publish_edition, put_directory
from holdfast.directory.items import item_to_plain
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.installation import GOVERNANCE, OUTSIDER, SECOND_GOVERNANCE, Installation

#: The teams of the network; a case takes the first ones in the order of its parties.
TEAMS = ("alpha", "beta", "gamma", "delta")
# Sorts after every role, so that it stands in for nobody who is there.
BOSS = "zenith"


def member(team: str, role: str) -> str:
    """The one of ``team`` who holds ``role``."""
    return f"{team}-{role}"


def last_resort(team: str) -> str:
    return member(team, BOSS)


def teams_of(pathway: Pathway) -> dict[str, str]:
    """A team for each party, in order."""
    return dict(zip((party.id for party in pathway.parties), TEAMS, strict=False))


def roles() -> set[str]:
    """Every role that some shipped pathway speaks of."""
    found = {"supervisor"}
    for pathway in map(load_pathway, shipped().values()):
        found |= {role for party in pathway.parties for role in party.duties.values()}
        found |= {named.role for named in pathway.named}
        forms = [s.records for s in pathway.steps] + [o.records for o in pathway.obligations]
        found |= {field.role for form in forms for field in form if field.role}
    return found


def network() -> list[Any]:
    """Teams that work weekdays from nine to five in London, each in an organisation of its own, and an outsider."""
    week = tuple(WeeklyInterval(day, 9 * 60, 17 * 60) for day in range(5))
    hours = Calendar("Europe/London", week, frozenset(), (), date(2026, 1, 1), date(2027, 12, 31))
    everybody, held = list[Any](), sorted(roles())
    for team in TEAMS:
        house = f"{team}-house"
        everybody.append(Organisation(house, f"{team.title()} House", last_resort(team)))
        everybody.append(Team(team, f"Team {team.title()}", house, hours, address=f"{team}@example.org"))
        everybody.append(_staff(last_resort(team), house, (team, "supervisor")))
        everybody += [_staff(member(team, role), house, (team, role)) for role in held]
    for governs in (GOVERNANCE, SECOND_GOVERNANCE):
        everybody.append(_staff(governs, f"{TEAMS[0]}-house", (f"{TEAMS[0]}-house", "governance")))
    everybody += [
        Organisation("elsewhere", "Elsewhere", OUTSIDER),
        Team("other", "Other", "elsewhere", hours, address="other@example.org"),
    ]
    everybody.append(_staff(OUTSIDER, "elsewhere", ("other", "supervisor")))
    return everybody


def settle(house: Installation) -> Installation:
    """Publish the network."""
    assert put_directory(house.desk, [item_to_plain(item) for item in network()], "system", "test").accepted
    return house


def publish(house: Installation, *pathways: str) -> None:
    """Publish these shipped pathways."""
    for id in pathways:
        assert publish_edition(house.desk, shipped()[id], GOVERNANCE, "test", SECOND_GOVERNANCE).accepted


def _staff(id: str, organisation: str, *held: tuple[str, str]) -> Staff:
    name = id.replace("-", " ").title()
    return Staff(
        id, name, organisation, frozenset(held), email=f"{id}@example.org", day="202-555-0100", night="202-555-0101"
    )
