"""Everything that one person has in a case goes to another, because they leave (BEY-09, OWN-04, HZ-11)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.access import Viewer, may_do_admin
from holdfast.core.commands import HandOver
from holdfast.core.forms import check_role
from holdfast.core.refusals import Refusal
from holdfast.core.who import BY_NAME
from holdfast.core.work import SYSTEM, Refused, Work

WHY = "handed over by somebody who leaves"


def hand_over(work: Work, command: HandOver) -> None:
    """Responsibility, duties, named roles and open promises of ``frm`` become those of ``to``, in one decision with both names."""
    _refuse(work, command)
    began = len(work.events)
    for duty in sorted(duty for duty, staff in work.state.duties.items() if staff == command.frm):
        party, _, name = duty.partition(".")
        check_role(work, command.to, work.pathway.get_party(party).duties.get(name, name), duty.replace(".", " "), duty)
        work.add(e.DutyAssigned(duty, command.to))
    for id in sorted(named for named, staff in work.state.named.items() if staff == command.frm):
        named = work.pathway.find_named(id)
        check_role(work, command.to, named.role if named else "", named.ask if named else id)
        work.add(e.RoleNamed(id, command.to))
    if work.state.holder == command.frm and work.state.status != "ended":
        work.add(e.HolderMoved(command.to, command.frm, WHY))
    for promise in work.state.owed():
        if promise.owner == command.frm:
            by_name = promise.owed_by == BY_NAME + command.frm
            stands = work.resolve(promise.owed_by).staff if not by_name else command.frm
            to = command.to if stands == command.frm else stands
            work.add(e.OwnerMoved(promise.id, to, command.frm, WHY, BY_NAME + to if by_name else ""))
    if len(work.events) == began:
        raise Refused(Refusal("nothing_changed", "That person has nothing in this case."))


def _refuse(work: Work, command: HandOver) -> None:
    leaver = work.directory.staff.get(command.frm)
    if leaver is None or command.frm == command.to:
        raise Refused(Refusal("not_a_person", "Name the person who leaves, and another who takes over."))
    if not work.directory.available(command.to, work.now):
        raise Refused(Refusal("not_a_person", "Whoever takes over must be active and not away."))
    places = [place for place, _ in leaver.roles]
    supervises = any(work.directory.has_role(work.actor, "supervisor", (place,)) for place in places)
    admin = may_do_admin(Viewer(work.actor), work.directory, leaver.organisation)
    if not (work.actor == SYSTEM or supervises or admin):
        says = "Only an administrator of their organisation or a supervisor of their team moves what somebody leaves behind."
        raise Refused(Refusal("without_authority", says))
