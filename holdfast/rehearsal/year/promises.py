"""What must hold at every event of a year: the invariants I1 to I14, checked from the events and the state alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from holdfast.core import events as e
from holdfast.core.conditions import holds
from holdfast.core.facts import facts_of
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.state import OWED, State
from holdfast.core.work import SYSTEM
from holdfast.deliveries.addressing import TEAM, kind_of
from holdfast.deliveries.channels.wording import WORDINGS
from holdfast.rehearsal.year.basis import Basis, Unreadable


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of one case: the state before and after, who asked for what, and when; ``basis`` is its record before the entry."""

    was: State | None
    now: State
    events: Sequence[e.Event]
    kind: str
    actor: str
    at: datetime
    pathway: Pathway
    directory: Directory
    replays: bool = True
    basis: Basis = field(default_factory=Basis)


Found = Iterator[str]


def broken(seen: Seen) -> list[str]:
    """Each broken promise in a sentence that begins with its number; empty when all hold."""
    return [f"{name}: {says}" for name, check in CHECKS.items() for says in check(seen)]


def one_holder(seen: Seen) -> Found:
    """I1: exactly one named, active person is accountable, at every instant until the end."""
    person = seen.directory.staff.get(seen.now.holder)
    if person is None:
        yield f"nobody called {seen.now.holder!r} holds the case"
    elif not person.active and seen.now.status == "open" and seen.kind != "NoteSent":
        yield f"{person.id} holds the case and has left"


def moved_by_name(seen: Seen) -> Found:
    """I2: responsibility moves only where the pathway or a person says so, never because something was sent."""
    for event in seen.events:
        if isinstance(event, e.HolderMoved) and not event.why:
            yield f"the case moved to {event.to} and nothing says why"
        if isinstance(event, e.HolderMoved) and seen.kind in ("NoteSent", "FillPacket"):
            yield f"the case moved to {event.to} on {seen.kind}"
    moved = next((event for event in seen.events if isinstance(event, e.HolderMoved)), None)
    step = next((event for event in seen.events if isinstance(event, e.StepTaken)), None)
    if moved is not None and step is not None and seen.was is not None:
        spec = seen.pathway.find_step(step.step)
        if spec is not None and spec.moves_to and spec.packet:
            yield f"{step.step} sends and moves responsibility at once"


def clock_runs(seen: Seen) -> Found:
    """I3: every open obligation has a running clock, and an open case has one."""
    owed = [promise for promise in seen.now.promises.values() if promise.status in OWED]
    yield from (f"{promise.id} has no clock" for promise in owed if not promise.clock or promise.rings is None)
    if seen.now.status == "open" and not owed:
        yield "an open case has no running clock"


def nothing_passes(seen: Seen) -> Found:
    """I4: no clock passes without being fired."""
    if seen.kind == "FireClocks":
        late = [promise.id for promise in seen.now.promises.values() if promise.owed and promise.rings <= seen.at]
        yield from (f"{id} was due and did not fire" for id in late)


def next_rung(seen: Seen) -> Found:
    """I5: every clock that fired called a person, and has another clock."""
    for event in seen.events:
        if isinstance(event, e.RungFired):
            if event.told not in seen.directory.staff:
                yield f"the ladder of {event.id} called nobody"
            promise = seen.now.promises[event.id]
            if promise.owed and not promise.climbs > seen.at:
                yield f"the ladder of {event.id} ends here"


def answered_by_a_person(seen: Seen) -> Found:
    """I6: no escalation is closed without a person's recorded response."""
    for event in seen.events:
        if isinstance(event, e.ObligationMet | e.ObligationWaived) and seen.actor == SYSTEM:
            before = seen.was.promises.get(event.id) if seen.was is not None else None
            if before is not None and before.rung > 0:
                yield f"{event.id} climbed and was closed by no person"


def defined_end(seen: Seen) -> Found:
    """I7 and I8: a case ends only at a defined endpoint whose gates hold or were signed for; sent is never one."""
    for event in seen.events:
        if isinstance(event, e.CaseClosed):
            endpoint = seen.pathway.find_endpoint(event.endpoint)
            if endpoint is None or seen.was is None:
                yield f"{event.endpoint} is no endpoint"
                continue
            facts = facts_of(seen.was, seen.pathway, seen.directory, event.answers, event.endpoint)
            shut = [gate for gate in map(seen.pathway.get_gate, endpoint.needs) if not holds(gate.when, facts)]
            if shut and endpoint.id not in seen.was.grants:
                yield f"{endpoint.id} was reached past {', '.join(gate.id for gate in shut)}"


