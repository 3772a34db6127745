"""Who may see and administer what: asked by reads, which start from a viewer, and by the desk alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from holdfast.core.parties import Directory
from holdfast.core.refusals import Refusal
from holdfast.core.state import State

COORDINATOR, LEAD, INTAKE, SUPERVISOR = "coordinator", "lead", "intake", "supervisor"
CLINICIAN, DECISION_MAKER, DUTY_CLINICIAN = "clinician", "decision-maker", "duty-clinician"
GOVERNANCE, ADMINISTRATOR = "governance", "administrator"
TEAM_ROLES = (COORDINATOR, LEAD, INTAKE, SUPERVISOR, CLINICIAN, DECISION_MAKER, DUTY_CLINICIAN)
ORGANISATION_ROLES = (GOVERNANCE, ADMINISTRATOR)

MY_WORK, CASES, INBOX, OVERSIGHT, DIRECTORY = "my-work", "cases", "inbox", "governance", "directory"
PAGES = (MY_WORK, CASES, INBOX, OVERSIGHT, DIRECTORY)
_RECEIVES = frozenset({COORDINATOR, INTAKE, SUPERVISOR})

# The same words whether the case exists or not: a refusal must not tell that somebody is in care.
NOT_YOURS = Refusal("not_visible", "There is no such case among those that you may see.")
NOT_ADMINISTRATOR = Refusal(
    "without_authority", "Only an administrator of that organisation may change its part of the directory."
)

NO_READERS = Refusal(
    "without_authority", "Only the accountable person, a supervisor or a governance lead may see who has read a case."
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff who looks; what they may see comes from the directory, never from their account."""

    staff: str


def signs_in(staff: str, directory: Directory) -> bool:
    """Whether this person may use the pages and the API now: asked at every request, so that closing an account ends them."""
    person = directory.staff.get(staff)
    return person is not None and person.active and person.account


def roles_of(viewer: Viewer, directory: Directory) -> frozenset[tuple[str, str]]:
    """(team or organisation id, role) of an active person; nothing for anybody else."""
    person = directory.staff.get(viewer.staff)
    return person.roles if person is not None and person.active else frozenset()


def concerned_places(viewer: Viewer, directory: Directory, at: datetime | None = None) -> frozenset[str]:
    """Team ids whose cases the viewer may see, and staff ids whose cases they may see: their own first.

    A member sees their team's cases, a last resort and a governance lead those of every team of the organisation.
    With ``at``, whoever covers an absence then also sees what names the absent person (OWN-04). Being an administrator
    adds nothing: those who keep the directory have no need of cases. Nothing at all for a person who is not active.
    """
    person = directory.staff.get(viewer.staff)
    if person is None or not person.active:
        return frozenset()
    overseen = {place for place, role in person.roles if role == GOVERNANCE} | _last_resort_of(viewer, directory)
    places = {viewer.staff}
    places |= {place for place, _ in person.roles if place in directory.teams}
    places |= {team.id for team in directory.teams.values() if team.organisation in overseen}
    if at is not None:
        places |= stands_for(viewer, directory, at)
    return frozenset(places)


def stands_for(viewer: Viewer, directory: Directory, at: datetime) -> frozenset[str]:
    """The viewer and everybody whose absence they cover at ``at``: what those owe is theirs to do now (OWN-04)."""
    covered = {a.staff for a in directory.absences if a.cover == viewer.staff and a.start <= at < a.end}
    return frozenset({viewer.staff, *covered})


def may_see(
    viewer: Viewer, teams: Iterable[str], named: Iterable[str], directory: Directory, at: datetime | None = None
) -> bool:
    """Whether a case is the viewer's business: ``teams`` are its parties, ``named`` its holder and everybody named in it."""
    return not concerned_places(viewer, directory, at).isdisjoint({*teams, *named})


def refuse_readers(viewer: Viewer, state: State, directory: Directory) -> Refusal | None:
    """Who has read a case is for the one accountable, for supervisors and last resorts of its teams, and for governance (AUD-04)."""
    teams = set(state.parties.values())
    organisations = {directory.teams[team].organisation for team in teams if team in directory.teams}
    held = roles_of(viewer, directory)
    supervises = any(role == SUPERVISOR and place in teams for place, role in held)
    governs = any(role == GOVERNANCE and place in organisations for place, role in held)
    last = not _last_resort_of(viewer, directory).isdisjoint(organisations)
    return None if viewer.staff == state.holder or supervises or governs or last else NO_READERS


def may_do_admin(viewer: Viewer, directory: Directory, organisation: str = "") -> bool:
    """Whether the viewer may change the directory: of ``organisation``, or of any if none is given."""
    return any(role == ADMINISTRATOR and organisation in ("", place) for place, role in roles_of(viewer, directory))


def may_look_up(viewer: Viewer, directory: Directory, organisation: str) -> bool:
    """Whether the viewer may read the whole entry of an organisation, its rosters and absences: they belong to it or work there."""
    person = directory.staff.get(viewer.staff)
    if person is None or not person.active:
        return False
    places = {place for place, _ in person.roles}
    works = {directory.teams[place].organisation for place in places if place in directory.teams}
    return organisation in {person.organisation, *places, *works}


def refuse_admin(viewer: Viewer, directory: Directory, organisation: str = "") -> Refusal | None:
    return None if may_do_admin(viewer, directory, organisation) else NOT_ADMINISTRATOR


def may_govern(viewer: Viewer, directory: Directory, organisation: str = "") -> bool:
    """Whether the viewer is a governance lead: of ``organisation``, or of any if none is given."""
    return any(role == GOVERNANCE and organisation in ("", place) for place, role in roles_of(viewer, directory))


def may_publish(viewer: Viewer, directory: Directory) -> bool:
    """Whether the viewer may decide on an edition that somebody else proposed: governance leads and administrators (HZ-88)."""
    return may_govern(viewer, directory) or may_do_admin(viewer, directory)


def oversees(viewer: Viewer, directory: Directory) -> bool:
    """Whether exceptions are theirs to look at: governance, supervisors, and those on whom ladders end."""
    roles = {role for _, role in roles_of(viewer, directory)}
    return bool(roles & {GOVERNANCE, SUPERVISOR} or _last_resort_of(viewer, directory))


def navigation_for(viewer: Viewer, directory: Directory) -> tuple[str, ...]:
    """Which of PAGES the viewer is offered, in that order; a page asks again when it is opened."""
    held = roles_of(viewer, directory)
    team_roles = {role for place, role in held if place in directory.teams}
    ends_on = bool(_last_resort_of(viewer, directory))
    governs, administers = may_govern(viewer, directory), may_do_admin(viewer, directory)
    offered = {
        MY_WORK: bool(team_roles) or ends_on or governs,
        CASES: bool(team_roles) or ends_on or governs,
        INBOX: bool(team_roles & _RECEIVES) or ends_on,
        OVERSIGHT: governs,
        DIRECTORY: administers,
    }
    return tuple(page for page in PAGES if offered[page])


def _last_resort_of(viewer: Viewer, directory: Directory) -> set[str]:
    person = directory.staff.get(viewer.staff)
    if person is None or not person.active:
        return set()
    return {o.id for o in directory.organisations.values() if o.last_resort == viewer.staff}
