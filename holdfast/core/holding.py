"""Holding: promises met by evidence, waived with a sign-off, acknowledged; responsibility moved by name."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.core import events as e
from holdfast.core.commands import Acknowledge, Meet, MoveHolder, MoveOwner, Waive
from holdfast.core.forms import check_answers, check_occurred, check_reason
from holdfast.core.ladders import hold, was_called
from holdfast.core.moments import meet, open_next
from holdfast.core.pathway import Obligation
from holdfast.core.promises import reown
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.state import Promise
from holdfast.core.stepping import not_yours
from holdfast.core.who import BY_NAME, concerns, is_meant
from holdfast.core.work import Refused, Work

NO_CLOCK = "This is the only clock still running on the case. Open cases always have one: give the evidence, or close the case."


def meet_promise(work: Work, command: Meet) -> None:
    """Give the evidence the pathway asks for. What a step or a moment meets cannot be ticked off by hand."""
    promise, spec = get_owed(work, command.promise)
    if not spec.records:
        says = f"{spec.owed}: this is met by doing it, not by ticking it off."
        raise Refused(Refusal("not_by_hand", says, instead=spec.met_by))
    if not may_answer(work, promise, spec):
        raise Refused(not_yours(work, spec.owed, (spec.owed_by, "holder")))
    if promise.opened_by == work.actor:
        raise Refused(Refusal("own_sign_off", "Nobody signs off their own override: another supervisor must."))
    check_occurred(work, command.late_reason)
    meet(work, promise, work.occurred, check_answers(work, spec.records, command.answers))


def may_answer(work: Work, promise: Promise, spec: Obligation) -> bool:
    """The one who owes it, those who may act as that, and for a task the holder and the supervisors."""
    if work.actor == promise.owner or _acts_as(work, promise.owed_by):
        return True
    return spec.task and (work.actor == work.state.holder or _supervises(work))


def waive(work: Work, command: Waive) -> None:
    """*Does not apply* for a task that says it may (TRK-01); otherwise a supervisor's sign-off, not the owner's own."""
    promise, spec = get_owed(work, command.promise)
    check_reason(command.reason)
    if spec.not_applicable and may_answer(work, promise, spec):
        _last_clock(work, promise)
        work.add(e.ObligationWaived(promise.id, "not-applicable", command.reason))
        return
    if not may_sign_off(work, promise, spec):
        says = f"{spec.owed}: only a supervisor other than the person who owes it can sign this off."
        raise Refused(
            Refusal("without_authority", says, (Missing("sign-off", "A supervisor's sign-off", "supervisor"),))
        )
    if spec.every is None:
        _last_clock(work, promise)
    work.add(e.ObligationWaived(promise.id, "waived", command.reason))
    open_next(work, spec, promise, work.now)


def may_sign_off(work: Work, promise: Promise, spec: Obligation) -> bool:
    """Those whom the pathway names for it, otherwise a supervisor; never the one who owes it."""
    signs = spec.waived_by.split()
    return work.actor != promise.owner and (any(_acts_as(work, who) for who in signs) if signs else _supervises(work))


def _last_clock(work: Work, promise: Promise) -> None:
    if work.state.status == "open" and not any(p.id != promise.id for p in work.state.owed()):
        raise Refused(Refusal("would_leave_no_clock", NO_CLOCK))


def acknowledge(work: Work, command: Acknowledge) -> None:
    """Hold the ladder once a rung; without an action it climbs on (BEY-03)."""
    promise, spec = get_owed(work, command.promise)
    if not concerns(work.actor, work.state, work.directory) and not was_called(work, promise):
        raise Refused(Refusal("not_yours", "Only the people of this case can answer for it."))
    if promise.rung == 0:
        raise Refused(Refusal("not_climbing", f"{spec.owed}: nobody has been called about this yet."))
    if promise.held_by:
        raise Refused(Refusal("already_held", "Somebody has acknowledged this call already; now it needs the deed."))
    hold(work, promise)


def move_holder_to(work: Work, command: MoveHolder) -> None:
    """Hand the case to another by name: one active person with a duty in one of its teams, never a team (OWN-01, OWN-09)."""
    if work.state.status == "ended":
        raise Refused(Refusal("closed", "The case and its window are over."))
    if not (work.actor == work.state.holder or _supervises(work) or _acts_as(work, "last-resort")):
        raise Refused(not_yours(work, "Handing over the case", ("holder", "sender.supervisor", "receiver.supervisor")))
    check_reason(command.reason)
    _check_person(work, command.to)
    if command.to == work.state.holder:
        raise Refused(Refusal("nothing_changed", "That person holds the case already."))
    was = work.state.holder
    for duty in [duty for duty, staff in work.state.duties.items() if staff == was]:
        if work.directory.in_team(command.to, work.state.parties[duty.partition(".")[0]]):
            work.add(e.DutyAssigned(duty, command.to))
    work.add(e.HolderMoved(command.to, was, "handed over by name"))
    reown(work, "the case was handed over")


def move_owner(work: Work, command: MoveOwner) -> None:
    """One promise goes to another person by name; whoever was called about it may take it over themself."""
    promise, spec = get_owed(work, command.promise)
    taking = command.to == work.actor and was_called(work, promise)
    if not (taking or may_move(work, promise)):
        raise Refused(not_yours(work, spec.owed, (spec.owed_by, "holder")))
    check_reason(command.reason)
    if not taking:
        _check_person(work, command.to, {named.role for named in work.pathway.named})
    if command.to == promise.owner:
        raise Refused(Refusal("nothing_changed", "That person owes it already."))
    work.add(e.OwnerMoved(promise.id, command.to, promise.owner, "handed over by name", BY_NAME + command.to))


def may_move(work: Work, promise: Promise) -> bool:
    """Who may give what is owed to anybody of the case: its owner, the holder, a supervisor."""
    return work.actor in (promise.owner, work.state.holder) or _supervises(work)


def _check_person(work: Work, staff: str, besides: Iterable[str] = ()) -> None:
    """Refuses anybody who is not there, or holds none of the pathway's duties in the case's teams, nor a role ``besides`` them."""
    if not work.directory.available(staff, work.now):
        raise Refused(Refusal("not_a_person", "Name one active person who is not away: a team cannot be accountable."))
    roles = {role for party in work.pathway.parties for role in party.duties.values()} | set(besides)
    places = tuple(work.state.parties.values())
    if not any(work.directory.has_role(staff, role, places) for role in roles):
        name = work.directory.staff[staff].name
        raise Refused(Refusal("without_authority", f"{name} holds no duty in the teams of this case."))


def get_owed(work: Work, id: str) -> tuple[Promise, Obligation]:
    promise = work.state.promises.get(id)
    if promise is None:
        raise Refused(Refusal("unknown_promise", "There is no such promise on this case."))
    if not promise.owed:
        raise Refused(Refusal("already_settled", f"This was settled already: {promise.status}."))
    return promise, work.pathway.get_obligation(promise.kind)


def _acts_as(work: Work, who: str) -> bool:
    if who.startswith(BY_NAME):
        return work.actor == who.removeprefix(BY_NAME)
    return is_meant(work.actor, who, work.state, work.pathway, work.directory, work.now)


def _supervises(work: Work) -> bool:
    return any(
        _acts_as(work, f"{party.id}.supervisor") for party in work.pathway.parties if "supervisor" in party.duties
    )
