"""Carrying forward: what a person's earlier packets say begins a new one, unconfirmed, with its age and where it is from (PKT-09)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from holdfast.core import commands as c
from holdfast.core.answers import BLANK, GIVEN, Answer, Problem, RawAnswer, read_answer
from holdfast.core.codec import ENGINE
from holdfast.core.pathway import Field, Pathway
from holdfast.core.state import State
from holdfast.desk.reading import Reader
from holdfast.ledger.kept import state_from_text
from holdfast.ledger.models import Head
from holdfast.pathways.editions import get_edition
from holdfast.people.vault import Vault
from holdfast.worklists.models import CaseRow, Part

#: How many earlier cases are looked into, the latest first.
MOST_CASES = 20
#: How the source of what was carried begins; after it comes the pathway whose packet said it.
FROM_PACKET = "the packet of "
#: Kinds that say who takes part in this move, or hold something for it: never true of the next.
ABOUT_THE_MOVE = frozenset({"slot", "team", "teams"})


def carried(vault: Vault, reader: Reader, pathway: Pathway, opening: c.OpenCase) -> dict[str, Answer]:
    """Field id to the latest earlier answer under the same id, sealed anew for this case. It counts once somebody confirms it.

    From the case that this one is begun from, and from those in which one of its teams had a part: opening a case tells nobody
    what their team never knew. What the pathway's clocks and its success hang on is about this move, and is asked afresh.
    """
    asked = (field for field in pathway.packet_fields() if field.kind not in ABOUT_THE_MOVE)
    wanted = {field.id: field for field in asked if field.id not in opening.fields}
    for id in {owed.due.fact for owed in pathway.obligations} | set(pathway.success.values()):
        wanted.pop(id, None)
    found: dict[str, Answer] = {}
    for state in _earlier(opening) if wanted else ():
        known = get_edition(state.edition)
        there = {id: answer for id in wanted if (answer := state.packet.get(id)) and answer.how != BLANK}
        sealed = [answer.sealed for answer in there.values() if answer.sealed]
        opened = vault.read(opening.subject, state.case, sealed) if sealed else {}
        for id, answer in there.items():
            if answer.sealed and answer.sealed not in opened:
                continue
            value = json.loads(opened[answer.sealed].plain) if answer.sealed else answer.value
            again = _again(reader, wanted[id], known, answer, value)
            if again is not None:
                found[id] = again
                del wanted[id]
    return found


def _earlier(opening: c.OpenCase) -> Iterator[State]:
    rows = CaseRow.objects.filter(subject=opening.subject).exclude(case=opening.case)
    told = set(
        Part.objects.filter(concerned__in=opening.parties.values())
        .filter(case__in=rows.values("case"))
        .values_list("case", flat=True)
    )
    cases = [
        case
        for case in rows.order_by("-opened_at", "case").values_list("case", flat=True)
        if case in told or case == opening.origin
    ]
    heads = Head.objects.in_bulk(cases[:MOST_CASES], field_name="stream")
    for case in cases[:MOST_CASES]:
        if case in heads and heads[case].engine == ENGINE:
            yield state_from_text(heads[case].state)


def _again(reader: Reader, field: Field, known: Pathway, answer: Answer, value: Any) -> Answer | None:
    """The answer as this packet takes it; nothing where it asks for something else, or would guard it less."""
    was = known.find_field(field.id)
    if was is None or not set(was.labels) <= set(field.labels):
        return None
    reading = read_answer(field, RawAnswer(answer.how, value))
    if isinstance(reading, Problem) or reading.how == BLANK or (reading.how == GIVEN) != (answer.how == GIVEN):
        return None
    sealed = reader.seal(field.id, reading.to_seal) if reading.to_seal is not None else ""
    source = answer.source if answer.unconfirmed and answer.source else f"{FROM_PACKET}{known.id}"
    return Answer(reading.how, reading.value, sealed, answer.by, answer.true_at, True, source)
