"""Facts: what conditions can ask of a case, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holdfast.core.answers import GIVEN, Answer
from holdfast.core.conditions import Facts, FactValue, holds
from holdfast.core.parties import Directory
from holdfast.core.pathway import Field, Pathway
from holdfast.core.scores import score_of
from holdfast.core.state import State


def facts_of(
    state: State,
    pathway: Pathway,
    directory: Directory,
    answers: Mapping[str, Answer] | None = None,
    closing: str = "",
) -> Facts:
    """A look-up of facts. Names: a packet field; ``answer.<field>``; ``moment.<m>`` (times it happened); ``named.<role>``;
    ``named.<role>.day-and-night``; ``obligation.<o>`` (how the latest stands); ``open.<o>`` (how many are owed); ``packet.complete``,
    ``packet.changed``, ``packet.version``; ``case.tier``, ``case.status``; ``closing.endpoint`` (asked for, or reached),
    ``closing.as-asked``; ``score.<instrument>`` (the sum, once every question of it is answered); ``begun.<p>`` (how many cases
    were begun from this one on that pathway), ``history.<p>`` (how many others there had been at the opening)."""

    end = closing or state.endpoint

    def look(name: str) -> FactValue:
        head, _, rest = name.partition(".")
        if head == "answer":
            return _value((answers or {}).get(rest) or state.step_answers.get(rest))
        if head == "moment":
            moment = state.moments.get(rest)
            return moment.count if moment else None
        if head == "named":
            return _named(state, directory, rest)
        if head == "obligation":
            promise = state.latest(rest)
            return promise.status if promise else None
        if head == "score":
            return score_of(rest, pathway, look)
        if head == "open":
            return len(state.owed(rest))
        if head == "begun":
            return sum(1 for pathway_id in state.begun.values() if pathway_id == rest)
        if head == "history":
            return state.history.get(rest, 0)
        special = _SPECIAL.get(name)
        if special is not None:
            return special(state, pathway, directory)
        if name == "closing.endpoint":
            return end or None
        if name == "closing.as-asked":
            asked = state.packet.get(pathway.success.get("endpoint", ""))
            return "yes" if asked is None or asked.value is None or asked.value == end else "no"
        answer = state.packet.get(name)
        return _value(answer) if answer is None or answer.counts else None

    return look


def _value(answer: Answer | None) -> FactValue:
    if answer is None or answer.how == "blank":
        return None
    if answer.how != GIVEN:
        return answer.how
    return answer.value if answer.value is not None else GIVEN


def _named(state: State, directory: Directory, rest: str) -> FactValue:
    role, _, what = rest.partition(".")
    staff = state.named.get(role)
    if not what or staff is None:
        return staff
    person = directory.staff.get(staff)
    return "yes" if person is not None and person.active and person.day and person.night else "no"


def scores_of(state: State, pathway: Pathway, directory: Directory) -> list[tuple[str, int | None]]:
    """Each instrument's title and its sum as it stands, or None while a question of it is open (BEY-26)."""
    facts = facts_of(state, pathway, directory)
    return [(score.title, score_of(score.id, pathway, facts)) for score in pathway.scores]


def missing_fields(state: State, pathway: Pathway, directory: Directory) -> list[Field]:
    """The packet's needed fields that are not answered, in the template's order (PKT-06). Prefilled counts once confirmed."""
    facts = facts_of(state, pathway, directory)
    return [
        field
        for field in pathway.packet_fields()
        if not ((answer := state.packet.get(field.id)) is not None and answer.counts) and holds(field.needed, facts)
    ]


def _complete(state: State, pathway: Pathway, directory: Directory) -> FactValue:
    return "no" if missing_fields(state, pathway, directory) else "yes"


_SPECIAL: dict[str, Callable[[State, Pathway, Directory], FactValue]] = {
    "packet.complete": _complete,
    "packet.changed": lambda state, pathway, directory: "yes" if state.packet_changed else "no",
    "packet.version": lambda state, pathway, directory: state.packet_version,
    "case.tier": lambda state, pathway, directory: state.tier,
    "case.status": lambda state, pathway, directory: state.status,
}
