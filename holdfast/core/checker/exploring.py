"""Exploring: every state that a slice can come to, breadth first, with one concrete case kept for each key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import product

from holdfast.core.answers import BLANK, Answer
from holdfast.core.checker.cone import TooDeep
from holdfast.core.checker.key import Key, key_of, owed_of
from holdfast.core.checker.moves import OPENING, Move, Staff, opening, perform
from holdfast.core.checker.people import BEFORE, FAR, LATE, START
from holdfast.core.checker.reduction import ANCHOR, ANY_END, Slice
from holdfast.core.checker.variants import Filled, any_answer, ways_to_fill
from holdfast.core.conditions import Condition, holds
from holdfast.core.decide import Accepted
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import NOTHING_ELSE, Field
from holdfast.core.refusals import Refusal
from holdfast.core.spans import elapsed
from holdfast.core.state import BREACHED, OPEN, Moment, Promise, State

#: Past this many states the answer is *unknown*.
MOST_STATES = 200_000
#: Past this many in one check of a pathway, over all its questions, those still open are *unknown*: a check always comes to an end.
MOST_ALTOGETHER = 300_000
#: A step that is refused so is refused however its form is filled in (``stepping.refuse_step`` comes before the answers).
WHATEVER_IS_ANSWERED = frozenset({"not_possible_now", "closed", "nothing_to_answer"})


@dataclass(slots=True)
class Node:
    state: State
    parent: Key | None
    move: Move | None


@dataclass(slots=True)
class Explored:
    """``leads`` are the moves that somebody can make for certain, by key; ``whole`` is false when the exploring stopped early."""

    within: Slice
    nodes: dict[Key, Node] = field(default_factory=dict)
    leads: dict[Key, set[Key]] = field(default_factory=dict)
    whole: bool = True
    found: Key | None = None
    closable: set[Key] = field(default_factory=set)

    def path_to(self, key: Key) -> tuple[Move, ...]:
        """The moves from the opening, shortest first found."""
        moves: list[Move] = []
        at: Key | None = key
        while at is not None:
            node = self.nodes[at]
            if node.move is not None:
                moves.append(node.move)
            at = node.parent
        return tuple(reversed(moves))


class Endless(Exception):
    """One deed leads to the next without end, within one decision."""

    def __init__(self, move: Move) -> None:
        super().__init__(f"{move.deed} {move.target}")
        self.move = move
        self.path: tuple[Move, ...] = ()


Goal = Callable[[State, Key], bool]
Seen = Callable[[State, Move, Accepted], bool]


def explore(
    within: Slice,
    directory: Directory,
    goal: Goal | None = None,
    seen: Seen | None = None,
    may: Staff = lambda staff: True,
    waiving: bool = True,
    outside: bool = True,
    most: int = MOST_STATES,
    toward: tuple[Condition, ...] = (),
) -> Explored:
    """Everything reachable, breadth first, or those states first in which most of ``toward`` holds.

    Stops at the first state for which ``goal`` holds, or whose move ``seen`` picks. Raises ``TooDeep``."""
    found = Explored(within)
    moves = [m for m in moves_of(within) if (waiving or m.deed != "waive") and (outside or m.deed not in ("outside",))]
    for first in openings_of(within):
        start = _opened(within, directory, first)
        key = key_of(start, within, directory)
        found.nodes.setdefault(key, Node(start, None, first if first != OPENING else None))
        if goal is not None and goal(start, key):
            found.found = key
            return found
    waiting = Waiting(within, directory, toward)
    for key, node in found.nodes.items():
        waiting.add(key, node.state)
    while (at := waiting.next()) is not None:
        for move, decision, state in _told(found, at, successors(found.nodes[at].state, within, directory, moves, may)):
            to = key_of(state, within, directory)
            if is_certain(move, within):
                found.leads.setdefault(at, set()).add(to)
                if move.deed == "close":
                    found.closable.add(at)
            picked = seen is not None and seen(state, move, decision)
            new = to not in found.nodes
            if new:
                found.nodes[to] = Node(state, at, move)
                waiting.add(to, state)
            if picked or (new and goal is not None and goal(state, to)):
                # A picked move may lead to a key that was known by another way: its own way is what is shown.
                found.nodes[("picked", to)] = Node(state, at, move)
                found.found, found.whole = ("picked", to), False
                return found
            if len(found.nodes) > most:
                found.whole = False
                return found
    return found


class Waiting:
    """States still to be looked at: first come first, or those first in which more of some conditions hold."""

    def __init__(self, within: Slice, directory: Directory, toward: tuple[Condition, ...]) -> None:
        self.within, self.directory, self.toward = within, directory, toward
        self.heap: list[tuple[int, int, Key]] = []
        self.number = 0

    def add(self, key: Key, state: State) -> None:
        facts = facts_of(state, self.within.whole, self.directory)
        self.number += 1
        heappush(self.heap, (-sum(holds(one, facts) for one in self.toward), self.number, key))

    def next(self) -> Key | None:
        return heappop(self.heap)[2] if self.heap else None


def openings_of(within: Slice) -> list[Move]:
    """The ways a case can begin that differ: with or without each kind of packet, and with however many earlier cases."""
    bounds: dict[str, set[int]] = {}
    for test in within.cone.tests:
        if test.fact.startswith("history.") and test.values:
            bound = int(test.values[0])
            bounds.setdefault(test.fact.removeprefix("history."), {0}).update({max(0, bound - 1), bound, bound + 1})
    ways = [("", *(f"{id}={count}" for count in sorted(counts))) for id, counts in sorted(bounds.items())]
    before = [",".join(filter(None, chosen)) for chosen in product(*ways)]
    packets: list[Filled] = [(), *(_packets(within) if within.cone.packet else ())]
    items = ("", "items") if within.small.takes_up is not None else ("",)
    return [Move("open", history, filled, timing=one) for history in before for filled in packets for one in items]


def _opened(within: Slice, directory: Directory, move: Move) -> State:
    try:
        decision = opening(within.small, directory, move)
    except RecursionError:
        raise Endless(move) from None
    if not isinstance(decision, Accepted):
        raise TooDeep(f"the case cannot be opened: {decision.says}")
    return settled(decision.state, within)


def _told(
    found: Explored, at: Key, after: Iterator[tuple[Move, Accepted, State]]
) -> Iterator[tuple[Move, Accepted, State]]:
    """The same, with the way that led there told to whoever hears of an endless deed."""
    try:
        yield from after
    except Endless as endless:
        endless.path = (*found.path_to(at), endless.move)
        raise


def is_certain(move: Move, within: Slice) -> bool:
    """Whether somebody can make this move on the whole pathway whenever the slice says so: not past a gate held open."""
    step = within.whole.find_step(move.target) if move.deed == "step" else None
    relaxed = move.target == ANY_END if move.deed == "close" else step is not None and held_open(step.needs, within)
    return not relaxed and not move.lasting and move.deed not in ("outside", "waive")


def held_open(needs: tuple[str, ...], within: Slice) -> bool:
    return any(gate in within.cone.without and within.whole.get_gate(gate).override == "never" for gate in needs)


def successors(
    state: State, within: Slice, directory: Directory, moves: list[Move], may: Staff = lambda staff: True
) -> Iterator[tuple[Move, Accepted, State]]:
    # By the time of the deed as well: what is overdue, noticed or not, is another state, and conditions may read it.
    shut: set[tuple[object, ...]] = set()
    for move in moves:
        when = (move.target, move.timing, move.later)
        if move.deed == "step" and when in shut:
            continue
        try:
            done = perform(within.small, directory, state, move, may)
        except RecursionError:
            raise Endless(move) from None
        if done is None or not isinstance(done[0], Accepted):
            if done is not None and isinstance(done[0], Refusal) and done[0].code in WHATEVER_IS_ANSWERED:
                shut.add(when)
            continue
        after = settled(done[0].state, within)
        yield move, done[0], after
        lasting = _lasting(state, done[0].state, within)
        if lasting is not None:
            yield replace(move, lasting=True), done[0], settled(lasting, within)


def _lasting(before: State, after: State, within: Slice) -> State | None:
    """Where as many of a kind were owed as are told apart, there may have been more: then as many are owed still."""
    again: list[Promise] = []
    for kind in within.many:
        was = owed_of(before, kind)
        if len(was) >= within.cone.owed[kind] > len(owed_of(after, kind)):
            again += [p for p in was if not after.promises[p.id].owed and after.promises[p.id].status != "stopped"]
    if not again:
        return None
    state = after.copy()
    for promise in again:
        number = sum(1 for p in state.promises.values() if p.kind == promise.kind) + 1
        id = f"{promise.kind}#{number}"
        state.promises[id] = replace(promise, id=id)
    return state


def settled(state: State, within: Slice) -> State:
    """The same case with what no longer matters left out: promises settled long ago, and every time of day."""
    state = replace(state)
    kept: dict[str, Promise] = {}
    names: dict[str, str] = {}
    kinds: dict[str, list[Promise]] = {}
    for promise in sorted(state.promises.values(), key=lambda p: p.number):
        kinds.setdefault(promise.kind, []).append(promise)
    for kind, all_ in kinds.items():
        most = within.cone.owed.get(kind, 1)
        owed = [p for p in all_ if p.owed][:most]
        halted = [p for p in all_ if p.id in state.halted][:most] if state.status != OPEN else []
        keep = [p for p in all_ if p in owed or p in halted or p is all_[-1]]
        for number, promise in enumerate(keep, 1):
            id = f"{kind}#{number}"
            names[promise.id] = id
            kept[id] = _timeless(promise, id)
    state.promises = kept
    state.halted = tuple(dict.fromkeys(names[id] for id in state.halted if id in names)) if state.status != OPEN else ()
    state.moments = {id: Moment(moment.count, START, START) for id, moment in state.moments.items()}
    state.notices = {}
    state.asked, state.grants, state.overridable = {}, {}, {}
    if state.window_rings is not None:
        state.window_rings = FAR
    return state


def _timeless(promise: Promise, id: str) -> Promise:
    due = _due(promise)
    times = promise.due is due and promise.started is BEFORE and promise.rings is FAR and promise.climbs is FAR
    if times and promise.id == id and not promise.about:
        return promise
    return replace(promise, id=id, started=BEFORE, due=due, climbs=FAR, rings=FAR, about="")


def _due(promise: Promise) -> datetime:
    """What is late is late at every time to come; what is not may be done in time."""
    return LATE if promise.status == BREACHED else FAR


def moves_of(within: Slice) -> list[Move]:
    small, cone = within.small, within.cone
    moves: list[Move] = []
    for step in small.steps:
        conditions = [one.when for one in step.emits]
        apart = [one.apart for one in step.emits if one.apart is not None]
        laters = [timedelta(0)] + ([max(elapsed(span) or timedelta(0) for span in apart) * 2] if apart else [])
        filled = _ways(within, step.records, conditions)
        marks = {moment for one in step.emits for moment in (one.moment, one.otherwise)}
        timings = _timings(any(marks & set(small.get_obligation(kind).met_by) for kind in cone.standing))
        moves += [
            Move("step", step.id, way, later, timing=timing) for way in filled for later in laters for timing in timings
        ]
    for owed in small.obligations:
        if owed.id == ANCHOR:
            continue
        if owed.records:
            timings = _timings(owed.id in cone.standing)
            moves += [
                Move("meet", owed.id, way, timing=timing)
                for way in _ways(within, owed.records, [])
                for timing in timings
            ]
        moves.append(Move("waive", owed.id))
        if owed.when_breached != NOTHING_ELSE or owed.id in cone.standing:
            moves.append(Move("run-out", owed.id))
    moves += [Move("name", named.id, timing=timing) for named in small.named for timing in ("", "by-day")]
    moves += [Move("fill", "", way) for way in (_packets(within) if cone.packet else ())]
    if cone.tier:
        moves += [Move(deed, tier.id) for tier in small.tiers for deed in ("raise", "lower")]
    moves += [Move("outside", moment) for moment in sorted(cone.outside)]
    moves += [Move("close", endpoint.id) for endpoint in small.endpoints]
    return [*moves, Move("reopen")]


def _timings(matters: bool) -> tuple[str, ...]:
    """Where it is read how a promise was settled: now, said to have happened earlier, or late although no clock has fired."""
    return ("", "earlier", "unnoticed") if matters else ("",)


def _ways(within: Slice, records: tuple[Field, ...], conditions: list[Condition]) -> tuple[Filled, ...]:
    tests = [test for test in within.cone.tests if test.fact.startswith(("answer.", "score."))]
    return ways_to_fill(within.whole, records, [*conditions, *tests], "answer.")


def _packets(within: Slice) -> Iterator[Filled]:
    """The packet as a whole: each way that conditions tell apart, with all else answered, and with all else blank."""
    fields = tuple(within.whole.packet_fields())
    for way in ways_to_fill(within.whole, fields, sorted(within.cone.tests, key=repr), ""):
        given = dict(way)
        rest = [one for one in fields if one.id not in given]
        yield (*way, *((one.id, any_answer(one)) for one in rest))
        if any(test.fact == "packet.complete" for test in within.cone.tests):
            yield (*way, *((one.id, Answer(BLANK)) for one in rest))
