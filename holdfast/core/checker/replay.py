"""Doing a trace again on the whole pathway, from the opening: what is shown has happened on the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.core import commands as c
from holdfast.core.answers import GIVEN, Answer
from holdfast.core.checker.cone import heard
from holdfast.core.checker.moves import OPENING, REASON, Move, Staff, opening, perform, with_only_this_due
from holdfast.core.checker.people import START
from holdfast.core.checker.readying import readying
from holdfast.core.checker.reduction import ANY_END
from holdfast.core.decide import Accepted, BrokenPromise, Decision, decide
from holdfast.core.parties import Directory
from holdfast.core.pathway import Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import State
from holdfast.core.work import SYSTEM


@dataclass(frozen=True, slots=True)
class Played:
    """One move as it went. ``broke`` says what the engine would not do."""

    move: Move
    actor: str
    decision: Decision | None
    broke: str = ""

    @property
    def accepted(self) -> bool:
        return isinstance(self.decision, Accepted)


@dataclass(slots=True)
class Replay:
    """``state`` is where the case stands after the last move that was accepted."""

    played: list[Played]
    state: State | None = None

    @property
    def at(self) -> State:
        """Where the case stands. Raises ``LookupError`` if it could not even be opened."""
        if self.state is None:
            raise LookupError("the case was never opened")
        return self.state

    @property
    def whole(self) -> bool:
        return all(one.accepted for one in self.played)

    @property
    def ended_as(self) -> str:
        """The code of the refusal that stopped it, or what broke; nothing if all went through."""
        last = self.played[-1]
        return last.broke or (
            last.decision.code if isinstance(last.decision, Refusal) else "" if last.decision else "nobody"
        )

    def add(self, played: Played) -> bool:
        self.played.append(played)
        if isinstance(played.decision, Accepted):
            self.state = played.decision.state
        return played.accepted


def replay(
    pathway: Pathway,
    directory: Directory,
    moves: Iterable[Move],
    may: Staff = lambda staff: True,
    last_may: Staff | None = None,
) -> Replay:
    """``may`` says who acts; ``last_may`` who makes the last move, where that is the question."""
    moves, now, done = tuple(moves), START, Replay([])
    first = moves[0] if moves and moves[0].deed == "open" else OPENING
    if not done.add(_opened(pathway, directory, first)):
        return done
    moves = moves[1:] if first is not OPENING else moves
    for number, move in enumerate(moves, 1):
        allowed = last_may if last_may is not None and number == len(moves) else may
        if not _play(done, pathway, directory, move, allowed, now):
            break
        now += move.later
    return done


def _opened(pathway: Pathway, directory: Directory, move: Move) -> Played:
    try:
        return Played(move, pathway.holder_at_opening, opening(pathway, directory, move))
    except BrokenPromise as broken:
        return Played(move, pathway.holder_at_opening, None, str(broken))
    except RecursionError:
        return Played(move, pathway.holder_at_opening, None, "endless")


def _play(done: Replay, pathway: Pathway, directory: Directory, move: Move, may: Staff, now: datetime) -> bool:
    tried: list[Played] = []
    for real in _as_it_comes(pathway, move):
        for before in readying(pathway, directory, done.at, real, now):
            ready = _once(pathway, directory, done.at, before, may, now)
            if ready.accepted:
                done.add(ready)
        played = _once(pathway, directory, done.at, real, may, now)
        shut = isinstance(played.decision, Refusal) and played.decision.code == "gate_shut"
        if shut and _signed_off(done, pathway, directory, real, may, now):
            played = _once(pathway, directory, done.at, real, may, now)
        if played.accepted:
            return done.add(played)
        tried.append(played)
    if any(isinstance(one.decision, Refusal) and one.decision.code == "nothing_changed" for one in tried):
        return True  # It was named already, when a gate asked for it.
    return done.add(tried[-1] if tried else Played(move, "", None, "nothing of this pathway brings it about"))


def _once(pathway: Pathway, directory: Directory, state: State, move: Move, may: Staff, now: datetime) -> Played:
    try:
        done = _outside(pathway, directory, state, move, now) or perform(pathway, directory, state, move, may, now)
    except BrokenPromise as broken:
        return Played(move, SYSTEM, None, str(broken))
    except RecursionError:
        return Played(move, SYSTEM, None, "endless")
    return Played(move, done[1], done[0]) if done is not None else Played(move, "", None, "nobody may")


def _as_it_comes(pathway: Pathway, move: Move) -> Iterator[Move]:
    """The moves of the whole pathway that a move of a slice stands for."""
    if move.deed == "close" and move.target == ANY_END:
        yield from (Move("close", endpoint.id) for endpoint in pathway.endpoints)
    elif move.deed == "outside" and move.target in ("tier-raised", "tier-lowered"):
        yield from (
            Move(move.target.removeprefix("tier-").removesuffix("d").replace("lowere", "lower"), t.id)
            for t in pathway.tiers
        )
    elif move.deed == "fill":
        # What is filled in already, because a gate asked for it, is written anew in other words.
        yield move
        anew = {id: replace(answer, sealed=f"{answer.sealed} anew") for id, answer in move.filled if answer.sealed}
        yield replace(move, filled=tuple((id, anew.get(id, answer)) for id, answer in move.filled))
    else:
        yield move


def _outside(
    pathway: Pathway, directory: Directory, state: State, move: Move, now: datetime
) -> tuple[Decision, str] | None:
    """What comes from outside, as the engine would hear of it."""
    state = with_only_this_due(state, "", now)
    if move.deed == "outside" and move.target == "delivery-failed":
        state.notices["trial.notice"] = ""
        failed = c.NoteFailed("trial.notice", "email", "550", now)
        return decide(state, failed, pathway, directory, SYSTEM, now), SYSTEM
    if move.deed == "outside" and move.target in heard(pathway):
        return decide(state, c.HearMoment(move.target, now), pathway, directory, SYSTEM, now), SYSTEM
    if move.deed == "outside" and move.target == "window-ended" and state.window_rings is not None:
        state.window_rings = now
        return decide(state, c.FireClocks(), pathway, directory, SYSTEM, now), SYSTEM
    return None


def _signed_off(done: Replay, pathway: Pathway, directory: Directory, move: Move, may: Staff, now: datetime) -> bool:
    """A sign-off for the shut gates is asked for and agreed; the record of the replay shows both."""
    ask = c.AskOverride(move.target, REASON)
    if not _first_who_may(done, pathway, directory, ask, Move("ask-override", move.target), may, now):
        return False
    agreed = c.Meet(done.at.asked.get(move.target, ""), {"sign-off.decision": Answer(GIVEN, "agreed")}, REASON)
    return _first_who_may(done, pathway, directory, agreed, Move("sign-off", move.target), may, now)


def _first_who_may(
    done: Replay, pathway: Pathway, directory: Directory, command: c.Command, move: Move, may: Staff, now: datetime
) -> bool:
    for actor in dict.fromkeys((done.at.holder, *directory.staff)):
        decision = decide(done.at, command, pathway, directory, actor, now) if may(actor) else None
        if isinstance(decision, Accepted):
            return done.add(Played(move, actor, decision))
    return False
