"""Moving an open case to another edition: nothing open is dropped, and no clock gets longer without a second person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holdfast.core import events as e
from holdfast.core.access import Viewer, may_publish
from holdfast.core.answers import GIVEN
from holdfast.core.commands import MoveEdition
from holdfast.core.forms import check_reason
from holdfast.core.pathway import Field, Pathway
from holdfast.core.promises import reown, retime
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.state import Promise, State
from holdfast.core.who import BY_NAME
from holdfast.core.work import Refused, Work

WHY = "the case was moved to another edition"
NO_AUTHORITY = "Only a governance lead or an administrator may move cases to another edition."


def move_edition(work: Work, command: MoveEdition, onto: Pathway) -> None:
    """The case goes on by ``onto``: its promises keep their start and get the times, owners and ladders of that edition.

    The window stays as it was at the opening, and what ``onto`` would have opened earlier is not opened now. Refused where something
    has no place there, or where a clock would get longer and nobody else has asked for it."""
    _check(work, command, onto)
    was, before = work.pathway, dict(work.state.promises)
    kinds = {id: renamed(command.obligations, p.kind) for id, p in before.items()}
    owes = {p.id: onto.get_obligation(kinds[p.id]).owed_by for p in work.state.owed() if not _by_name(p)}
    work.add(e.EditionMoved(work.state.edition, onto.digest, kinds, owes, command.reason, command.asked_by))
    work.pathway = onto
    for promise in work.state.owed():
        retime(work, promise, WHY, only_sooner=False)
    reown(work, WHY)
    if (longer := list(_longer(work.state, before, was, onto))) and not _signed(work, command):
        says = (
            f"A clock would get longer: {'; '.join(longer)}. Somebody else must ask for the move, and you then sign it."
        )
        missing = (Missing("sign-off", "A second person's request for this move", "a governance lead"),)
        raise Refused(Refusal("needs_sign_off", says, missing))


def renamed(names: Mapping[str, str], id: str) -> str:
    return names.get(id, id)


def _by_name(promise: Promise) -> bool:
    return promise.owed_by.startswith(BY_NAME)


def _signed(work: Work, command: MoveEdition) -> bool:
    """Two persons, both of whom may publish: one who asked for it and one who does it."""
    return command.asked_by not in ("", work.actor) and may_publish(Viewer(command.asked_by), work.directory)


def _check(work: Work, command: MoveEdition, onto: Pathway) -> None:
    state = work.state
    if not may_publish(Viewer(work.actor), work.directory):
        raise Refused(Refusal("without_authority", NO_AUTHORITY))
    check_reason(command.reason)
    if state.status != "open":
        raise Refused(Refusal("closed", "This case is closed. It ends on the edition it was on."))
    if onto.digest == state.edition:
        raise Refused(Refusal("nothing_changed", "The case is on this edition already."))
    if (onto.id, onto.kind, onto.subject) != (state.pathway, state.kind, work.pathway.subject):
        raise Refused(Refusal("another_pathway", "This is an edition of another pathway, or of another kind of case."))
    if missing := tuple(_unmapped(work, command, onto)):
        says = "Say what becomes of: " + "; ".join(item.says for item in missing) + "."
        raise Refused(Refusal("unmapped", says, missing))
    if reasons := list(_inconsistent(work, command, onto)):
        raise Refused(Refusal("inconsistent", "The case does not fit that edition. " + " ".join(reasons)))


def _unmapped(work: Work, command: MoveEdition, onto: Pathway) -> Iterator[Missing]:
    """Every promise of the case, settled ones too, has its obligation there; and what is owed has its ladder, by name."""
    kinds = sorted({p.kind for p in work.state.promises.values()})
    for kind in kinds:
        if onto.find_obligation(renamed(command.obligations, kind)) is None:
            spec = work.pathway.find_obligation(kind)
            yield Missing(kind, f"the obligation {kind} ({spec.owed})" if spec else kind, "you")
    known = {ladder.id for ladder in onto.ladders}
    for kind in sorted({p.kind for p in work.state.owed()}):
        then, now = work.pathway.find_obligation(kind), onto.find_obligation(renamed(command.obligations, kind))
        if then is None or now is None or then.ladder in known or command.ladders.get(then.ladder) == now.ladder:
            continue
        yield Missing(then.ladder, f"the ladder {then.ladder}, which is {now.ladder} for {now.id}", "you")


def _inconsistent(work: Work, command: MoveEdition, onto: Pathway) -> Iterator[str]:
    state = work.state
    parties = {party.id: party for party in onto.parties}
    here = {*state.parties, *state.offered}
    for id in sorted(here ^ set(parties)):
        yield f"The part {id} is {'not known there' if id in here else 'asked for there and nobody has it'}."
    for duty in sorted(state.duties):
        party, _, name = duty.partition(".")
        if party in parties and name not in parties[party].duties:
            yield f"The duty {duty} has a person, and is not known there."
    for id in sorted(set(state.named) - {named.id for named in onto.named}):
        yield f"The role {id} has a person, and is not known there."
    if state.tier and state.tier not in {tier.id for tier in onto.tiers}:
        yield f"The tier {state.tier} is not known there."
    steps, gates = {one.id for one in onto.steps}, {one.id for one in onto.gates}
    for step in sorted({*state.asked, *state.grants, *state.overridable}):
        if step not in steps or not set(state.overridable.get(step, ())) <= gates:
            yield f"A sign-off on passing a gate of the step {step} is pending, and that is not known there."
    for id in sorted(state.packet):
        yield from _answered(state, id, onto.find_field(id), work.pathway.find_field(id))
    for kind, times in _owed_times(state, command).items():
        if times > 1 and not onto.get_obligation(kind).many:
            yield f"{times} of {kind} are open, and there only one may be."


def _answered(state: State, id: str, field: Field | None, was: Field | None) -> Iterator[str]:
    """An answer that is no answer there. A question that is not asked any more keeps its answer in the record."""
    if field is None or was is None:
        return
    if field.kind != was.kind:
        yield f"The question {id} asks for something else there."
        return
    answer, codes = state.packet[id], {option.code for option in field.options}
    if answer.how == GIVEN and codes:
        among = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
        if not set(among) <= codes:
            yield f"The answer to {id} is not offered there."


def _owed_times(state: State, command: MoveEdition) -> Mapping[str, int]:
    kinds = [renamed(command.obligations, p.kind) for p in state.owed()]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _longer(state: State, before: Mapping[str, Promise], was: Pathway, onto: Pathway) -> Iterator[str]:
    """What comes later than it would have: a due time, a next call, or another ladder, which nobody can call shorter by reading ids."""
    for promise in state.owed():
        then, spec = before[promise.id], onto.get_obligation(promise.kind)
        old = was.find_obligation(then.kind)
        if promise.due > then.due or promise.climbs > then.climbs:
            yield f"{spec.owed}, from {then.due:%d %b %H:%M} to {promise.due:%d %b %H:%M} UTC"
        elif old is not None and was.get_ladder(old.ladder).rungs != onto.get_ladder(spec.ladder).rungs:
            yield f"{spec.owed}, whose ladder climbs otherwise"
