"""Taking a step of the pathway: may this person, is it possible now, what is missing, what follows (GAT-01, GAT-07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.beginnings import begin
from holdfast.core.commands import TakeStep
from holdfast.core.conditions import holds
from holdfast.core.forms import check_answers, check_occurred, check_role
from holdfast.core.gates import pass_gates, unmet_gates
from holdfast.core.items import settle_there
from holdfast.core.lookups import index_of
from holdfast.core.moments import emit, mark
from holdfast.core.offers import (
    answering_team,
    check_offered,
    check_taking,
    decline_offer,
    make_offers,
    refuse_sharing,
    refuse_taken,
    take_offer,
)
from holdfast.core.packets import send_version, tell_complete
from holdfast.core.pathway import Pathway, Step
from holdfast.core.phrases import Phrases
from holdfast.core.promises import TYPED_TO_THE_MINUTE, move_holder, reown
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.slots import take_slots
from holdfast.core.state import Promise
from holdfast.core.tiers import judge_tier, tier_by_rule
from holdfast.core.who import is_meant
from holdfast.core.work import Refused, Work


def take_step(work: Work, command: TakeStep) -> None:
    step = get_step(work, command.step)
    refuse_step(work, step, command.about)
    late = check_occurred(work, command.late_reason)
    answers = check_answers(work, step.records, command.answers)
    _check_names(work, step, answers)
    check_offered(work, step, answers)
    taker = check_taking(work, step, answers, command.team)
    unmet = unmet_gates(work, step.needs)
    pass_gates(work, step.id, step.title, unmet, command.override)
    ruled = tier_by_rule(work)
    about = _about(work, step, command.about)
    standing = work.state.owed()
    decliner = answering_team(work.state, work.directory, step.declines_offer, work.actor, command.team)
    work.add(e.StepTaken(step.id, answers, work.occurred, about.id if about else "", late, command.late_reason))
    if taker:
        take_offer(work, step.takes_offer, taker)
    make_offers(work, step, answers)
    _apply(work, step, answers)
    emit(work, step, command.answers, about.id if about else "")
    begin(work, step.begins, answers)
    if decliner:
        decline_offer(work, step.declines_offer, decliner)
    settle_there(work, step, answers, about)
    _refuse_before_it_began(work, step, standing)
    judge_tier(work, ruled)
    tell_complete(work)
    if any(gate.opens for gate in unmet):
        mark(work, "provisional", work.now)
    if unmet:
        mark(work, "override-used", work.now)


def get_step(work: Work, id: str) -> Step:
    step = work.pathway.find_step(id)
    if step is None:
        raise Refused(Refusal("unknown_step", f"This pathway has no step called {id}."))
    return step


def refuse_step(work: Work, step: Step, about: str = "") -> None:
    """Raises unless this person may and it is possible now; answers and gates are looked at later."""
    refuse_taken(work, step)
    if not any(is_meant(work.actor, who, work.state, work.pathway, work.directory, work.now) for who in step.by):
        raise Refused(not_yours(work, step.title, step.by))
    refuse_sharing(work, step)
    promise = _about(work, step, about)
    if work.state.status != "open" and not (promise is not None and promise.survives_close):
        raise Refused(Refusal("closed", "This case is closed. Reopen it to go on.", instead=("reopen",)))
    if not holds(step.when, work.facts()):
        raise Refused(Refusal("not_possible_now", f"{step.title}: possible only when {_possible(work.pathway, step)}."))


def _possible(pathway: Pathway, step: Step) -> str:
    said = index_of(pathway).possible
    if step.id not in said:
        said[step.id] = Phrases(pathway).condition(step.when)
    return said[step.id]


def not_yours(work: Work, title: str, by: Iterable[str]) -> Refusal:
    names = []
    for who in by:
        if who.endswith(".any") or who == "anyone":
            names.append(f"anyone of the {who.partition('.')[0]} team")
            continue
        staff = work.directory.staff.get(work.resolve(who).staff)
        if staff is not None:
            names.append(f"{staff.name} ({who.replace('.', ' ')})")
    return Refusal(
        "not_yours",
        f"{title} is for {', '.join(dict.fromkeys(names)) or 'somebody else'}.",
        tuple(Missing(who, "", who) for who in by),
    )


def _about(work: Work, step: Step, about: str) -> Promise | None:
    if not step.about:
        return None
    owed = work.state.owed(step.about)
    if about:
        owed = [p for p in owed if p.id == about]
    if not owed:
        raise Refused(Refusal("nothing_to_answer", f"{step.title}: there is nothing open that it would answer."))
    return owed[0]


def _refuse_before_it_began(work: Work, step: Step, standing: Iterable[Promise]) -> None:
    """What cannot be done twice must not be dated before the promise it answers began: nothing could stop that clock again."""
    once = step.packet or step.moves_to or not holds(step.when, work.facts())
    marked = {event.moment for event in work.events if isinstance(event, e.MomentMarked)}
    for promise in standing if once else ():
        spec = work.pathway.get_obligation(promise.kind)
        unmet = work.state.promises[promise.id].owed and not marked.isdisjoint(spec.met_by)
        if unmet and work.occurred < promise.started - TYPED_TO_THE_MINUTE:
            says = f"{step.title} cannot have happened before it was owed, at {promise.started:%Y-%m-%d %H:%M} UTC."
            raise Refused(Refusal("before_it_began", f"{says} Check the date and time."))


def _check_names(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
    """A person named in an answer must hold the role the duty needs; a team must exist (OWN-09)."""
    becomes = {field: party for party, field in step.parties.items()}
    for field in step.records:
        answer = answers.get(field.id)
        if answer is None or not isinstance(answer.value, str):
            continue
        others = {team for party, team in work.state.parties.items() if party != becomes.get(field.id)}
        if field.id in becomes and answer.value in others:
            raise Refused(Refusal("same_team", f"{field.ask}: choose a team that has no other part in this case."))
        if field.kind == "team" and answer.value not in work.directory.teams:
            raise Refused(Refusal("unknown_team", f"{field.ask}: that team is not in the directory."))
        if field.kind == "staff":
            duty = next((duty for duty, id in step.assigns.items() if id == field.id), "")
            check_role(work, answer.value, field.role, field.ask, duty)


def _apply(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
    if again := tuple(moment for moment in step.clears if moment in work.state.moments):
        work.add(e.MomentsForgotten(again))
    for party, field in step.parties.items():
        answer = answers.get(field)
        if answer is not None and isinstance(answer.value, str):
            work.add(e.PartyChosen(party, answer.value))
    for duty, field in step.assigns.items():
        answer = answers.get(field)
        if answer is not None and isinstance(answer.value, str):
            work.add(e.DutyAssigned(duty, answer.value))
    for named, field in step.names.items():
        answer = answers.get(field)
        if answer is not None and isinstance(answer.value, str):
            work.add(e.RoleNamed(named, answer.value))
    take_slots(work, step, answers)
    if step.packet:
        send_version(work)
    if step.moves_to:
        move_holder(work, step.moves_to, step.title)
    elif step.assigns or step.names or step.parties or step.offers or step.takes_offer:
        reown(work, step.title)
    for tell in step.tells:
        work.tell(tell.who, tell.notice)
