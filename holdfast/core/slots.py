"""A case and the slots it takes, waits for and is offered; what it therefore asks of the pools (STP-03, CAP-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holdfast.core import capacity as cap
from holdfast.core import events as e
from holdfast.core.answers import GIVEN, Answer
from holdfast.core.commands import NoteSlotLapsed, NoteSlotOffered
from holdfast.core.moments import mark
from holdfast.core.pathway import Field, Step
from holdfast.core.pools import begins, pool_of
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.state import State
from holdfast.core.work import SYSTEM, Refused, Work


def take_slots(work: Work, step: Step, answers: Mapping[str, Answer]) -> None:
    """The slots that a step's answers choose, and the waiting it begins. Whether a slot is still free its pool decides."""
    for field in step.records:
        answer = answers.get(field.id)
        if field.kind == "slot" and answer is not None and answer.how == GIVEN:
            work.add(e.SlotTaken(field.id, find_pool(work.state, field.of, field.pool), _checked(work, field, answer)))
    if step.waits_for is not None:
        pool = find_pool(work.state, step.waits_for.of, step.waits_for.pool)
        if pool not in work.state.waits and all(held != pool for held, _ in work.state.slots.values()):
            work.add(e.WaitBegun(pool))


def find_pool(state: State, party: str, kind: str) -> str:
    """The pool that a party's team has of this kind; the checks of a pathway see to it that the party exists."""
    return pool_of(state.parties[party], kind)


def _checked(work: Work, field: Field, answer: Answer) -> str:
    at = begins(str(answer.value))
    if at is None or at <= work.now:
        says = f"{field.ask}: choose one of the times offered; they all begin later than now."
        raise Refused(Refusal("not_a_slot", says, (Missing(field.id, field.ask, "you"),)))
    return str(answer.value)


def note_offered(work: Work, command: NoteSlotOffered) -> None:
    """A pool offers a slot: whoever answers for the case has until then to take it."""
    _by_machine(work)
    if work.state.status != "open" or command.pool not in work.state.waits:
        raise Refused(Refusal("not_waiting", "This case does not wait for a slot."))
    work.add(e.SlotProposed(command.pool, command.slot, command.until))
    mark(work, "slot-offered", work.now)


def note_lapsed(work: Work, command: NoteSlotLapsed) -> None:
    _by_machine(work)
    if work.state.proposed.get(command.pool) != command.slot:
        raise Refused(Refusal("not_offered_here", "This case was not offered that slot."))
    work.add(e.SlotForgone(command.pool, command.slot))
    if work.state.status == "open":
        mark(work, "slot-lapsed", work.now)


def _by_machine(work: Work) -> None:
    if work.actor != SYSTEM:
        raise Refused(Refusal("not_by_hand", "Pools report this themselves; nobody does it by hand."))


def pools_of(state: State | None) -> set[str]:
    """The pools in which a case has or wants something."""
    return set() if state is None else {pool for pool, _ in state.slots.values()} | set(state.waits)


def pool_asks(was: State | None, now: State, events: Iterable[e.Event], rank: int) -> list[tuple[str, cap.PoolCommand]]:
    """What a decision on a case asks of pools, in the order of their names; ``rank`` is the tier's, 0 the most acute."""
    asks: list[tuple[str, cap.PoolCommand]] = []
    for event in events:
        match event:
            case e.SlotTaken():
                pool, slot = was.slots.get(event.field, ("", "")) if was is not None else ("", "")
                asks.append((event.pool, cap.BookSlot(now.case, event.slot, slot if pool == event.pool else "")))
            case e.WaitBegun():
                asks.append((event.pool, cap.JoinWaiting(now.case, rank)))
            case e.TierSet():
                asks += [(pool, cap.JoinWaiting(now.case, rank)) for pool in now.waits]
    asks += [(pool, cap.GiveBack(now.case)) for pool in pools_of(was) - pools_of(now)]
    return sorted(asks, key=lambda ask: ask[0])
