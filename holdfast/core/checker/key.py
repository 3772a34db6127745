"""The abstraction, one function: what of a state the steps, gates and clocks of a slice can tell apart."""

from __future__ import annotations

from collections.abc import Hashable

from holdfast.core.checker.reduction import ANCHOR, Slice
from holdfast.core.conditions import holds
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import NOTHING_ELSE
from holdfast.core.state import OPEN, Promise, State

Key = Hashable


def key_of(state: State, within: Slice, directory: Directory) -> Key:
    """Equal keys: whatever is done next comes to the same, for all that the slice is about."""
    cone, kinds = within.cone, within.kinds
    facts = facts_of(state, within.whole, directory)
    closed = state.status != "open"
    return (
        # Ended is closed with its window over: what can be done is the same.
        "open" if state.status == "open" else "closed",
        tuple(min(_count(state, moment), most) for moment, most in within.counted),
        tuple(_kind(state, within, kind) for kind in kinds),
        tuple(sum(state.promises[id].kind == kind for id in state.halted) > 0 for kind in kinds) if closed else (),
        tuple(holds(test, facts) for test in within.tests),
        state.tier if cone.tier else "",
        _sent(state, within),
        who_holds(state) if cone.holder else "",
    )


def who_holds(state: State) -> str:
    """The holder as a duty: a second person of the same duty, or of another team in the same part, is the same."""
    return state.holder.removesuffix(".2").replace(".other.", ".")


def owed_of(state: State, kind: str) -> list[Promise]:
    owed = [p for p in state.promises.values() if p.kind == kind and p.owed]
    return sorted(owed, key=lambda p: p.number) if len(owed) > 1 else owed


def _sent(state: State, within: Slice) -> Key:
    """Whether a version went out, and by whom the tier was set, where tiers or versions are read."""
    versions = any(test.fact in ("packet.changed", "packet.version") for test in within.cone.tests)
    if not versions and not within.cone.tier:
        return ()
    return state.packet_version > 0, bool(state.packet_changed), state.judged and within.cone.tier


def _count(state: State, moment: str) -> int:
    found = state.moments.get(moment)
    return found.count if found else 0


def _kind(state: State, within: Slice, kind: str) -> Key:
    owed = owed_of(state, kind)
    most = within.cone.owed.get(kind, 1)
    spec = within.small.get_obligation(kind)
    breached = sum(p.status != OPEN for p in owed) if spec.when_breached != NOTHING_ELSE else 0
    ever = "closed" in spec.met_by and state.latest(kind) is not None
    since = tuple(
        min(_count(state, moment) - owed[0].before.get(moment, 0), bound)
        for (of, moment), bound in within.since
        if of == kind and owed
    )
    latest = state.latest(kind) if kind in within.cone.standing else None
    return min(len(owed), most), min(breached, most), ever, since, latest.status if latest else ""


def is_anchor(promise: Promise) -> bool:
    return promise.kind == ANCHOR
