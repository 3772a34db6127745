"""``decide``: a state, a command and the facts from outside give events, or a refusal. Nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.asks import Asked
from holdfast.core.closing import close_case, open_case, refuse_opening, reopen_case
from holdfast.core.firing import fire_clocks, note_failed, note_sent
from holdfast.core.fold import fold
from holdfast.core.gates import ask_override
from holdfast.core.hearing import hear_moment, note_dropped
from holdfast.core.holding import NO_CLOCK, acknowledge, meet_promise, move_holder_to, move_owner, waive
from holdfast.core.items import settle_item, take_up
from holdfast.core.leaving import hand_over
from holdfast.core.moving import move_edition
from holdfast.core.packets import fill_packet, name_role
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.slots import note_lapsed, note_offered
from holdfast.core.state import State
from holdfast.core.stepping import take_step
from holdfast.core.tiers import lower_tier, raise_tier
from holdfast.core.work import SYSTEM, Refused, Work


@dataclass(frozen=True, slots=True)
class Accepted:
    """The events, in order, the state after them, and what is asked of other cases: to be done in the same transaction or not at all."""

    events: tuple[e.Event, ...]
    state: State
    asks: tuple[Asked, ...] = ()


class BrokenPromise(RuntimeError):
    """A decision would have broken what the system promises; nothing of it is recorded."""


Decision = Accepted | Refusal

_DEEDS: dict[type, Callable[[Work, Any], None]] = {
    c.FillPacket: fill_packet,
    c.NameRole: name_role,
    c.TakeStep: take_step,
    c.AskOverride: ask_override,
    c.Meet: meet_promise,
    c.Waive: waive,
    c.Acknowledge: acknowledge,
    c.MoveHolder: move_holder_to,
    c.MoveOwner: move_owner,
    c.RaiseTier: raise_tier,
    c.LowerTier: lower_tier,
    c.CloseCase: close_case,
    c.ReopenCase: reopen_case,
    c.FireClocks: fire_clocks,
    c.NoteSent: note_sent,
    c.NoteFailed: note_failed,
    c.HandOver: hand_over,
    c.NoteSlotOffered: note_offered,
    c.NoteSlotLapsed: note_lapsed,
    c.HearMoment: hear_moment,
    c.SettleItem: settle_item,
    c.NoteDropped: note_dropped,
}
#: Decided by machine on behalf of a person who acts on another case: that person is told, as for a deed of their own.
_ASKED = (c.OpenCase, c.HearMoment, c.SettleItem)


def decide(
    state: State | None,
    command: c.Command,
    pathway: Pathway,
    directory: Directory,
    actor: str,
    now: datetime,
    occurred: datetime | None = None,
    onto: Pathway | None = None,
) -> Decision:
    """What ``command`` by ``actor`` at ``now`` comes to. ``state`` is left as it was.

    ``now`` is the recorded time (aware, UTC, not before the stream's last); ``occurred`` is when it is said to have happened;
    ``onto`` is the edition that ``MoveEdition`` names.
    """
    try:
        if isinstance(command, c.OpenCase):
            work = _begin(state, command, pathway, directory, actor, now, occurred or now)
            open_case(work, command)
            take_up(work, command.items)
        else:
            if state is None:
                return Refusal("unknown_case", "There is no such case.")
            work = Work(state.copy(), pathway, directory, actor, now, occurred or now)
            if isinstance(command, c.MoveEdition):
                if onto is None:
                    return Refusal("unknown_edition", "There is no such edition.")
                move_edition(work, command, onto)
            else:
                _DEEDS[type(command)](work, command)
    except Refused as refused:
        return refused.refusal
    _assert_held(work.state)
    if _without_clock(work.state):
        if actor == SYSTEM and not isinstance(command, _ASKED):
            raise BrokenPromise("an open case needs a running clock")
        return Refusal("would_leave_no_clock", NO_CLOCK)
    return Accepted(tuple(work.events), work.state, tuple(work.asks))


def _begin(
    state: State | None,
    command: c.OpenCase,
    pathway: Pathway,
    directory: Directory,
    actor: str,
    now: datetime,
    occurred: datetime,
) -> Work:
    if state is not None:
        raise Refused(Refusal("already_open", "This case exists already."))
    refusal = refuse_opening(command, pathway, directory)
    if refusal is not None:
        raise Refused(refusal)
    opened = e.CaseOpened(
        command.case,
        pathway.id,
        pathway.digest,
        pathway.kind,
        command.subject,
        command.parties,
        now,
        now + pathway.window_length,
        command.origin,
        command.hears,
        command.history,
    )
    return Work(fold(None, opened), pathway, directory, actor, now, occurred, [opened])


def _assert_held(state: State) -> None:
    """With ``_without_clock`` the two promises of the whole system, checked on every decision in production too (I1, I3)."""
    if not state.holder:
        raise BrokenPromise("a case without a holder cannot be recorded")


def _without_clock(state: State) -> bool:
    return state.status == "open" and not state.owes()
