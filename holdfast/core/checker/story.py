"""A trace in plain words: who does what, one line for each move, and what is wrong at the end of it."""

from __future__ import annotations

from itertools import chain

from holdfast.core.answers import GIVEN
from holdfast.core.checker.moves import Move
from holdfast.core.checker.replay import Replay
from holdfast.core.pathway import Field, Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.work import SYSTEM


def tell(pathway: Pathway, replay: Replay, ending: str) -> tuple[str, ...]:
    lines = []
    for played in replay.played:
        who = name_of(pathway, played.actor)
        line = _line(pathway, played.move, who)
        if isinstance(played.decision, Refusal):
            line = f"{line} It is refused: {played.decision.says}"
        lines.append(line)
    return tuple(f"{number}. {line}" for number, line in enumerate([*lines, ending], 1))


def name_of(pathway: Pathway, staff: str) -> str:
    """A person of the trial as what they are."""
    if staff in ("", SYSTEM):
        return "the clock"
    party, _, duty = staff.removesuffix(".2").replace(".other.", ".").partition(".")
    title = next((one.title for one in pathway.parties if one.id == party), "")
    if not title:
        return f"the person named as {duty.replace('-', ' ')}"
    who = "the last resort" if duty == "last-resort" else f"the {duty.replace('-', ' ')}"
    another = "another of " if staff.endswith(".2") else ""
    return f"{who} ({another}{title[:1].lower()}{title[1:]})"


def _line(pathway: Pathway, move: Move, who: str) -> str:
    who = who[:1].upper() + who[1:]
    target = move.target
    step, owed = pathway.find_step(target), pathway.find_obligation(target)
    endpoint, named = pathway.find_endpoint(target), pathway.find_named(target)
    thing = step.title if step else endpoint.title if endpoint else target
    promise = owed.owed if owed else target
    lines = {
        "open": f"{who} opens the case{_with(pathway, move)}.",
        "step": f"{who} takes the step “{thing}”{_with(pathway, move)}.",
        "meet": f"{who} gives the evidence for “{promise}”{_with(pathway, move)}.",
        "waive": f"{who} signs off “{promise}”.",
        "run-out": f"Nobody acts on “{promise}”: its clock runs out.",
        "close": f"{who} closes the case as “{thing}”.",
        "reopen": f"{who} reopens the case.",
        "fill": f"{who} fills in the packet{_with(pathway, move)}.",
        "name": f"{who} names a person as {named.ask if named else target}.",
        "raise": f"{who} raises the tier to {target}.",
        "lower": f"{who} lowers the tier to {target}.",
        "outside": f"From outside of what people do here comes “{target.replace('-', ' ')}”.",
        "ask-override": f"{who} asks a supervisor to let “{thing}” pass its gates.",
        "sign-off": f"{who} agrees to it.",
    }
    return lines[move.deed]


def _with(pathway: Pathway, move: Move) -> str:
    if len(move.filled) > 12:
        given = sum(answer.how == GIVEN for _, answer in move.filled)
        return " with every question answered" if given * 2 > len(move.filled) else " with questions left open"
    fields = {field.id: field for field in _fields(pathway)}
    parts = []
    for id, answer in move.filled:
        field = fields.get(id)
        if field is None or answer.how == "blank":
            continue
        labels = {option.code: option.label for option in field.options}
        value = labels.get(str(answer.value), "") if answer.how == GIVEN else answer.how
        if value:
            parts.append(f"{field.ask}: {value}")
    return f" ({'; '.join(parts)})" if parts else ""


def _fields(pathway: Pathway) -> list[Field]:
    return list(chain(pathway.packet_fields(), chain.from_iterable(pathway.forms())))
