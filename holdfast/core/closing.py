"""Opening, closing and reopening: a case begins with a holder and a clock and ends only at an endpoint (CLS-01 to CLS-06)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.commands import CloseCase, OpenCase, ReopenCase
from holdfast.core.moments import mark
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.promises import stop_all
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.stepping import check_answers, check_occurred, gate_refusal, not_yours, unmet_gates
from holdfast.core.tiers import judge_tier
from holdfast.core.who import concerns, is_meant
from holdfast.core.work import Refused, Work


def refuse_opening(command: OpenCase, pathway: Pathway, directory: Directory) -> Refusal | None:
    """Who may hold a case is settled before it exists: teams that exist, and one active person with the duty (OWN-09)."""
    wanted = {party.id for party in pathway.parties}
    if set(command.parties) != wanted:
        missing = tuple(Missing(p, f"A team as {p}") for p in sorted(wanted - set(command.parties)))
        return Refusal(
            "parties_missing", f"This pathway needs a team for each of: {', '.join(sorted(wanted))}.", missing
        )
    unknown = [team for team in command.parties.values() if team not in directory.teams]
    if unknown:
        return Refusal("unknown_team", f"Not in the directory: {', '.join(sorted(unknown))}.")
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
    work.add(e.DutyAssigned(work.pathway.holder_at_opening, command.holder))
    work.add(e.HolderMoved(command.holder, "", "accountable from opening"))
    if command.fields:
        stray = sorted(id for id in command.fields if work.pathway.find_field(id) is None)
        if stray:
            raise Refused(Refusal("unknown_field", f"The packet has no field called {', '.join(stray)}."))
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
    granted = endpoint.id in work.state.grants
    if unmet and not (granted and all(gate.override == "ordinary" for gate in unmet)):
        raise Refused(gate_refusal(work, endpoint.title, unmet))
    check_occurred(work, command.late_reason)
    check_answers(work, endpoint.records, command.answers, endpoint.id)
    as_asked = work.facts(closing=endpoint.id)("closing.as-asked") == "yes"
    work.add(e.CaseClosed(endpoint.id, command.answers, work.occurred, as_asked))
    mark(work, "closed", work.now)
    stop_all(work, f"the case closed as {endpoint.id}")
    for tell in endpoint.tells:
        work.tell(tell.who, tell.notice)
    if work.state.window_rings is None:
        work.add(e.WindowEnded(work.state.window_ends, work.now))


def reopen_case(work: Work, command: ReopenCase) -> None:
    """The fast track back, with its history (CLS-05). A window that is over begins anew."""
    if work.state.status == "open":
        raise Refused(Refusal("not_closed", "This case is open."))
    if not concerns(work.actor, work.state, work.directory):
        raise Refused(Refusal("not_yours", "Only the people of this case can reopen it."))
    work.add(e.CaseReopened(command.reason))
    if not work.directory.available(work.state.holder, work.now):
        to = work.resolve("holder")
        work.add(e.HolderMoved(to.staff, work.state.holder, f"at reopening: {to.alarm}"))
    if work.state.window_rings is None:
        work.add(e.WindowArmed(work.new_clock(), work.now + work.pathway.window_length))
    mark(work, "reopened", work.now)
