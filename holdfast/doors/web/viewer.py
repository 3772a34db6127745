"""Who looks at a page: a request becomes a viewer, the directory, the time and the zone in which times are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from holdfast.core.access import Viewer, may_publish, oversees, signs_in
from holdfast.core.parties import Directory, Staff
from holdfast.directory.snapshot import current_version, load

#: What somebody sees whose account works and whose place in the directory is gone.
NO_PLACE = "Your account is not joined to an active member of staff. Ask whoever keeps the directory."


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: ``now`` is aware UTC, ``zone`` the IANA name of the viewer's own team's zone."""

    viewer: Viewer
    directory: Directory
    now: datetime
    zone: str

    @property
    def person(self) -> Staff:
        return self.directory.staff[self.viewer.staff]

    def roles(self) -> frozenset[str]:
        return frozenset(role for _, role in self.person.roles)

    def teams(self) -> tuple[str, ...]:
        """The viewer's own teams, by name."""
        mine = {place for place, _ in self.person.roles if place in self.directory.teams}
        return tuple(sorted(mine, key=lambda team: self.directory.teams[team].name))

    def oversees(self) -> bool:
        """Whether the page of exceptions is theirs."""
        return oversees(self.viewer, self.directory)

    def decides(self) -> bool:
        """Whether they decide on editions of pathways and move cases between them."""
        return may_publish(self.viewer, self.directory)


def seen(request: HttpRequest) -> Seen:
    """The look of a signed-in request, the same one all through it. Raises PermissionDenied in plain words."""
    kept = getattr(request, "_holdfast_seen", None)
    if kept is None:
        kept = _look(request)
        request._holdfast_seen = kept  # type: ignore[attr-defined]
    return cast(Seen, kept)


def _look(request: HttpRequest) -> Seen:
    if not request.user.is_authenticated:
        raise PermissionDenied("Sign in first.")
    directory = load(current_version())
    viewer = Viewer(str(getattr(request.user, "staff", "")))
    person = directory.staff.get(viewer.staff)
    if person is None or not signs_in(viewer.staff, directory) or not getattr(request.user, "is_active", True):
        raise PermissionDenied(NO_PLACE)
    return Seen(viewer, directory, timezone.now(), zone_of(person, directory))


def zone_of(person: Staff, directory: Directory) -> str:
    """The zone of the person's first team, else of their organisation's first team, else UTC."""
    own = sorted(place for place, _ in person.roles if place in directory.teams)
    near = own or sorted(team.id for team in directory.teams.values() if team.organisation == person.organisation)
    return directory.teams[near[0]].calendar.zone if near else "UTC"
