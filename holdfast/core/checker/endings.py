"""P4: each endpoint can be reached, from every open state one of them still can, and no deed leads on without end (CLS-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from holdfast.core.checker.cone import TooDeep
from holdfast.core.checker.exploring import Explored
from holdfast.core.checker.key import Key
from holdfast.core.checker.moves import Move
from holdfast.core.checker.reduction import Slice
from holdfast.core.checker.replay import Replay
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import UNKNOWN, Finding
from holdfast.core.conditions import words
from holdfast.core.decide import Accepted
from holdfast.core.pathway import Endpoint
from holdfast.core.refusals import Refusal
from holdfast.core.state import State


def check_endings(trial: Trial) -> Iterator[Finding]:
    for endpoint in trial.pathway.endpoints:
        yield from _reached(trial, endpoint)
    yield from _no_dead_end(trial)


def slice_of(trial: Trial, *endpoints: Endpoint, without: frozenset[str] = frozenset()) -> Slice:
    gates = {gate for endpoint in endpoints for gate in endpoint.needs} - without
    shut = [trial.pathway.get_gate(gate) for gate in sorted(gates)]
    conditions = [gate.when for gate in shut if gate.override == "never"]
    return trial.slice(conditions, ends=[endpoint.id for endpoint in endpoints], without=without)


def _reached(trial: Trial, endpoint: Endpoint) -> Iterator[Finding]:
    place = ("endpoints", endpoint.id)

    def closed(state: State, move: Move, decision: Accepted) -> bool:
        return move == Move("close", endpoint.id)

    shown: Replay | None = None
    for without in dict.fromkeys((trial.at_will(), frozenset[str]())):
        try:
            within = slice_of(trial, endpoint, without=without)
            toward = tuple(trial.pathway.get_gate(gate).when for gate in endpoint.needs)
            found = trial.explore(within, seen=closed, waiving=False, outside=False, toward=toward)
            if found.found is None:
                found = trial.explore(within, seen=closed, toward=toward)
        except TooDeep as deep:
            yield trial.unknown(f"whether “{endpoint.title}” can be reached: {deep}", place)
            return
        shown = trial.replay(found.path_to(found.found)) if found.found is not None else None
        if shown is None or shown.whole:
            break
    if found.found is not None and shown is not None and shown.whole:
        trial.ways_to_an_end.append(found.path_to(found.found))
    if shown is None:
        shown = trial.replay(())
        ending = f"Whatever is done after that, “{endpoint.title}” stays shut: {_why(trial, endpoint)}."
        says = f"No case can ever end as “{endpoint.title}”."
        yield trial.refuted(says, "Let something bring about what its gates ask for.", place, shown, ending)
        return
    if shown.ended_as == "parties_missing":
        yield _no_team(endpoint, shown, place, trial)
    elif not shown.whole:
        yield trial.unknown(f"a way to “{endpoint.title}” could not be done again: {shown.ended_as}", place)


def _no_team(endpoint: Endpoint, shown: Replay, place: tuple[str, ...], trial: Trial) -> Finding:
    """What begins another case needs its teams; on the way that was found nobody has named one."""
    last = shown.played[-1].decision
    asked = ", ".join(missing.what for missing in last.missing) if isinstance(last, Refusal) else ""
    says = f"It could not be decided: whether “{endpoint.title}” can be reached: no team is named yet ({asked})."
    fact = asked.partition(", ")[0]
    remedy = f"Ask for the team in the form that begins the case, or write there when: {{ fact: {fact}, known: yes }}."
    return Finding(trial.asking, UNKNOWN, says, remedy, place)


def _why(trial: Trial, endpoint: Endpoint) -> str:
    gates = [trial.pathway.get_gate(gate) for gate in endpoint.needs]
    return "; ".join(f"{gate.says} ({words(gate.when)})" for gate in gates if gate.override == "never") or "nobody may"


def _no_dead_end(trial: Trial) -> Iterator[Finding]:
    """One endpoint that is never lost is enough, and the one with the fewest gates is tried first; then all of them together."""
    unknown = ""
    slices: list[Slice] = []
    for endpoint in trial.pathway.endpoints:
        try:
            slices.append(slice_of(trial, endpoint))
        except TooDeep as deep:
            unknown = str(deep)
    slices.sort(key=lambda within: within.cone.size())
    for within in slices[:2]:
        endpoint = next(one for one in trial.pathway.endpoints if one.id == within.ends[0])
        for without in trial.gates_held_open():
            try:
                found = trial.explore(slice_of(trial, endpoint, without=without - set(endpoint.needs)))
            except TooDeep as deep:
                unknown = str(deep)
                continue
            if not dead_ends(found):
                return
    try:
        found = trial.explore(slice_of(trial, *trial.pathway.endpoints))
    except TooDeep as deep:
        yield trial.unknown(f"whether some state is a dead end: {unknown or deep}", ("endpoints",))
        return
    dead = dead_ends(found)
    if not dead:
        return
    way = found.path_to(min(dead, key=lambda key: len(found.path_to(key))))
    shown = trial.replay(way)
    says = "A case comes to a state from which no end can be reached any more."
    remedy = "Add an endpoint without gates for what happens then, such as escalated, or a step that leads on."
    if shown.whole and not any(move.lasting for move in way):
        yield trial.refuted(
            says, remedy, ("endpoints",), shown, "From here no endpoint can be reached, whatever is done."
        )
    else:
        yield trial.unknown("a dead end could not be done again on the whole pathway", ("endpoints",))


def dead_ends(found: Explored) -> set[Key]:
    """Open states from which no certain moves lead to an end."""
    back: dict[Key, set[Key]] = defaultdict(set)
    for at, to in found.leads.items():
        for one in to:
            back[one].add(at)
    good, waiting = set(found.closable), list(found.closable)
    while waiting:
        for before in back[waiting.pop()]:
            if before not in good:
                good.add(before)
                waiting.append(before)
    return {key for key, node in found.nodes.items() if node.state.status == "open" and key not in good}
