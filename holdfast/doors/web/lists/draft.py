"""The form that opens a case by hand, as it was typed: what is chosen, and what is still wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from holdfast.core.parties import Directory
from holdfast.core.pathway import Party, Pathway
from holdfast.doors.web.lists.numbers import Number, read_number
from holdfast.doors.web.viewer import Seen

_KEY = re.compile(r"[0-9a-f]{32}")
_OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """``key`` makes sending it twice open one case; ``sure`` says that a known person was looked at."""

    key: str
    name: str = ""
    born: str = ""
    phone: str = ""
    system: str = ""
    number_text: str = ""
    number: Number | None = None
    parties: Mapping[str, str] = field(default_factory=dict)
    holder: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select."""

    value: str
    label: str


def read_draft(posted: Mapping[str, str], pathway: Pathway, fresh_key: str) -> Draft:
    """The form as typed; a key that is not one of ours is replaced."""
    key = posted.get("key", "")
    text = {name: " ".join(posted.get(name, "").split())[:200] for name in ("name", "born", "phone", "number")}
    return Draft(
        key if _KEY.fullmatch(key) else fresh_key,
        text["name"],
        text["born"],
        text["phone"],
        posted.get("system", ""),
        text["number"],
        read_number(posted),
        {party.id: posted.get(f"party-{party.id}", "") for party in pathway.parties},
        posted.get("holder", ""),
        "sure" in posted,
    )


def teams_for(party: Party, pathway: Pathway, look: Seen) -> list[Choice]:
    """The teams that can take this part: one's own for the part that is accountable first, any that has its people else."""
    roles = set(party.duties.values())
    own = party.id == pathway.holder_at_opening.partition(".")[0]
    staffed = {place for person in look.directory.staff.values() for place, role in person.roles if role in roles}
    teams = [look.directory.teams[id] for id in (look.teams() if own else look.directory.teams)]
    fitting = [team for team in teams if team.id in staffed]
    return [Choice(team.id, team.name) for team in sorted(fitting, key=lambda team: team.name)]


def holder_role(pathway: Pathway) -> tuple[str, str]:
    """Which party's people, in which role of the directory, can be accountable at the opening."""
    party, _dot, duty = pathway.holder_at_opening.partition(".")
    return party, pathway.get_party(party).duties.get(duty, duty)


def holders_for(pathway: Pathway, look: Seen) -> list[Choice]:
    """People who can be accountable from the first instant: of the viewer's own teams, the viewer first."""
    _party, role = holder_role(pathway)
    found = [
        Choice(person.id, f"{person.name}, {look.directory.teams[team].name}")
        for team in look.teams()
        for person in sorted(look.directory.staff.values(), key=lambda person: person.name)
        if (team, role) in person.roles and look.directory.available(person.id, look.now)
    ]
    once = {choice.value: choice for choice in reversed(found)}
    return sorted(once.values(), key=lambda choice: (choice.value != look.viewer.staff, choice.label))


def faults_of(draft: Draft, pathway: Pathway, look: Seen) -> dict[str, str]:
    """Field to what is wrong with it, in the order of the form."""
    faults: dict[str, str] = {}
    if not draft.name:
        faults["name"] = _("Name: write the person's name")
    if not _is_birthday(draft.born, look.now.date()):
        faults["born"] = _("Date of birth: give a date in the past; with the name it makes sure who this is")
    if draft.number_text and draft.number is None:
        faults["number"] = _("Number: choose what kind of number it is")
    later = {party for step in pathway.steps for party in step.offers}
    for party in pathway.parties:
        if party.id in later and not draft.parties[party.id]:
            continue
        if draft.parties[party.id] not in {choice.value for choice in teams_for(party, pathway, look)}:
            faults[f"party-{party.id}"] = _("%(part)s: choose a team") % {"part": party.title}
    chosen = [team for team in draft.parties.values() if team]
    if len(set(chosen)) < len(chosen):
        faults.setdefault(f"party-{pathway.parties[-1].id}", _("Choose two different teams: a handoff goes to another"))
    if not _can_hold(draft, pathway, look.directory):
        faults["holder"] = _("Accountable now: choose a person of the team that opens the case")
    return faults


def _can_hold(draft: Draft, pathway: Pathway, directory: Directory) -> bool:
    party, role = holder_role(pathway)
    return directory.has_role(draft.holder, role, (draft.parties.get(party, ""),))


def _is_birthday(text: str, today: date) -> bool:
    try:
        return _OLDEST <= date.fromisoformat(text) <= today
    except ValueError:
        return False
