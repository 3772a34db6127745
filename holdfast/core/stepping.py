"""Taking a step of the pathway: may this person, is it possible now, what is missing, what follows (GAT-01, GAT-07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.commands import AskOverride, TakeStep
from holdfast.core.conditions import Facts, holds
from holdfast.core.conditions import words as in_words
from holdfast.core.facts import missing_fields
from holdfast.core.moments import emit, mark
from holdfast.core.pathway import Field, Gate, Step
from holdfast.core.promises import move_holder, reown
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.spans import elapsed
from holdfast.core.state import Promise
from holdfast.core.tiers import judge_tier
from holdfast.core.who import is_meant
from holdfast.core.work import Refused, Work

#: Clocks of phones and servers differ by this much before "in the future" is refused.
CLOCK_SKEW = timedelta(seconds=30)


def take_step(work: Work, command: TakeStep) -> None:
    step = get_step(work, command.step)
    refuse_step(work, step, command.about)
    late = check_occurred(work, command.late_reason)
    check_answers(work, step.records, command.answers)
    _check_names(work, step, command.answers)
    unmet = unmet_gates(work, step.needs)
    _pass_gates(work, step, unmet, command.override)
    about = _about(work, step, command.about)
    work.add(e.StepTaken(step.id, command.answers, work.occurred, about.id if about else "", late, command.late_reason))
    _apply(work, step, command.answers)
    emit(work, step.emits, work.occurred, about.id if about else "")
    judge_tier(work)
    for gate in unmet:
        if gate.opens:
            mark(work, "provisional", work.now)
            break
    if unmet:
        mark(work, "override-used", work.now)


def get_step(work: Work, id: str) -> Step:
    step = work.pathway.find_step(id)
    if step is None:
        raise Refused(Refusal("unknown_step", f"This pathway has no step called {id}."))
    return step


def refuse_step(work: Work, step: Step, about: str = "") -> None:
    """Raises unless this person may and it is possible now; answers and gates are looked at later."""
    if not any(is_meant(work.actor, who, work.state, work.pathway, work.directory, work.now) for who in step.by):
        raise Refused(not_yours(work, step.title, step.by))
    promise = _about(work, step, about)
    if work.state.status != "open" and not (promise is not None and promise.survives_close):
        raise Refused(Refusal("closed", "This case is closed. Reopen it to go on.", instead=("reopen",)))
    if not holds(step.when, work.facts()):
        raise Refused(Refusal("not_possible_now", f"{step.title}: possible only when {in_words(step.when)}."))


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
    owed = [p for p in work.state.owed() if p.kind == step.about]
    if about:
        owed = [p for p in owed if p.id == about]
    if not owed:
        raise Refused(Refusal("nothing_to_answer", f"{step.title}: there is nothing open that it would answer."))
    return owed[0]


def check_occurred(work: Work, reason: Answer | None) -> bool:
    """Whether it is written up late; refuses the future, and the distant past without a reason (CON-07)."""
    if work.occurred > work.now + CLOCK_SKEW:
        raise Refused(Refusal("in_the_future", "It cannot have happened later than now. Check the date and time."))
    limit = elapsed(work.pathway.late_after)
    late = limit is not None and work.now - work.occurred > limit
    if late and reason is None:
        says = f"This happened more than {work.pathway.late_after.text} ago. Say why it is written up only now."
        raise Refused(Refusal("late_reason_missing", says, (Missing("late_reason", "Why it is written up only now"),)))
    return late


def check_answers(work: Work, fields: Iterable[Field], answers: Mapping[str, Answer], closing: str = "") -> None:
    """Refuses unknown fields, codes that are not offered, and needed answers left out."""
    fields = tuple(fields)
    known = {field.id: field for field in fields}
    stray = [id for id in answers if id not in known]
    if stray:
        raise Refused(Refusal("unknown_field", f"This form has no field called {', '.join(sorted(stray))}."))
    facts: Facts = work.facts(answers, closing)
    missing = []
    for field in fields:
        answer = answers.get(field.id)
        given = answer is not None and answer.counts
        if answer is not None and given:
            _check_code(field, answer)
        if not given and holds(field.needed, facts):
            missing.append(Missing(field.id, field.ask, "you"))
    if missing:
        raise Refused(Refusal("incomplete", "Not yet complete. " + _listed(missing), tuple(missing)))


def _check_code(field: Field, answer: Answer) -> None:
    codes = {option.code for option in field.options}
    offered = answer.how != "given" or not codes or answer.value in codes
    if field.kind == "codes" and isinstance(answer.value, tuple):
        offered = set(answer.value) <= codes
    if not offered:
        says = f"{field.ask}: choose one of {', '.join(option.label for option in field.options)}."
        raise Refused(Refusal("not_offered", says, (Missing(field.id, field.ask, "you"),)))


def _listed(missing: Iterable[Missing]) -> str:
    return "Still needed: " + "; ".join(item.says for item in missing) + "."


def _check_names(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
    """A person named in an answer must hold the role the duty needs; a team must exist (OWN-09)."""
    for field in step.records:
        answer = answers.get(field.id)
        if answer is None or not isinstance(answer.value, str):
            continue
        if field.kind == "team" and answer.value not in work.directory.teams:
            raise Refused(Refusal("unknown_team", f"{field.ask}: that team is not in the directory."))
        if field.kind == "staff":
            duty = next((duty for duty, id in step.assigns.items() if id == field.id), "")
            check_role(work, answer.value, field.role, field.ask, duty)


def check_role(work: Work, staff: str, role: str, ask: str, duty: str = "") -> None:
    """Refuses a person who is unknown, no longer active, or without the role, in the party's team when a duty is meant."""
    person = work.directory.staff.get(staff)
    if person is None or not person.active:
        raise Refused(Refusal("not_a_person", f"{ask}: name one active person, not a team or a closed account."))
    team = work.state.parties.get(duty.partition(".")[0])
    places = (team,) if team else ()
    if role and not work.directory.has_role(staff, role, places):
        where = f" in {work.directory.teams[team].name}" if team else ""
        raise Refused(Refusal("without_authority", f"{ask}: {person.name} does not hold the role {role}{where}."))


