"""What can be done now: one function for buttons, API and server alike, with a refusal for what cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from holdfast.core.gates import gate_refusal, unmet_gates, unsigned
from holdfast.core.holding import may_answer, may_move, may_sign_off
from holdfast.core.ladders import was_called
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway, Step
from holdfast.core.refusals import Refusal
from holdfast.core.state import Promise, State
from holdfast.core.stepping import not_yours, refuse_step
from holdfast.core.tiers import may_lower
from holdfast.core.who import concerns, is_meant
from holdfast.core.work import Refused, Work


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that could be done. ``command`` and ``target`` name it for a door; ``about`` is the promise it answers.

    ``refusal`` is None when it can be done now. ``override`` says how gates may be passed: "" not at all, clinical, ordinary.
    """

    command: str
    target: str
    title: str
    fields: tuple[Field, ...] = ()
    shows: tuple[str, ...] = ()
    about: str = ""
    refusal: Refusal | None = None
    override: str = ""
    urgent: bool = False
    link: bool = False
    says: str = ""

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def what_can_be_done(state: State, pathway: Pathway, directory: Directory, actor: str, now: datetime) -> list[Deed]:
    """Every deed of the case for ``actor``: the possible ones first. Deeds of other people are listed with whose they are."""
    work = Work(state, pathway, directory, actor, now, now)
    deeds = [*_steps(work), *_answers(work), *_endpoints(work), *_rest(work)]
    return sorted(deeds, key=lambda deed: (not deed.urgent, not deed.allowed))


def _steps(work: Work) -> Iterator[Deed]:
    for step in work.pathway.steps:
        if step.about:
            for promise in (p for p in work.state.owed() if p.kind == step.about):
                yield _step(work, step, promise.id)
        else:
            yield _step(work, step, "")


def _step(work: Work, step: Step, about: str) -> Deed:
    refusal = _refused(lambda: refuse_step(work, step, about))
    override = ""
    if refusal is None:
        gates = unsigned(work, step.id, unmet_gates(work, step.needs))
        if gates:
            refusal = gate_refusal(work, step.title, gates)
            kinds = {gate.override for gate in gates}
            override = "" if "never" in kinds else ("ordinary" if "ordinary" in kinds else "clinical")
    return Deed(
        "TakeStep",
        step.id,
        step.title,
        step.records,
        step.shows,
        about,
        refusal,
        override,
        step.urgent,
        step.link,
        step.says,
    )


def _answers(work: Work) -> Iterator[Deed]:
    """Promises that are met by evidence given by hand."""
    for promise in work.state.owed():
        spec = work.pathway.find_obligation(promise.kind)
        if spec is None or not spec.records:
            continue
        mine = may_answer(work, promise, spec)
        refusal = None if mine else not_yours(work, spec.owed, (spec.owed_by,))
        yield Deed("Meet", promise.id, spec.owed, spec.records, (), promise.id, refusal, says=spec.done_when)


def _endpoints(work: Work) -> Iterator[Deed]:
    for endpoint in work.pathway.endpoints:
        title = f"Close: {endpoint.title}"
        refusal: Refusal | None = None
        if work.state.status != "open":
            refusal = Refusal("already_closed", "This case is closed already.", instead=("reopen",))
        elif not any(is_meant(work.actor, w, work.state, work.pathway, work.directory, work.now) for w in endpoint.by):
            refusal = not_yours(work, title, endpoint.by)
        else:
            gates = unsigned(work, endpoint.id, unmet_gates(work, endpoint.needs, endpoint.id))
            if gates:
                refusal = gate_refusal(work, title, gates)
        yield Deed("CloseCase", endpoint.id, title, endpoint.records, refusal=refusal)


def _rest(work: Work) -> Iterator[Deed]:
    for promise in work.state.owed():
        yield from _about(work, promise)
    if not concerns(work.actor, work.state, work.directory):
        return
    if work.state.status == "open":
        yield Deed("FillPacket", "", "Fill in the packet", tuple(work.pathway.packet_fields()))
        for named in work.pathway.named:
            yield Deed("NameRole", named.id, named.ask)
        for tier in work.pathway.tiers:
            if work.pathway.tier_rank(tier.id) < work.pathway.tier_rank(work.state.tier):
                yield Deed("RaiseTier", tier.id, f"Raise the tier to {tier.title}")
            elif tier.id != work.state.tier:
                yield Deed("LowerTier", tier.id, f"Lower the tier to {tier.title}", refusal=_lowering(work))
    else:
        yield Deed("ReopenCase", "", "Reopen the case")
    yield Deed("MoveHolder", "", "Hand the case to another person")


def _about(work: Work, promise: Promise) -> Iterator[Deed]:
    """What can be done about one promise beside giving its evidence: answer the call, sign it off, give it to another."""
    spec = work.pathway.find_obligation(promise.kind)
    if spec is None:
        return
    called = was_called(work, promise)
    if promise.rung > 0 and not promise.held_by and (called or concerns(work.actor, work.state, work.directory)):
        yield Deed("Acknowledge", promise.id, f"I am on it: {spec.owed}", about=promise.id)
    if spec.not_applicable and may_answer(work, promise, spec):
        yield Deed("Waive", promise.id, f"Does not apply: {spec.owed}", about=promise.id)
    elif may_sign_off(work, promise, spec):
        yield Deed("Waive", promise.id, f"Sign off without it: {spec.owed}", about=promise.id)
    if may_move(work, promise) or called:
        yield Deed("MoveOwner", promise.id, f"Another person does it: {spec.owed}", about=promise.id)


def _lowering(work: Work) -> Refusal | None:
    return None if may_lower(work) else not_yours(work, "Lowering the tier", work.pathway.lowered_by)


def _refused(check: Callable[[], None]) -> Refusal | None:
    try:
        check()
    except Refused as refused:
        return refused.refusal
    return None
