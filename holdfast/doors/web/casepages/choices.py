"""People and teams to choose from: those who hold the role that the duty needs, the case's own teams first (OWN-09)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from holdfast.core.pathway import Field, Step
from holdfast.core.pools import OFFERED
from holdfast.core.slots import find_pool
from holdfast.desk.pools import read_pool
from holdfast.doors.web.casepages.opened import Opened
from holdfast.doors.web.forms.fields import Option


def options_for(page: Opened, field: Field, step: Step | None = None) -> tuple[Option, ...]:
    """What a staff or team field offers; nothing for other fields."""
    if field.kind in ("team", "teams"):
        taken = set(page.state.parties.values())
        others = sorted((t for t in page.seen.directory.teams.values() if t.id not in taken), key=lambda t: t.name)
        return tuple(Option(team.id, team.name, _organisation(page, team.organisation)) for team in others)
    if field.kind == "slot":
        return free_slots(page, field)
    if field.kind != "staff":
        return ()
    duties = [duty for duty, id in step.assigns.items() if id == field.id] if step else []
    teams = [page.state.parties[d.partition(".")[0]] for d in duties if d.partition(".")[0] in page.state.parties]
    return people(page, {field.role} if field.role else set(), teams)


def free_slots(page: Opened, field: Field) -> tuple[Option, ...]:
    """The team's coming slots that nobody has: those kept for this case first, then by their time (STP-03)."""
    pool = read_pool(find_pool(page.state, field.of, field.pool))
    kept = [slot for slot in pool.of(page.state.case) if slot.status == OFFERED and slot.at > page.seen.now]
    free = [slot for slot in pool.free() if slot.at > page.seen.now]
    until = {
        slot.id: _("Kept for this person until %(until)s") % {"until": page.naming.at(slot.until)}
        for slot in kept
        if slot.until
    }
    return tuple(Option(slot.id, page.naming.at(slot.at), until.get(slot.id, "")) for slot in (*kept, *free))


def people(page: Opened, roles: set[str], teams: Iterable[str] = (), leave_out: str = "") -> tuple[Option, ...]:
    """Active people with one of ``roles``: in ``teams`` if given, else in the case's teams, else in their organisations."""
    directory = page.seen.directory
    own = tuple(page.state.parties.values())
    near = {directory.teams[team].organisation for team in own if team in directory.teams}
    beside = tuple(t.id for t in directory.teams.values() if t.organisation in near)
    for places in (tuple(teams),) if teams else (own, beside, tuple(directory.teams)):
        found = [
            person.id
            for person in directory.staff.values()
            if person.active
            and person.id != leave_out
            and any(place in places and (not roles or role in roles) for place, role in person.roles)
        ]
        if found:
            return tuple(_option(page, id) for id in sorted(found, key=page.naming.staff_at))
    return ()


def _option(page: Opened, staff: str) -> Option:
    absence = page.seen.directory.find_absence(staff, page.seen.now)
    hint = _("Away until %(until)s") % {"until": page.naming.at(absence.end)} if absence else ""
    return Option(staff, page.naming.staff_at(staff), hint)


def holders(page: Opened) -> tuple[Option, ...]:
    """Who could hold the case: people with a duty in one of its teams who are not away."""
    roles = {role for party in page.pathway.parties for role in party.duties.values()}
    offered = people(page, roles, page.state.parties.values(), leave_out=page.state.holder)
    return tuple(option for option in offered if page.seen.directory.available(option.value, page.seen.now))


def doers(page: Opened, promise: str) -> tuple[Option, ...]:
    """Who could owe this promise: the viewer first, then people with a duty or a named role in the case who are not away.

    Somebody called from outside its teams can take it over, and no more."""
    roles = {role for party in page.pathway.parties for role in party.duties.values()}
    roles |= {named.role for named in page.pathway.named}
    owner = page.state.promises[promise].owner
    mine = any(page.seen.directory.in_team(page.actor, team) for team in page.state.parties.values())
    others = people(page, roles, page.state.parties.values(), leave_out=owner) if mine else ()
    found = [option for option in others if page.seen.directory.available(option.value, page.seen.now)]
    me = [option for option in found if option.value == page.actor]
    if not me and not mine and owner != page.actor:
        me = [_option(page, page.actor)]
    return (*me, *(option for option in found if option.value != page.actor))


def _organisation(page: Opened, id: str) -> str:
    organisation = page.seen.directory.organisations.get(id)
    return organisation.name if organisation else ""
