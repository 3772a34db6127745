"""Gates: what a step cannot proceed without, and how one is passed without a silence (GAT-01, GAT-07)."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.core import events as e
from holdfast.core.answers import GIVEN, Answer
from holdfast.core.commands import AskOverride
from holdfast.core.conditions import holds
from holdfast.core.conditions import words as in_words
from holdfast.core.facts import missing_fields
from holdfast.core.forms import check_reason, listed
from holdfast.core.moments import mark
from holdfast.core.pathway import Gate
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.who import is_meant
from holdfast.core.work import Refused, Work

NEVER, CLINICAL, ORDINARY = "never", "clinical", "ordinary"


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
    instead = () if NEVER in kinds else (("ask-override",) if ORDINARY in kinds else ("override",))
    return Refusal("gate_shut", f"{title} cannot proceed yet. " + listed(missing), tuple(missing), instead)


def _supplier(work: Work, gate: Gate) -> str:
    if gate.supplied_by.endswith(".any"):
        return gate.supplied_by
    staff = work.directory.staff.get(work.resolve(gate.supplied_by).staff)
    return f"{staff.name} ({gate.supplied_by.replace('.', ' ')})" if staff else gate.supplied_by


def unsigned(work: Work, id: str, unmet: list[Gate]) -> list[Gate]:
    """Those of the gates that no sign-off has opened for this step or endpoint."""
    signed = work.state.overridable.get(id, ()) if id in work.state.grants else ()
    return [gate for gate in unmet if gate.id not in signed]


def pass_gates(work: Work, id: str, title: str, unmet: list[Gate], reason: Answer | None) -> None:
    """Refuses, or records the exception. A sign-off opens the gates it was asked for, and no other."""
    if not unmet:
        return
    shut = unsigned(work, id, unmet)
    at_once = reason is not None and reason.how == GIVEN
    if not all(gate.override == CLINICAL and at_once for gate in shut):
        raise Refused(gate_refusal(work, title, shut))
    why = reason if reason is not None and at_once else Answer(GIVEN)
    work.add(e.GateOverridden(id, tuple(gate.id for gate in unmet), why))


def ask_override(work: Work, command: AskOverride) -> None:
    """Open a sign-off for a supervisor; once agreed, the step may be taken past its ordinary gates."""
    title, needs, by = _asked_of(work, command.step)
    if work.state.status != "open":
        raise Refused(Refusal("closed", "This case is closed. Reopen it to go on.", instead=("reopen",)))
    if not any(is_meant(work.actor, who, work.state, work.pathway, work.directory, work.now) for who in by):
        raise Refused(Refusal("not_yours", f"{title}: only those who may do it can ask to do it past a gate."))
    check_reason(command.reason)
    unmet = unmet_gates(work, needs, command.step)
    if not unmet:
        raise Refused(Refusal("nothing_to_override", f"{title} is not held by any gate."))
    if any(gate.override == NEVER for gate in unmet):
        raise Refused(gate_refusal(work, title, unmet))
    asked = work.state.promises.get(work.state.asked.get(command.step, ""))
    if asked is not None and asked.owed:
        raise Refused(Refusal("already_asked", "A supervisor has already been asked."))
    before = set(work.state.promises)
    mark(work, "override-used", work.now)
    opened = [p.id for p in work.state.promises.values() if p.id not in before and p.kind == work.pathway.sign_off]
    if not opened:
        raise Refused(Refusal("nobody_to_sign", f"{title}: this pathway opens no sign-off for an override."))
    work.add(e.OverrideAsked(command.step, tuple(g.id for g in unmet), command.reason, opened[0]))


def _asked_of(work: Work, id: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    endpoint = work.pathway.find_endpoint(id)
    if endpoint is not None:
        return endpoint.title, endpoint.needs, endpoint.by
    step = work.pathway.find_step(id)
    if step is None:
        raise Refused(Refusal("unknown_step", f"This pathway has no step called {id}."))
    return step.title, step.needs, step.by
