"""Answers by telephone: whose answers somebody may write down, and what a team without an account can answer now (BEY-13)."""

from __future__ import annotations

from datetime import datetime

from holdfast.core.deeds import Deed, what_can_be_done
from holdfast.core.parties import Directory, Staff, Team
from holdfast.core.pathway import Pathway
from holdfast.core.sharing import own_team
from holdfast.core.state import State


def teams_to_answer(state: State, pathway: Pathway, directory: Directory, scribe: str) -> list[Team]:
    """The external teams whose answers ``scribe`` may write down: asked or with a part, and not their own.

    Only somebody of the team that sent the packet may: nobody else was called back."""
    own = own_team(state, pathway)
    if not directory.in_team(scribe, own):
        return []
    teams = [directory.teams[id] for id in dict.fromkeys(state.teams()) if id != own and id in directory.teams]
    return [team for team in teams if team.external and not directory.in_team(scribe, team.id)]


def contacts_of(directory: Directory, team: str) -> list[Staff]:
    """The team's named contacts, by name."""
    members = (one for one in directory.staff.values() if directory.in_team(one.id, team))
    return sorted(members, key=lambda one: (one.name, one.id))


def answers_open(state: State, pathway: Pathway, directory: Directory, team: str, now: datetime) -> list[Deed]:
    """The steps that somebody of the team can take without an account now, in the pathway's order: who it is, they say."""
    found: dict[str, Deed] = {}
    for person in contacts_of(directory, team):
        for deed in what_can_be_done(state, pathway, directory, person.id, now):
            if deed.link and deed.allowed and deed.command == "TakeStep":
                found.setdefault(deed.target, deed)
    order = {step.id: n for n, step in enumerate(pathway.steps)}
    return sorted(found.values(), key=lambda deed: order[deed.target])
