"""State is a fold of events: no time is computed here, and neither edition nor directory is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from holdfast.core import events as e
from holdfast.core.pools import parts_of
from holdfast.core.state import Moment, Promise, State


def fold(state: State | None, event: e.Event) -> State:
    """``state`` moved on by one event. The state given is changed; copy it first to keep it."""
    if isinstance(event, e.CaseOpened):
        return _opened(event)
    if state is None:
        raise ValueError("a case begins with CaseOpened")
    _FOLDS[type(event)](state, event)
    state.number += 1
    return state


def fold_all(events: Iterable[e.Event]) -> State | None:
    state: State | None = None
    for event in events:
        state = fold(state, event)
    return state


def _opened(event: e.CaseOpened) -> State:
    return State(
        case=event.case,
        pathway=event.pathway,
        edition=event.edition,
        kind=event.kind,
        subject=event.subject,
        opened=event.at,
        window_ends=event.window_ends,
        parties=dict(event.parties),
        number=1,
        origin=event.origin,
        hears=event.hears,
        history=event.history,
    )


def _begun(state: State, event: e.CaseBegun) -> None:
    state.begun[event.case] = event.pathway


def _taken_up(state: State, event: e.ItemTakenUp) -> None:
    state.items[event.item.place] = event.item


def _settled(state: State, event: e.ObligationSettled) -> None:
    _change(state, event.id, status=event.how)


def _dropped(state: State, event: e.AskDropped) -> None:
    state.begun.pop(event.case, None)


def _holder(state: State, event: e.HolderMoved) -> None:
    state.holder = event.to


def _duty(state: State, event: e.DutyAssigned) -> None:
    state.duties[event.duty] = event.staff


def _party(state: State, event: e.PartyChosen) -> None:
    _leave_pools(state, state.parties.get(event.party, ""))
    state.parties[event.party] = event.team
    _forget_duties(state, event.party)


def _offers(state: State, event: e.OffersMade) -> None:
    state.offered[event.party] = {**state.offered.get(event.party, {}), **dict.fromkeys(event.teams, "open")}
    state.parties.pop(event.party, None)
    _forget_duties(state, event.party)


def _taken(state: State, event: e.OfferTaken) -> None:
    state.offered[event.party] = {**state.offered[event.party], event.team: "taken"}
    state.parties[event.party] = event.team
    _forget_duties(state, event.party)


def _declined(state: State, event: e.OfferDeclined) -> None:
    state.offered[event.party] = {**state.offered[event.party], event.team: "declined"}


def _withdrawn(state: State, event: e.OfferWithdrawn) -> None:
    state.offered[event.party] = {**state.offered[event.party], event.team: "withdrawn"}


def _forget_duties(state: State, party: str) -> None:
    for duty in [duty for duty in state.duties if duty.startswith(party + ".")]:
        del state.duties[duty]


def _named(state: State, event: e.RoleNamed) -> None:
    state.named[event.named] = event.staff


def _filled(state: State, event: e.PacketFilled) -> None:
    changed = [id for id, answer in event.fields.items() if state.packet.get(id) != answer]
    state.packet.update(event.fields)
    state.packet_changed = tuple(sorted({*state.packet_changed, *changed}))


def _sent(state: State, event: e.PacketSent) -> None:
    state.packet_version = event.version
    state.packet_missing = event.missing
    state.packet_changed = ()


def _tier(state: State, event: e.TierSet) -> None:
    state.tier = event.tier
    state.tier_by = event.by
    state.judged = state.judged or event.by != "rule"


def _step(state: State, event: e.StepTaken) -> None:
    state.step_answers.update(event.answers)
    _forget_override(state, event.step)


def _moment(state: State, event: e.MomentMarked) -> None:
    was = state.moments.get(event.moment)
    at = event.occurred
    state.moments[event.moment] = (
        Moment(1, at, at) if was is None else Moment(was.count + 1, min(was.first, at), max(was.last, at))
    )


def _forgotten(state: State, event: e.MomentsForgotten) -> None:
    for moment in event.moments:
        state.moments.pop(moment, None)


def _promised(state: State, event: e.ObligationOpened) -> None:
    state.promises[event.id] = Promise(
        id=event.id,
        kind=event.kind,
        status="open",
        owner=event.owner,
        owed_by=event.owed_by,
        started_by=event.started_by,
        started=event.started,
        due=event.due,
        rule=event.rule,
        zone=event.zone,
        climbs=event.climbs,
        clock=event.clock,
        rings=event.rings,
        tier=event.tier,
        about=event.about,
        survives_close=event.survives_close,
        opened_by=event.opened_by,
        counts_from=event.counts_from,
        before=event.before,
    )
    state.armed += 1


def _retimed(state: State, event: e.ObligationRetimed) -> None:
    _change(
        state,
        event.id,
        due=event.due,
        rule=event.rule,
        climbs=event.climbs,
        clock=event.clock,
        rings=event.rings,
        tier=event.tier,
    )
    state.armed += 1


def _met(state: State, event: e.ObligationMet) -> None:
    _change(state, event.id, status=event.how, ended=event.occurred)
    state.step_answers.update(event.answers)
    for step, sign_off in list(state.asked.items()):
        if sign_off == event.id:
            del state.asked[step]
            decision = event.answers.get("sign-off.decision")
            if decision is not None and decision.value == "agreed":
                state.grants[step] = event.id
            else:
                state.overridable.pop(step, None)


def _waived(state: State, event: e.ObligationWaived) -> None:
    _change(state, event.id, status=event.how)


def _stopped(state: State, event: e.ObligationStopped) -> None:
    _change(state, event.id, status="stopped")
    if state.status != "open":
        state.halted = (*state.halted, event.id)


def _breached(state: State, event: e.ObligationBreached) -> None:
    _change(state, event.id, status="breached", breached=event.noticed)
    if event.clock:
        _change(state, event.id, clock=event.clock, rings=event.rings)
        state.armed += 1


def _fired(state: State, event: e.RungFired) -> None:
    _change(
        state,
        event.id,
        rung=event.rung + 1,
        turn=event.turn,
        climbs=event.climbs,
        clock=event.clock,
        rings=event.rings,
        held_by="",
    )
    state.armed += 1


def _held(state: State, event: e.LadderHeld) -> None:
    _change(state, event.id, climbs=event.climbs, clock=event.clock, rings=event.rings, held_by=event.by)
    state.armed += 1


def _owner(state: State, event: e.OwnerMoved) -> None:
    _change(state, event.id, owner=event.to)
    if event.owed_by:
        _change(state, event.id, owed_by=event.owed_by)


def _issued(state: State, event: e.NoticeIssued) -> None:
    state.notices[event.key] = event.about
    state.issued += 1


def _notice_sent(state: State, event: e.NoticeSent) -> None:
    pass


def _notice_failed(state: State, event: e.NoticeFailed) -> None:
    state.notices.pop(event.key, None)


def _overridden(state: State, event: e.GateOverridden) -> None:
    _forget_override(state, event.step)


def _forget_override(state: State, step: str) -> None:
    for held in (state.grants, state.asked, state.overridable):
        held.pop(step, None)


def _asked(state: State, event: e.OverrideAsked) -> None:
    state.grants.pop(event.step, None)
    state.asked[event.step] = event.sign_off
    state.overridable[event.step] = event.gates


def _closed(state: State, event: e.CaseClosed) -> None:
    state.status = "closed"
    state.endpoint = event.endpoint
    state.step_answers.update(event.answers)
    state.halted = ()
    for held in (state.grants, state.asked, state.overridable, state.slots, state.waits, state.proposed):
        held.clear()


def _ended(state: State, event: e.WindowEnded) -> None:
    if state.status == "closed":
        state.status = "ended"
    state.window_clock, state.window_rings = "", None


def _reopened(state: State, event: e.CaseReopened) -> None:
    state.status = "open"
    state.endpoint = ""


def _window(state: State, event: e.WindowArmed) -> None:
    state.window_clock, state.window_rings = event.clock, event.rings
    state.window_ends = event.rings
    state.armed += 1


def _leave_pools(state: State, team: str) -> None:
    """Slots are of a team: with another team they are given back, and the waiting there ends."""
    gone = {pool for pool in (*state.waits, *(pool for pool, _ in state.slots.values())) if parts_of(pool)[0] == team}
    state.slots = {field: held for field, held in state.slots.items() if held[0] not in gone}
    for pool in gone:
        state.waits.pop(pool, None)
        state.proposed.pop(pool, None)


def _slot(state: State, event: e.SlotTaken) -> None:
    state.slots[event.field] = (event.pool, event.slot)
    state.waits.pop(event.pool, None)
    state.proposed.pop(event.pool, None)


def _waits(state: State, event: e.WaitBegun) -> None:
    state.waits[event.pool] = "waiting"


def _proposed(state: State, event: e.SlotProposed) -> None:
    state.proposed[event.pool] = event.slot


def _forgone(state: State, event: e.SlotForgone) -> None:
    state.proposed.pop(event.pool, None)


def _edition(state: State, event: e.EditionMoved) -> None:
    state.edition = event.to
    for id, kind in event.kinds.items():
        _change(state, id, kind=kind)
    for id, owed_by in event.owes.items():
        _change(state, id, owed_by=owed_by)


def _change(state: State, promise: str, **values: Any) -> None:
    # What replace() does, without asking each field for its rules.
    held = dict(zip(_PROMISE, _VALUES(state.promises[promise]), strict=True))
    held.update(values)
    state.promises[promise] = Promise(**held)


_PROMISE = tuple(each.name for each in fields(Promise))
_VALUES = attrgetter(*_PROMISE)


_FOLDS: dict[type, Callable[[State, Any], None]] = {
    e.HolderMoved: _holder,
    e.DutyAssigned: _duty,
    e.PartyChosen: _party,
    e.OffersMade: _offers,
    e.OfferTaken: _taken,
    e.OfferDeclined: _declined,
    e.OfferWithdrawn: _withdrawn,
    e.RoleNamed: _named,
    e.PacketFilled: _filled,
    e.PacketSent: _sent,
    e.TierSet: _tier,
    e.StepTaken: _step,
    e.MomentMarked: _moment,
    e.MomentsForgotten: _forgotten,
    e.ObligationOpened: _promised,
    e.ObligationRetimed: _retimed,
    e.ObligationMet: _met,
    e.ObligationWaived: _waived,
    e.ObligationStopped: _stopped,
    e.ObligationBreached: _breached,
    e.RungFired: _fired,
    e.LadderHeld: _held,
    e.OwnerMoved: _owner,
    e.NoticeIssued: _issued,
    e.NoticeSent: _notice_sent,
    e.NoticeFailed: _notice_failed,
    e.GateOverridden: _overridden,
    e.OverrideAsked: _asked,
    e.CaseClosed: _closed,
    e.WindowEnded: _ended,
    e.CaseReopened: _reopened,
    e.EditionMoved: _edition,
    e.WindowArmed: _window,
    e.SlotTaken: _slot,
    e.WaitBegun: _waits,
    e.SlotProposed: _proposed,
    e.SlotForgone: _forgone,
    e.CaseBegun: _begun,
    e.AskDropped: _dropped,
    e.ItemTakenUp: _taken_up,
    e.ObligationSettled: _settled,
}
