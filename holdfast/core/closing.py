"""Opening, closing and reopening: a case begins with a holder and a clock and ends only at an endpoint (CLS-01 to CLS-06)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.beginnings import begin
from holdfast.core.commands import CloseCase, OpenCase, ReopenCase
from holdfast.core.forms import check_answers, check_occurred, check_reason
from holdfast.core.gates import pass_gates, unmet_gates
from holdfast.core.moments import mark
from holdfast.core.packets import check_fields
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.promises import open_promise, stop_all
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.stepping import not_yours
from holdfast.core.tiers import judge_tier
from holdfast.core.who import concerns, is_meant
from holdfast.core.work import SYSTEM, Refused, Work


def refuse_opening(command: OpenCase, pathway: Pathway, directory: Directory) -> Refusal | None:
    """Who may hold a case is settled before it exists: teams that exist, and one active person with the duty (OWN-09)."""
    wanted = {party.id for party in pathway.parties}
    later = {party for step in pathway.steps for party in step.offers} - {pathway.holder_at_opening.partition(".")[0]}
    if not wanted - later <= set(command.parties) <= wanted:
        missing = tuple(Missing(p, f"A team as {p}") for p in sorted(wanted - later - set(command.parties)))
        return Refusal(
            "parties_missing", f"This pathway needs a team for each of: {', '.join(sorted(wanted))}.", missing
        )
    unknown = [team for team in command.parties.values() if team not in directory.teams]
    if unknown:
        return Refusal("unknown_team", f"Not in the directory: {', '.join(sorted(unknown))}.")
    if len(set(command.parties.values())) < len(command.parties):
        return Refusal("same_team", "Choose different teams: a handoff goes to another.")
    # What begins from another case falls to whoever is there, with an alarm: nobody goes without a case for want of a name.
    return None if command.origin else _refuse_holder(command, pathway, directory)


def _refuse_holder(command: OpenCase, pathway: Pathway, directory: Directory) -> Refusal | None:
    person = directory.staff.get(command.holder)
    if person is None or not person.active:
        return Refusal("not_a_person", "Name one active person to hold the case: a team cannot be accountable.")
    party, _, duty = pathway.holder_at_opening.partition(".")
    role = pathway.get_party(party).duties.get(duty, duty)
    if not directory.has_role(command.holder, role, (command.parties[party],)):
        team = directory.teams[command.parties[party]].name
        return Refusal("without_authority", f"{person.name} does not hold the role {role} in {team}.")
    return None


def open_case(work: Work, command: OpenCase) -> None:
    """Everything that follows ``CaseOpened``: the holder first, then the packet, the tier, and the clocks."""
    if work.actor != SYSTEM and not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only somebody of the teams concerned can open this case."))
    passed_over = _refuse_holder(command, work.pathway, work.directory) is not None
    if not passed_over:
        work.add(e.DutyAssigned(work.pathway.holder_at_opening, command.holder))
    first = work.resolve(work.pathway.holder_at_opening)
    alarm = first.alarm or (f"{command.holder} cannot hold it there" if passed_over and command.holder else "")
    work.add(e.HolderMoved(first.staff, "", "; ".join(filter(None, ("accountable from opening", alarm)))))
    if command.fields:
        check_fields(work, command.fields)
        work.add(e.PacketFilled(command.fields))
    judge_tier(work)
    work.add(e.WindowArmed(work.new_clock(), work.state.window_ends))
    mark(work, "opened", work.now)


def close_case(work: Work, command: CloseCase) -> None:
    """Close at a defined endpoint with its evidence. "Sent" and "unknown" are not among them."""
    endpoint = work.pathway.find_endpoint(command.endpoint)
    if endpoint is None:
        offered = ", ".join(x.title for x in work.pathway.endpoints)
        raise Refused(Refusal("not_an_endpoint", f"A case ends only as one of: {offered}."))
    if work.state.status != "open":
        raise Refused(Refusal("already_closed", "This case is closed already.", instead=("reopen",)))
    if not any(is_meant(work.actor, w, work.state, work.pathway, work.directory, work.now) for w in endpoint.by):
        raise Refused(not_yours(work, endpoint.title, endpoint.by))
    unmet = unmet_gates(work, endpoint.needs, endpoint.id)
    pass_gates(work, endpoint.id, endpoint.title, unmet, None)
    check_occurred(work, command.late_reason)
    answers = check_answers(work, endpoint.records, command.answers, endpoint.id)
    as_asked = work.facts(closing=endpoint.id)("closing.as-asked") == "yes"
    work.add(e.CaseClosed(endpoint.id, answers, work.occurred, as_asked))
    mark(work, "closed", work.now)
    stop_all(work, f"the case closed as {endpoint.id}")
    for tell in endpoint.tells:
        work.tell(tell.who, tell.notice)
    begin(work, endpoint.begins, answers)
    if work.state.window_rings is None:
        work.add(e.WindowEnded(work.state.window_ends, work.now))


def reopen_case(work: Work, command: ReopenCase) -> None:
    """The fast track back, with its history (CLS-05). A window that is over begins anew."""
    if work.state.status == "open":
        raise Refused(Refusal("not_closed", "This case is open."))
    if not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only the people of this case can reopen it."))
    check_reason(command.reason)
    work.add(e.CaseReopened(command.reason))
    if not work.directory.available(work.state.holder, work.now):
        to = work.resolve("holder")
        work.add(e.HolderMoved(to.staff, work.state.holder, f"at reopening: {to.alarm}"))
    if work.state.window_rings is None:
        work.add(e.WindowArmed(work.new_clock(), work.now + work.pathway.window_length))
    mark(work, "reopened", work.now)
    _owe_again(work)


def _owe_again(work: Work) -> None:
    """What the closing stopped, and what it met, is owed again from now on: a reopened case has its clocks (CLS-05)."""
    for id in work.state.halted:
        was = work.state.promises[id]
        spec = work.pathway.find_obligation(was.kind)
        if spec is not None:
            open_promise(work, spec, "reopened", work.now, was.about, was.counts_from)
    for spec in work.pathway.obligations:
        if "closed" in spec.met_by and work.state.latest(spec.id) is not None:
            open_promise(work, spec, "reopened", work.now)
