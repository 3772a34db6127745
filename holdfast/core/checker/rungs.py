"""P3: each ladder, climbed alone on the engine, tells a person at every rung, ends at the last resort and repeats (ESC-01)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.checker.cone import TooDeep, tests_of
from holdfast.core.checker.moves import Move, opening, with_next_rung_due
from holdfast.core.checker.people import START, everybody_away
from holdfast.core.checker.replay import Replay
from holdfast.core.checker.story import tell
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import QUESTIONED, Finding
from holdfast.core.decide import Accepted, decide
from holdfast.core.parties import Directory
from holdfast.core.pathway import NOTHING_ELSE, Ladder, Obligation, Opening, Pathway
from holdfast.core.state import State
from holdfast.core.who import LAST_RESORT
from holdfast.core.work import SYSTEM


def check_rungs(trial: Trial) -> Iterator[Finding]:
    pathway = trial.pathway
    for ladder in pathway.ladders:
        yield from _written(trial, ladder)
    climbed: set[tuple[str, str]] = set()
    for owed in pathway.obligations:
        if (owed.ladder, owed.owed_by) not in climbed:
            climbed.add((owed.ladder, owed.owed_by))
            yield from _climbed(trial, owed, trial.directory)
            yield from _climbed(trial, owed, everybody_away(trial.directory))
        yield from _signable(trial, owed)
        yield from _not_by_itself(trial, owed)


def _written(trial: Trial, ladder: Ladder) -> Iterator[Finding]:
    last = ladder.rungs[-1]
    place = ("ladders", ladder.id, len(ladder.rungs) - 1)
    if last.every is None:
        yield trial.refuted("The last rung does not repeat: the ladder falls silent.", "End with then-every.", place)
    if last.tell != LAST_RESORT:
        yield trial.refuted("The ladder does not end at the last resort.", "End with tell: last-resort.", place)
    for number, rung in enumerate(ladder.rungs[1:-1], 1):
        if rung.after is None:
            says = "This rung has no time: the ladder would never come to it."
            yield trial.refuted(says, "Add after.", ("ladders", ladder.id, number))


def _climbed(trial: Trial, owed: Obligation, directory: Directory) -> Iterator[Finding]:
    """The promise alone in a pathway, nobody acting but for one acknowledgement; each firing must call a person and arm the next."""
    alone = alone_in(trial.pathway, owed)
    decision = opening(alone, directory)
    place = ("ladders", owed.ladder)
    if not isinstance(decision, Accepted):
        yield trial.unknown(f"the ladder could not be tried: {decision.says}", place)
        return
    state, rungs = decision.state, trial.pathway.get_ladder(owed.ladder).rungs
    told: list[e.RungFired] = []
    for turn in range(len(rungs) + 3):
        trial.explored[trial.asking] += 1
        promise = next(p for p in state.promises.values() if p.kind == owed.id and p.owed)
        if turn == 1:
            state = _acknowledged(alone, directory, state, promise.id)
            promise = state.promises[promise.id]
        fired = decide(with_next_rung_due(state, promise, START), c.FireClocks(), alone, directory, SYSTEM, START)
        calls = [x for x in fired.events if isinstance(x, e.RungFired)] if isinstance(fired, Accepted) else []
        if not isinstance(fired, Accepted) or not calls or calls[-1].climbs <= START:
            yield trial.refuted(f"Rung {turn + 1} of '{owed.ladder}' calls nobody.", "Give each rung its time.", place)
            return
        told += calls
        state = fired.state
    last = {one.last_resort for one in directory.organisations.values()}
    if not all(call.told in directory.staff for call in told) or any(call.told not in last for call in told[-2:]):
        yield trial.refuted(
            f"'{owed.ladder}' does not end at the last-resort person.", "End with tell: last-resort.", place
        )


def alone_in(pathway: Pathway, owed: Obligation) -> Pathway:
    """A pathway in which this promise is owed from the opening and nothing else is."""
    quiet = replace(
        owed,
        opens=(Opening("opened"),),
        when_opened=NOTHING_ELSE,
        when_met=NOTHING_ELSE,
        when_breached=NOTHING_ELSE,
        due=replace(owed.due, fact=""),
    )
    return replace(pathway, obligations=(quiet,), steps=(), endpoints=())


def _acknowledged(pathway: Pathway, directory: Directory, state: State, promise: str) -> State:
    """Somebody says "I am on it", and does nothing: the ladder must climb on."""
    held = decide(state, c.Acknowledge(promise), pathway, directory, state.holder, START)
    return held.state if isinstance(held, Accepted) else state


def _signable(trial: Trial, owed: Obligation) -> Iterator[Finding]:
    """Whoever is called in the end can settle it: by evidence, by a deed, or by a sign-off."""
    signers = owed.waived_by or any("supervisor" in party.duties for party in trial.pathway.parties)
    if not (owed.records or owed.met_by or owed.not_applicable or signers):
        says = f"Nobody can ever settle “{owed.owed}”: its ladder calls people who can do nothing."
        yield trial.refuted(says, "Add met-by, records or waived-by.", ("obligations", owed.id))


def _not_by_itself(trial: Trial, owed: Obligation) -> Iterator[Finding]:
    """A clock that runs out must call somebody: its own effects must not settle what it is about, unless they open another promise."""
    if not owed.when_breached.emits:
        return
    place = ("obligations", owed.id, "when-breached")

    emitted = set(owed.when_breached.emits)
    followers = [o.id for o in trial.pathway.obligations if o.id != owed.id and emitted & {x.moment for x in o.opens}]

    def silent(state: State, move: Move, decision: Accepted) -> bool:
        if move.deed != "run-out" or move.target != owed.id:
            return False
        if any(isinstance(x, e.RungFired) and x.id.startswith(f"{owed.id}#") for x in decision.events):
            return False
        opened = {x.id for x in decision.events if isinstance(x, e.ObligationOpened) and x.kind != owed.id}
        return not any(promise.id in opened and promise.owed for promise in decision.state.promises.values())

    for without in trial.gates_held_open():
        try:
            found = trial.explore(trial.slice(kinds=[owed.id, *followers], without=without), seen=silent)
        except TooDeep as deep:
            yield trial.unknown(str(deep), place)
            return
        if found.found is None:
            return
        shown = trial.replay(found.path_to(found.found))
        says = f"When the clock of “{owed.owed}” runs out, that itself settles it: nobody is called, and silence counts as done."
        if shown.whole and _calls_nobody(shown, owed):
            remedy = "Take the moment out of its own met-by, or out of when-breached; or let it open another promise."
            if _is_a_timer(trial, owed):
                says = f"When the clock of “{owed.owed}” runs out, that itself settles it and nobody is called; what it shuts is shut."
                yield Finding(trial.asking, QUESTIONED, says, remedy, place, tell(trial.pathway, shown, says))
            else:
                yield trial.refuted(says, remedy, place, shown)
            return
    yield trial.unknown("a clock that settles itself could not be shown on the engine", place)


def _is_a_timer(trial: Trial, owed: Obligation) -> bool:
    """It does not recur, and a gate or the sharing reads the moment: it is there to run out, as a consent that lapses."""
    conditions = [trial.pathway.sharing, *(gate.when for gate in trial.pathway.gates)]
    read = {test.fact for condition in conditions for test in tests_of(condition)}
    return owed.every is None and any(f"moment.{moment}" in read for moment in owed.when_breached.emits)


def _calls_nobody(shown: Replay, owed: Obligation) -> bool:
    decision = shown.played[-1].decision
    events = decision.events if isinstance(decision, Accepted) else ()
    return not any(
        isinstance(x, e.RungFired) or (isinstance(x, e.ObligationOpened) and x.kind != owed.id) for x in events
    )