def replays(seen: Seen) -> Found:
    """I9: the events of the entry, folded onto the case before, come to what is kept."""
    if not seen.replays:
        yield f"{seen.kind} left a case that its events do not fold to"


def shared_lawfully(seen: Seen) -> Found:
    """I12: nothing leaves for another team before the case has on record what allows it: neither a question nor a message.

    A version that is fixed has not left; the message that shows it has, once it is told to be sent. Staff see it in the house."""
    for place, event in enumerate(seen.events):
        if isinstance(event, e.OffersMade | e.NoticeSent):
            yield from _unfounded(event, seen.basis.after(seen.events[:place]), seen.pathway)


def _unfounded(event: e.OffersMade | e.NoticeSent, basis: Basis, pathway: Pathway) -> Found:
    for team in _reached(event, basis):
        try:
            if not basis.is_own(team, pathway) and not basis.allows(pathway):
                yield f"{type(event).__name__} reached {team}, and nothing on record allows it"
        except Unreadable as unreadable:
            yield str(unreadable)


def _reached(event: e.OffersMade | e.NoticeSent, basis: Basis) -> tuple[str, ...]:
    """The teams to which something of the case leaves with this event; a message without a link shows nothing of it."""
    if isinstance(event, e.OffersMade):
        return event.teams
    issued = basis.notices[event.key]
    kind, _, team = issued.to.partition(":")
    return (team,) if kind == TEAM and WORDINGS[kind_of(issued.notice)].has_link else ()


def failure_climbs(seen: Seen) -> Found:
    """I11: a message that failed moves its ladder on, or opens what somebody owes."""
    if seen.kind == "NoteFailed" and seen.was is not None:
        failed = next((event for event in seen.events if isinstance(event, e.NoticeFailed)), None)
        promise = seen.was.promises.get(seen.was.notices.get(failed.key, "")) if failed is not None else None
        if promise is not None and promise.owed:
            ladder = seen.pathway.get_ladder(seen.pathway.get_obligation(promise.kind).ladder)
            if promise.rung < len(ladder.rungs) and not any(isinstance(event, e.RungFired) for event in seen.events):
                yield f"a message about {promise.id} failed and its ladder stood still"


def acuity_kept(seen: Seen) -> Found:
    """I13: acuity never falls without an author and a reason once it was judged or sent, and a rise only tightens clocks."""
    rank, raised = seen.pathway.tier_rank, False
    due: dict[str, datetime] = {}  # as it was before the event, where this entry moved it already
    for event in seen.events:
        if isinstance(event, e.TierSet) and event.was:
            raised = rank(event.tier) < rank(event.was)
            judged = seen.was is not None and bool(seen.was.packet_version or seen.was.judged)
            if not raised and event.by == "rule" and judged:
                yield f"the tier fell from {event.was} to {event.tier} by itself"
        elif isinstance(event, e.ObligationRetimed):
            before = seen.was.promises.get(event.id) if seen.was is not None else None
            was_due = due.get(event.id, before.due if before is not None else event.due)
            if raised and event.because.startswith("the tier") and event.due > was_due:
                yield f"{event.id} got later when the tier rose"
            due[event.id] = event.due


def owner_is_there(seen: Seen) -> Found:
    """I14: what opens or moves goes to somebody who is there, or says why not."""
    for event in seen.events:
        if isinstance(event, e.ObligationOpened) and not (event.alarm or _is_there(event.owner, seen)):
            yield f"{event.id} opened for {event.owner}, who is away"


def _is_there(staff: str, seen: Seen) -> bool:
    """Read from the directory's plain entries, not by its own look-up, which is what placed the promise."""
    person = seen.directory.staff.get(staff)
    away = any(one.staff == staff and one.start <= seen.at < one.end for one in seen.directory.absences)
    return person is not None and person.active and not away


CHECKS: dict[str, Callable[[Seen], Found]] = {
    "I1": one_holder,
    "I2": moved_by_name,
    "I3": clock_runs,
    "I4": nothing_passes,
    "I5": next_rung,
    "I6": answered_by_a_person,
    "I7": defined_end,
    "I9": replays,
    "I11": failure_climbs,
    "I12": shared_lawfully,
    "I13": acuity_kept,
    "I14": owner_is_there,
}
