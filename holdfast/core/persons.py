"""A person's own stream: registered, amended, erased; what is known of them stays behind commitments (BEY-23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from holdfast.core.access import GOVERNANCE, SUPERVISOR, Viewer, may_govern, roles_of
from holdfast.core.answers import Answer
from holdfast.core.conditions import NEVER
from holdfast.core.parties import Directory
from holdfast.core.pathway import Column, Field
from holdfast.core.refusals import Missing, Refusal

#: What the card of a person holds. All of it is sealed.
CARD = (
    Field("person.name", "identity", "Name"),
    Field("person.born", "identity", "Date of birth", needed=NEVER),
    Field(
        "person.identifiers",
        "list",
        "Numbers",
        columns=(Column("system", "System"), Column("value", "Number", True)),
        needed=NEVER,
    ),
    Field("person.phone", "phone", "Phone", needed=NEVER),
    Field("person.address", "text", "Address", needed=NEVER),
    Field("person.language", "text", "Language", needed=NEVER),
    Field("person.sex", "identity", "Sex", needed=NEVER),
)
#: Why a person may be erased. Clear codes: a sealed reason would go with the person.
REASONS = {
    "asked": "The person asked for it",
    "retention": "The time of keeping is over",
    "order": "A court or authority ordered it",
    "error": "Entered in error",
}


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    person: str
    fields: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class PersonAmended:
    fields: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class PersonErased:
    """``reason`` is a key of ``REASONS``; ``signed_by`` is the second person."""

    reason: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class LeadMoved:
    """The one plan holder of a person changed; ``frm`` is "" the first time. ``reason`` is there when somebody asked for it."""

    to: str
    frm: str
    why: str
    reason: Answer | None = None


def refuse_lead(
    actor: str, to: str, lead: str, holders: Iterable[str], teams: Iterable[str], directory: Directory, at: datetime
) -> Refusal | None:
    """Who may move the lead, and to whom. ``holders`` and ``teams`` are those of the person's open cases.

    The lead, whoever holds a case, a supervisor of a team or a last resort may move it; to one active person of those teams.
    """
    teams = tuple(teams)
    if not teams:
        return Refusal("no_open_case", "This person has no open case: the next one that opens names the lead.")
    resorts = {directory.last_resort(team) for team in teams if team in directory.teams}
    may = actor in {lead, *holders, *resorts} or directory.has_role(actor, SUPERVISOR, teams)
    if not may:
        says = "Only the lead, whoever is accountable for a case of this person, or a supervisor can move the lead."
        return Refusal("not_yours", says, (Missing("lead", "Their word", "supervisor"),))
    if not directory.available(to, at):
        return Refusal("not_a_person", "Name one active person who is not away: a team cannot be the lead.")
    if not any(directory.in_team(to, team) for team in teams):
        name = directory.staff[to].name
        return Refusal("without_authority", f"{name} works in none of the teams of this person's open cases.")
    if to == lead:
        return Refusal("nothing_changed", "That person is the lead already.")
    return None


def refuse_erasure(
    actor: str, signed_by: str, reason: str, directory: Directory, teams: Iterable[str]
) -> Refusal | None:
    """One person, reasoned, signed off by a second: both hold the governance role of an organisation concerned with them.

    ``teams`` are those of the person's cases; of somebody without a case, any organisation may answer for it."""
    concerned = {directory.teams[team].organisation for team in teams if team in directory.teams}
    if reason not in REASONS:
        return Refusal("reason_missing", f"Give a reason: {', '.join(REASONS)}.")
    if actor == signed_by:
        return Refusal("second_person_missing", "Another person must sign off an erasure.")
    for staff in (actor, signed_by):
        if GOVERNANCE not in {role for _, role in roles_of(Viewer(staff), directory)}:
            return Refusal("without_authority", f"{staff} does not hold the governance role, which an erasure needs.")
        if concerned and not any(may_govern(Viewer(staff), directory, one) for one in concerned):
            says = f"{staff} governs no organisation that has had a case of this person."
            return Refusal("without_authority", says)
    return None
