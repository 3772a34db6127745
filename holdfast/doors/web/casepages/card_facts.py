"""What the person's card says: who will contact them, with which number, when, and what to do if things change (PER-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from holdfast.core.answers import instant_of
from holdfast.core.parties import Staff
from holdfast.doors.web.casepages.accountable import emergency_number, lead_of
from holdfast.doors.web.casepages.opened import Opened


@dataclass(frozen=True, slots=True)
class PersonCard:
    """The card in the words of the pathway: each text "" and each instant None where nothing is on record.

    ``agreed`` is the time stated at the acceptance and ``by`` the latest moment of the next contact, both aware UTC and ahead;
    ``zone`` (IANA) is that of the team that will call. ``number`` and ``night`` are as the directory has them: never invented."""

    title: str
    person: str
    who: str
    team: str
    says: str
    lead: str
    number: str
    agreed: datetime | None
    by: datetime | None
    appointments: tuple[datetime, ...]
    meanwhile: str
    night: str
    emergency: str
    emergency_number: str
    zone: str


def card_of(page: Opened) -> PersonCard:
    """The card of one case, as it stands now."""
    holder = page.seen.directory.staff.get(page.state.holder)
    words = {id: _(text) for id, text in page.pathway.card.items()}
    return PersonCard(
        title=words.get("title", ""),
        person=str(page.card.get("person.name") or _("Name erased")),
        who=page.naming.staff(page.state.holder),
        team=_team(page, holder),
        says=words.get("who", ""),
        lead=_lead(page),
        number=_number(page, holder),
        agreed=_agreed(page),
        by=_by(page),
        appointments=tuple(_appointments(page)),
        meanwhile=words.get("what-if", ""),
        night=holder.night if holder else "",
        emergency=words.get("emergency", ""),
        emergency_number=emergency_number(page),
        zone=_zone(page, holder),
    )


def _lead(page: Opened) -> str:
    """The plan holder, where that is another than whoever will call."""
    lead = lead_of(page)
    return lead.name if lead is not None and lead.staff != page.state.holder else ""


def _team(page: Opened, holder: Staff | None) -> str:
    teams = [t for t in page.state.parties.values() if holder and page.seen.directory.in_team(holder.id, t)]
    return page.naming.team(teams[0]) if teams else ""


def _number(page: Opened, holder: Staff | None) -> str:
    """The number that will show: the person's own by day, else their team's."""
    if holder is not None and holder.day:
        return holder.day
    teams = [page.seen.directory.teams.get(team) for team in page.state.parties.values()]
    return next(
        (t.phone for t in teams if t and holder and page.seen.directory.in_team(holder.id, t.id) and t.phone), ""
    )


def _zone(page: Opened, holder: Staff | None) -> str:
    """The zone of the team that will call: near enough to the person's own."""
    for id in page.state.parties.values():
        team = page.seen.directory.teams.get(id)
        if team is not None and holder is not None and page.seen.directory.in_team(holder.id, id):
            return team.calendar.zone
    return page.seen.zone


def _agreed(page: Opened) -> datetime | None:
    """The time that was stated when responsibility was taken on, while it lies ahead."""
    for step in page.pathway.steps:
        if step.moves_to and step.id in _steps_taken(page):
            for field in step.records:
                answer = page.state.step_answers.get(field.id)
                at = instant_of(answer.value) if answer is not None and field.kind == "instant" else None
                if at is not None and at >= page.seen.now:
                    return at
    return None


def _steps_taken(page: Opened) -> set[str]:
    return {getattr(event, "step", "") for one in page.record for event in one.events}


def _by(page: Opened) -> datetime | None:
    """The latest moment by which they will be contacted: the next promise that a contact meets."""
    last = list(page.pathway.states.values())[-1:]
    marked = {e.moment for s in page.pathway.steps for e in s.emits if any(x.moment in last for x in s.emits)}
    ahead = [p.due for p in page.state.owed() if marked & _met_by(page, p.kind) and p.due > page.seen.now]
    return min(ahead, default=None)


def _met_by(page: Opened, kind: str) -> set[str]:
    spec = page.pathway.find_obligation(kind)
    return set(spec.met_by) if spec else set()


def _appointments(page: Opened) -> list[datetime]:
    """Booked times that lie ahead: promises whose clock runs from a time that was recorded in a step."""
    found: list[datetime] = []
    for promise in page.state.owed():
        spec = page.pathway.find_obligation(promise.kind)
        at = promise.counts_from
        if spec is not None and spec.due.fact.startswith("answer.") and at is not None and at > page.seen.now:
            found.append(at)
    return sorted(found)
