"""Clocks that ran out: breach, climb, end of the window. What came a second earlier leaves nothing to do (HZ-77)."""

from __future__ import annotations

from holdfast.core import events as e
from holdfast.core.commands import FireClocks, NoteFailed, NoteSent
from holdfast.core.ladders import climb
from holdfast.core.moments import carry_out, mark
from holdfast.core.packets import tell_complete
from holdfast.core.promises import move_holder
from holdfast.core.refusals import Refusal
from holdfast.core.state import OPEN, Promise
from holdfast.core.work import SYSTEM, Refused, Work

#: Lateness below this is the ordinary beat of the worker and needs no explanation, in seconds.
ON_TIME = 5
#: No decision fires more than this many clocks of one case; the rest are due at once again.
MOST_AT_ONCE = 200


def fire_clocks(work: Work, command: FireClocks) -> None:
    """Fire everything due by now, oldest first within the case; each once, because firing arms another clock."""
    by_machine(work)
    tell_complete(work)
    _replace_who_left(work)
    fired = 0
    ready = [p.id for p in work.state.owed() if p.rings <= work.now]
    for id in ready[:MOST_AT_ONCE]:
        promise = work.state.promises[id]
        if promise.owed and promise.rings <= work.now:
            _fire(work, promise, command.why_late)
            fired += 1
    rings = work.state.window_rings
    if rings is not None and rings <= work.now:
        work.add(e.WindowEnded(rings, work.now))
        mark(work, "window-ended", work.now)
        fired += 1
    if not fired:
        raise Refused(Refusal("nothing_due", "No clock of this case is due."))


def _replace_who_left(work: Work) -> None:
    """A closed account cannot answer for anybody: whoever stands in for them holds the case by name, and is told (OWN-01)."""
    holder = work.directory.staff.get(work.state.holder)
    if work.state.status == "open" and (holder is None or not holder.active):
        move_holder(work, "holder", "the holder left")
        work.tell("holder", "rung")


def _fire(work: Work, promise: Promise, why_late: str) -> None:
    if promise.status == OPEN and promise.due <= work.now:
        late = max(0, int((work.now - promise.due).total_seconds()))
        why = (why_late or "the worker came to it late") if late > ON_TIME else ""
        climbing = promise.climbs <= work.now
        clock = "" if climbing else work.new_clock()
        work.add(
            e.ObligationBreached(
                promise.id, promise.due, work.now, late, why, clock, None if climbing else promise.climbs
            )
        )
        spec = work.pathway.find_obligation(promise.kind)
        if spec is not None:
            carry_out(work, spec.when_breached, work.now, promise.id)
        promise = work.state.promises[promise.id]
    if promise.owed and promise.climbs <= work.now:
        climb(work, promise, "nobody acted in time")


def note_sent(work: Work, command: NoteSent) -> None:
    by_machine(work)
    _known(work, command.key)
    work.add(e.NoticeSent(command.key, command.channel, command.at))


def note_failed(work: Work, command: NoteFailed) -> None:
    """A failure or a bounce is an event the case answers: the ladder it belonged to climbs now, not at its next time (HZ-78, REC-01).

    On the last rung it waits for its time: where nothing can be delivered the ladder must not run as fast as messages fail."""
    by_machine(work)
    about = _known(work, command.key)
    work.add(e.NoticeFailed(command.key, command.channel, command.code, command.at))
    promise = work.state.promises.get(about)
    if promise is not None and promise.owed:
        ladder = work.pathway.get_ladder(work.pathway.get_obligation(promise.kind).ladder)
        if promise.rung < len(ladder.rungs):
            climb(work, promise, "the message could not be delivered")
    elif not about:
        mark(work, "delivery-failed", work.now)


def by_machine(work: Work) -> None:
    """Refuses everybody but the machine itself."""
    if work.actor != SYSTEM:
        raise Refused(Refusal("not_by_hand", "Clocks and channels report this themselves; nobody does it by hand."))


def _known(work: Work, key: str) -> str:
    about = work.state.notices.get(key)
    if about is None:
        raise Refused(
            Refusal("unknown_notice", "This case issued no such message, or its failure is recorded already.")
        )
    return about
