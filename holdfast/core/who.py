"""Who a pathway means by ``receiver.holder``, ``decision-maker``, ``holder`` or ``last-resort``, at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import State

HOLDER, LAST_RESORT, ANYONE, OWNER, BY_NAME = "holder", "last-resort", "anyone", "owner", "staff:"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person, always; ``alarm`` says why it is not the one who was meant (BEY-03)."""

    staff: str
    alarm: str = ""


def resolve(who: str, state: State, pathway: Pathway, directory: Directory, at: datetime) -> Resolved:
    """The person behind ``who`` at ``at``. Falls to the supervisor of the same party, then to the last resort, with an alarm."""
    if who == HOLDER:
        return _standing(state.holder, who, state, directory, at)
    if who.startswith(BY_NAME):
        return _standing(who.removeprefix(BY_NAME), who, state, directory, at)
    if who == LAST_RESORT:
        return Resolved(last_resort(state, directory))
    if who in state.named:
        return _standing(state.named[who], who, state, directory, at)
    party, _, duty = who.partition(".")
    team = state.parties.get(party)
    if team is None and state.open_offers(party):
        # Until one of those asked accepts, whoever asked them answers for it.
        return _standing(state.holder, who, state, directory, at)
    if team is None:
        return Resolved(last_resort(state, directory), f"nobody is named as {who}")
    assigned = state.duties.get(who, "")
    standing = directory.standing_in(assigned, at) if assigned else None
    if standing is not None:
        return Resolved(standing, "" if standing == assigned else f"{who} is away; their cover instead")
    person = _of_duty(party, duty, team, pathway, directory, at)
    if person is not None:
        return Resolved(person, f"{who} is away without cover; another of the team instead" if assigned else "")
    person = _of_duty(party, "supervisor", team, pathway, directory, at)
    if person is not None:
        return Resolved(person, f"nobody can be reached as {who}; the supervisor instead")
    return Resolved(last_resort(state, directory), f"nobody can be reached as {who}")


def _standing(staff: str, who: str, state: State, directory: Directory, at: datetime) -> Resolved:
    person = directory.standing_in(staff, at)
    if person is not None:
        return Resolved(person, "" if person == staff else f"{who} is away; their cover instead")
    supervisor = _supervisor_of(staff, state, directory, at)
    if supervisor is not None:
        return Resolved(supervisor, f"{who} is away without cover; the supervisor instead")
    return Resolved(last_resort(state, directory), f"{who} cannot be reached")


def _supervisor_of(staff: str, state: State, directory: Directory, at: datetime) -> str | None:
    for _, team in sorted(state.parties.items()):
        if directory.in_team(staff, team) or (staff in directory.staff and _was_in(directory, staff, team)):
            person = directory.on_duty(team, "supervisor", at)
            if person is not None and person != staff:
                return person
    return None


def _was_in(directory: Directory, staff: str, team: str) -> bool:
    return any(place == team for place, _ in directory.staff[staff].roles)


def _of_duty(party: str, duty: str, team: str, pathway: Pathway, directory: Directory, at: datetime) -> str | None:
    role = pathway.get_party(party).duties.get(duty, duty)
    return directory.on_duty(team, role, at)


def last_resort(state: State, directory: Directory) -> str:
    """The last-resort person of the organisation that holds the case now, or of its first team: always one who may see the case.

    Somebody may be employed elsewhere than where they work; then it is the organisation of the team in which they hold it."""
    teams = [directory.teams[team] for _, team in sorted(state.parties.items())]
    holder = directory.staff.get(state.holder)
    employed = next((team for team in teams if holder is not None and team.organisation == holder.organisation), None)
    works = next((team for team in teams if directory.in_team(state.holder, team.id)), None)
    return directory.last_resort((employed or works or teams[0]).id)


def is_meant(staff: str, who: str, state: State, pathway: Pathway, directory: Directory, at: datetime) -> bool:
    """Whether ``staff`` may act as ``who``: the one who answers for it now (themself, their cover, or who it falls to), or a
    holder of the duty's role in that team."""
    person = directory.staff.get(staff)
    if person is None or not person.active:
        return False
    if who == ANYONE:
        return concerns(staff, state, directory)
    party, _, duty = who.partition(".")
    if duty == "any" and party not in state.parties:
        return any(directory.in_team(staff, team) for team in state.open_offers(party))
    if party in state.parties and duty:
        team = state.parties[party]
        if duty == "any":
            return directory.in_team(staff, team)
        if state.duties.get(who) == staff:
            return True
        role = pathway.get_party(party).duties.get(duty, duty)
        if directory.has_role(staff, role, (team,)):
            return True
    if who == LAST_RESORT:
        return staff == last_resort(state, directory)
    return resolve(who, state, pathway, directory, at).staff == staff or _names(staff, who, state)


def _names(staff: str, who: str, state: State) -> bool:
    return state.named.get(who) == staff or (who == HOLDER and state.holder == staff)


def concerns(staff: str, state: State, directory: Directory) -> bool:
    """Whether the case is any business of ``staff``: a member of its teams, named in it, or a last resort of theirs."""
    if staff in state.named.values() or staff in (state.holder, *state.duties.values()):
        return True
    teams = tuple(state.teams())
    if any(directory.in_team(staff, team) for team in teams):
        return True
    return any(team in directory.teams and directory.last_resort(team) == staff for team in teams)
