"""Checks of names: who acts, owes and is told, which gates, obligations, fields and endpoints are meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from holdfast.pathways.checks.examination import Examination, answers_of, packet_fields
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import EffectsShape, FieldShape, PathwayShape, StepShape, TellShape

_WORDS_FOR_PEOPLE = frozenset({"holder", "owner", "anyone", "last-resort"})


def duties(shape: PathwayShape) -> frozenset[str]:
    """Each duty of each team in the case, such as receiver.intake."""
    return frozenset(f"{id}.{duty}" for id, party in shape.parties.items() for duty in party.duties)


def answerable(shape: PathwayShape) -> frozenset[str]:
    """Who can owe something or hold a case: somebody who is one person at any time."""
    return duties(shape) | frozenset(shape.named) | {"holder"}


def acting(shape: PathwayShape) -> frozenset[str]:
    """Who can be let do a step."""
    return answerable(shape) | {f"{id}.any" for id in shape.parties} | {"anyone", "last-resort"}


def check_references(exam: Examination) -> None:
    """Every name that stands for something elsewhere in the file stands for something that is there."""
    shape = exam.shape
    exam.known(("accountable-at-opening",), shape.accountable_at_opening, duties(shape), "duty")
    exam.known(("sign-off",), shape.sign_off, shape.obligations, "obligation")
    _each(exam, ("lowered-by",), shape.lowered_by, acting(shape), "role in this case")
    for id in shape.named:
        if id in _WORDS_FOR_PEOPLE or id in shape.parties:
            exam.fault(("named", id), f"'{id}' means something else already.", "Choose another name.")
    _check_success(exam)
    for id, gate in shape.gates.items():
        exam.known(("gates", id, "supplied-by"), gate.supplied_by, answerable(shape), "role in this case")
        if gate.opens is not None:
            exam.known(("gates", id, "opens"), gate.opens, shape.obligations, "obligation")
    for id, step in shape.steps.items():
        _check_step(exam, ("steps", id), step)
    for id, owed in shape.obligations.items():
        path: Path = ("obligations", id)
        exam.known((*path, "owed-by"), owed.owed_by, answerable(shape), "role in this case")
        exam.known((*path, "ladder"), owed.ladder, shape.ladders, "ladder")
        _each(exam, (*path, "waived-by"), owed.waived_by, acting(shape), "role in this case")
        for key, effects in (
            ("when-opened", owed.when_opened), ("when-met", owed.when_met), ("when-breached", owed.when_breached),
        ):  # fmt: skip
            _check_effects(exam, (*path, key), effects)
    for id, endpoint in shape.endpoints.items():
        path = ("endpoints", id)
        _check_by(exam, path, endpoint.by)
        _each(exam, (*path, "needs"), endpoint.needs, shape.gates, "gate")
        _check_tells(exam, (*path, "tells"), endpoint.tells)
    _check_unused(exam)


def _each(exam: Examination, path: Path, names: Sequence[str], among: Collection[str], what: str) -> None:
    for place, name in enumerate(names):
        exam.known((*path, place), name, among, what)


def _check_tells(exam: Examination, path: Path, tells: Sequence[TellShape]) -> None:
    told = answerable(exam.shape) | {"last-resort"}
    for place, tell in enumerate(tells):
        exam.known((*path, place, "who"), tell.who, told, "role in this case")


def _check_effects(exam: Examination, path: Path, effects: EffectsShape | None) -> None:
    if effects is None:
        return
    _check_tells(exam, (*path, "tells"), effects.tells)
    _check_moves(exam, path, effects.moves_responsibility_to)


def _check_moves(exam: Examination, path: Path, to: str | None) -> None:
    if to is not None:
        among = answerable(exam.shape) - {"holder"}
        exam.known((*path, "moves-responsibility-to"), to, among, "one person in this case called")


def _check_by(exam: Examination, path: Path, by: Sequence[str]) -> None:
    if not by:
        exam.fault((*path, "by"), "Nobody may do this.", "Name who may, such as [holder].")
    _each(exam, (*path, "by"), by, acting(exam.shape), "role in this case")


def _check_step(exam: Examination, path: Path, step: StepShape) -> None:
    shape, answers = exam.shape, answers_of(step.records)
    _check_by(exam, path, step.by)
    _each(exam, (*path, "needs"), step.needs, shape.gates, "gate")
    _each(exam, (*path, "shows"), step.shows, packet_fields(shape), "packet field")
    _check_tells(exam, (*path, "tells"), step.tells)
    _check_moves(exam, path, step.moves_responsibility_to)
    if step.about is not None:
        exam.known((*path, "about"), step.about, shape.obligations, "obligation")
    offered = {party for one in shape.steps.values() for party in one.offers}
    for key, party in (("takes-offer", step.takes_offer), ("declines-offer", step.declines_offer)):
        if party is not None:
            exam.known((*path, key), party, offered, "party that a step offers")
    if step.urgent:
        _check_urgent(exam, path, step)
    for key, mapping, among, what, kind in (
        ("assigns", step.assigns, duties(shape), "duty", "staff"),
        ("names", step.names, frozenset(shape.named), "name", "staff"),
        ("parties", step.parties, frozenset(shape.parties), "party", "team"),
        ("offers", step.offers, frozenset(shape.parties), "party", "teams"),
    ):
        for target, source in mapping.items():
            exam.known((*path, key, target), target, among, what)
            _check_kind(exam, (*path, key, target), source, answers, (kind,), "question of this step called")


def _check_urgent(exam: Examination, path: Path, step: StepShape) -> None:
    """An emergency is never behind a gate, a condition or a question (HZ-48)."""
    if step.needs:
        exam.fault((*path, "needs"), "An urgent step waits for nothing.", "Take the gates out.")
    if step.only_when != "always":
        exam.fault((*path, "only-when"), "An urgent step is possible at any time.", "Take the condition out.")
    if step.about is not None:
        exam.fault((*path, "about"), "An urgent step waits for no obligation.", "Take it out.")
    if any(field.needed_when != "never" for field in answers_of(step.records).values()):
        exam.fault(
            (*path, "records"), "An urgent step asks nothing first.", "Say needed-when: never for each question."
        )


def _check_kind(
    exam: Examination, path: Path, id: str, fields: dict[str, FieldShape], kinds: tuple[str, ...], what: str
) -> None:
    if exam.known(path, id, fields, what) and fields[id].kind not in kinds:
        exam.fault(path, f"'{id}' is a {fields[id].kind}.", f"Name a field of kind {' or '.join(kinds)}.")


def _check_success(exam: Examination) -> None:
    success, packet = exam.shape.success, packet_fields(exam.shape)
    if success is None:
        return
    _check_kind(exam, ("success", "by"), success.by, packet, ("date", "instant"), "packet field")
    _check_kind(exam, ("success", "endpoint"), success.endpoint, packet, ("code",), "packet field")
    asked = packet.get(success.endpoint)
    if asked is not None and isinstance(asked.one_of, dict):
        _each(exam, ("success", "endpoint"), list(asked.one_of), exam.shape.endpoints, "endpoint")


def _check_unused(exam: Examination) -> None:
    shape = exam.shape
    needed = {gate for step in shape.steps.values() for gate in step.needs}
    needed |= {gate for endpoint in shape.endpoints.values() for gate in endpoint.needs}
    climbed = {owed.ladder for owed in shape.obligations.values()}
    for kind, names, used in (("gates", shape.gates, needed), ("ladders", shape.ladders, climbed)):
        for id in set(names) - used:
            exam.question((kind, id), f"Nothing needs '{id}'.", "Use it, or take it out.", f"Use '{id}' in your file.")
