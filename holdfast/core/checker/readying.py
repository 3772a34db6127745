"""What people do before a step so that its gates open the way they are meant to: fill in the packet, name who is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from holdfast.core.answers import Answer
from holdfast.core.checker.cone import TooDeep, tests_of
from holdfast.core.checker.moves import Move
from holdfast.core.checker.variants import any_answer, ways_to_fill
from holdfast.core.conditions import NEVER, holds
from holdfast.core.facts import facts_of
from holdfast.core.gates import unmet_gates
from holdfast.core.parties import Directory
from holdfast.core.pathway import Gate, Pathway
from holdfast.core.sharing import may_share
from holdfast.core.state import State
from holdfast.core.work import SYSTEM, Work


def readying(pathway: Pathway, directory: Directory, state: State, move: Move, now: datetime) -> Iterator[Move]:
    """Nothing where the gates hold already; what no answer and no name can open is left as it is."""
    step, endpoint = pathway.find_step(move.target), pathway.find_endpoint(move.target)
    needs = step.needs if step is not None else endpoint.needs if endpoint is not None else ()
    shut = unmet_gates(Work(state, pathway, directory, SYSTEM, now, now), needs, endpoint.id if endpoint else "")
    gates = [pathway.get_gate(gate) for gate in needs]
    if step is not None and step.offers and not may_share(state, pathway, directory):
        shut = [Gate("#sharing", "It may be shared", pathway.sharing, "holder"), *shut]
        gates = [shut[0], *gates]
    if shut:
        yield from opening_moves(pathway, directory, state, gates)


def opening_moves(pathway: Pathway, directory: Directory, state: State, gates: list[Gate]) -> Iterator[Move]:
    """Who is named and what is filled in so that as many of the gates as can be are open."""
    asked = {
        test.fact.split(".")[1] for gate in gates for test in tests_of(gate.when) if test.fact.startswith("named.")
    }
    yield from (Move("name", named.id) for named in pathway.named if named.id in asked and named.id not in state.named)
    best = _packet(pathway, directory, state, gates)
    if best:
        yield Move("fill", "", tuple(best.items()))


def _packet(pathway: Pathway, directory: Directory, state: State, gates: list[Gate]) -> Mapping[str, Answer]:
    """The answers that open the most of the gates, and one to every other open question that may have to be answered."""
    fields = tuple(pathway.packet_fields())
    asked = [field for field in fields if field.needed != NEVER]
    try:
        ways = ways_to_fill(pathway, fields, [gate.when for gate in gates], "")
    except TooDeep:
        return {}
    best, most = dict[str, Answer](), -1
    for way in ways:
        answers = {f.id: any_answer(f) for f in asked if f.id not in state.packet or not state.packet[f.id].counts}
        answers |= dict(way)
        after = state.copy()
        after.packet.update(answers)
        facts = facts_of(after, pathway, directory)
        opened = sum(holds(gate.when, facts) for gate in gates)
        if opened > most:
            best, most = answers, opened
    return {id: answer for id, answer in best.items() if state.packet.get(id) != answer}
