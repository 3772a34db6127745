"""The teams whose work a viewer may look at, with how much of it is late."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from holdfast.core.access import concerned_places
from holdfast.doors.web.viewer import Seen
from holdfast.worklists.viewing import team_work

#: Somebody who oversees more teams than this gets their names without numbers: each number is a query.
COUNTED = 12


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team in the filter; ``late`` is None when it was not counted."""

    id: str
    name: str
    url: str
    late: int | None
    current: bool


def team_lines(look: Seen, current: str = "") -> list[TeamLine]:
    """The viewer's own and overseen teams, by name."""
    places = concerned_places(look.viewer, look.directory)
    teams = sorted((t for t in look.directory.teams.values() if t.id in places), key=lambda team: team.name)
    counted = look.oversees() and len(teams) <= COUNTED
    return [
        TeamLine(
            team.id,
            team.name,
            reverse("team-work", args=[team.id]),
            team_work(look.viewer, look.directory, team.id).due_by(look.now).count() if counted else None,
            team.id == current,
        )
        for team in teams
    ]
