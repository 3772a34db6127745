"""Who is accountable now, since when, and how to reach them; and the other people of the case with their duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core.events import HolderMoved
from holdfast.core.parties import Staff, open_now
from holdfast.core.phrases import listed
from holdfast.desk.leads import find_lead, may_move
from holdfast.doors.web.casepages.opened import Opened


@dataclass(frozen=True, slots=True)
class Reach:
    """One number or address by which somebody answers; ``href`` is "" where it is only to be read."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the case with their duty; ``staff`` is "" while nobody is named."""

    duty: str
    staff: str
    name: str
    reach: tuple[Reach, ...] = ()
    away: str = ""
    url: str = ""


def reach_of(person: Staff | None) -> tuple[Reach, ...]:
    """How to reach somebody: by day, by night, by mail."""
    if person is None:
        return ()
    ways = ((_("By day"), person.day, "tel:"), (_("By night"), person.night, "tel:"), (_("Mail"), person.email, ""))
    return tuple(
        Reach(label, value, f"{way}{value.replace(' ', '')}" if way else "") for label, value, way in ways if value
    )


def accountable(page: Opened) -> dict[str, Any]:
    """The one accountable person, since when, and why it is they."""
    state, say = page.state, page.naming
    since: datetime = state.opened
    for one in page.record:
        if any(isinstance(event, HolderMoved) for event in one.events):
            since = one.recorded
    mine = state.holder == page.actor
    return {
        "name": say.staff_at(state.holder),
        "mine": mine,
        "since": since,
        "reach": reach_of(page.seen.directory.staff.get(state.holder)),
        "away": away(page, state.holder),
        "says": _standing(page),
        "move": page.deed_url("MoveHolder") if _may(page, "MoveHolder") else "",
    }


def _standing(page: Opened) -> str:
    """Why responsibility lies where it does: it moves on acceptance, never on sending (OWN-02)."""
    state, say = page.state, page.naming
    if state.status != "open":
        return _("The case is closed; they answer until the window ends on %(at)s.") % {"at": say.at(state.window_ends)}
    waiting = _receivers(page)
    accepted = any(step.moves_to and step.id in _taken(page) for step in page.pathway.steps)
    if accepted or not waiting:
        return ""
    if state.packet_version:
        return _("%(team)s has not accepted. Until it does, nothing has moved.") % {"team": waiting}
    return _("Until %(team)s accepts, responsibility stays here.") % {"team": waiting}


def _taken(page: Opened) -> set[str]:
    return {
        getattr(event, "step", "") for one in page.record for event in one.events if type(event).__name__ == "StepTaken"
    }


def _receivers(page: Opened) -> str:
    first = page.pathway.holder_at_opening.partition(".")[0]
    asked = [page.naming.team(team) for team in page.state.open_offers()]
    has = next((page.naming.team(team) for party, team in page.state.parties.items() if party != first), "")
    return has or listed(asked, "or")


def _may(page: Opened, command: str) -> bool:
    return any(deed.command == command and deed.allowed for deed in page.deeds)


def away(page: Opened, staff: str) -> str:
    """A sentence when the person is away now."""
    absence = page.seen.directory.find_absence(staff, page.seen.now)
    if absence is None:
        return ""
    words = {
        "until": page.naming.at(absence.end),
        "cover": page.naming.staff(absence.cover) if absence.cover else _("nobody"),
    }
    return _("Away until %(until)s; covered by %(cover)s.") % words


def named_roles(page: Opened) -> list[Named]:
    """The further names that the pathway asks for, filled or not (OWN-05)."""
    roles = []
    for named in page.pathway.named:
        staff = page.state.named.get(named.id, "")
        person = page.seen.directory.staff.get(staff)
        url = page.deed_url("NameRole", named.id) if _may(page, "NameRole") else ""
        name = page.naming.staff_at(staff) if staff else _("Nobody is named yet")
        roles.append(Named(named.ask, staff, name, reach_of(person), away(page, staff), url))
    return roles


def lead_of(page: Opened) -> Named | None:
    """The lead for the case page, with the way to move it for those who may."""
    lead = find_lead(page.state.subject)
    if lead is None:
        return None
    person = page.seen.directory.staff.get(lead.staff)
    may = may_move(page.actor, page.state.subject, page.seen.directory.version, page.seen.now)
    duty = _("Plan holder: the one lead for this person, across all their cases")
    name = page.naming.staff_at(lead.staff)
    return Named(duty, lead.staff, name, reach_of(person), away(page, lead.staff), page.url("lead") if may else "")


def teams(page: Opened) -> list[dict[str, Any]]:
    """The parties of the case, each with its team, whether its doors are open, and its number."""
    found = []
    for party in page.pathway.parties:
        team = page.seen.directory.teams.get(page.state.parties.get(party.id, ""))
        if team is not None:
            hours = _("open now") if open_now(team.calendar, page.seen.now) else _("closed now")
            found.append({"party": party.title, "name": team.name, "hours": hours, "phone": team.phone})
    return found


def emergency_number(page: Opened) -> str:
    """The number of the emergency services, as the organisation of whoever is accountable has it; "" where nobody has said it."""
    directory = page.seen.directory
    holder = directory.staff.get(page.state.holder)
    organisation = directory.organisations.get(holder.organisation) if holder else None
    return organisation.emergency if organisation else ""


def emergency_contact(page: Opened) -> Named | None:
    """Whom to call first: the named role that must answer by day and by night; without one, the accountable person."""
    for named in page.pathway.named:
        staff = page.state.named.get(named.id, "")
        if named.day_and_night and staff:
            person = page.seen.directory.staff.get(staff)
            return Named(named.ask, staff, page.naming.staff_at(staff), reach_of(person), away(page, staff))
    holder = page.state.holder
    person = page.seen.directory.staff.get(holder)
    wanted = next((named.ask for named in page.pathway.named if named.day_and_night), "")
    duty = (
        _("%(wanted)s: nobody is named yet. Accountable now") % {"wanted": wanted} if wanted else _("Accountable now")
    )
    return Named(duty, holder, page.naming.staff_at(holder), reach_of(person), away(page, holder))