def unmet_gates(work: Work, ids: Iterable[str], closing: str = "") -> list[Gate]:
    facts = work.facts(closing=closing)
    gates = [work.pathway.get_gate(id) for id in ids]
    return [gate for gate in gates if not holds(gate.when, facts)]


def gate_refusal(work: Work, title: str, gates: list[Gate]) -> Refusal:
    """Which facts are missing, who can supply them, and whether an override is possible (GAT-01)."""
    missing = [Missing(gate.id, gate.says, _supplier(work, gate)) for gate in gates]
    if any("packet.complete" in in_words(gate.when) for gate in gates):
        fields = missing_fields(work.state, work.pathway, work.directory)
        missing += [Missing(field.id, field.ask, _supplier(work, gates[0])) for field in fields]
    kinds = {gate.override for gate in gates}
    instead = () if "never" in kinds else (("ask-override",) if "ordinary" in kinds else ("override",))
    return Refusal("gate_shut", f"{title} cannot proceed yet. " + _listed(missing), tuple(missing), instead)


def _supplier(work: Work, gate: Gate) -> str:
    if gate.supplied_by.endswith(".any"):
        return gate.supplied_by
    staff = work.directory.staff.get(work.resolve(gate.supplied_by).staff)
    return f"{staff.name} ({gate.supplied_by.replace('.', ' ')})" if staff else gate.supplied_by


def _pass_gates(work: Work, step: Step, unmet: list[Gate], reason: Answer | None) -> None:
    if not unmet:
        return
    granted = step.id in work.state.grants
    allowed = all(gate.override == "clinical" or (gate.override == "ordinary" and granted) for gate in unmet)
    if not allowed or (reason is None and not granted):
        raise Refused(gate_refusal(work, step.title, unmet))
    why = reason if reason is not None else Answer("given")
    work.add(e.GateOverridden(step.id, tuple(gate.id for gate in unmet), why))


def ask_override(work: Work, command: AskOverride) -> None:
    """Open a sign-off for a supervisor; once agreed, the step may be taken past its ordinary gates."""
    title, needs = _asked_of(work, command.step)
    unmet = unmet_gates(work, needs)
    if not unmet:
        raise Refused(Refusal("nothing_to_override", f"{title} is not held by any gate."))
    if any(gate.override == "never" for gate in unmet):
        raise Refused(gate_refusal(work, title, unmet))
    if command.step in work.state.asked:
        raise Refused(Refusal("already_asked", "A supervisor has already been asked."))
    before = set(work.state.promises)
    mark(work, "override-used", work.now)
    opened = [id for id in work.state.promises if id not in before]
    work.add(e.OverrideAsked(command.step, tuple(g.id for g in unmet), command.reason, opened[0] if opened else ""))


def _asked_of(work: Work, id: str) -> tuple[str, tuple[str, ...]]:
    endpoint = work.pathway.find_endpoint(id)
    if endpoint is not None:
        return endpoint.title, endpoint.needs
    step = get_step(work, id)
    return step.title, step.needs


def _apply(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
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
    if step.packet:
        send_version(work)
    if step.moves_to:
        move_holder(work, step.moves_to, step.title)
    elif step.assigns or step.names or step.parties:
        reown(work, step.title)
    for tell in step.tells:
        work.tell(tell.who, tell.notice)


def send_version(work: Work) -> None:
    """Fix a version of the packet; when the missing parts are in at last, say so (PKT-06, PKT-07)."""
    missing = tuple(field.id for field in missing_fields(work.state, work.pathway, work.directory))
    was_missing = work.state.packet_missing
    work.add(e.PacketSent(work.state.packet_version + 1, missing, work.state.packet_changed))
    if was_missing and not missing:
        mark(work, "packet-completed", work.now)
