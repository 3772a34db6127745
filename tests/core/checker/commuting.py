"""The square of the abstraction: what the engine does to a case, and what the checker says that it does, end in the same key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from holdfast.core import commands as c
from holdfast.core.checker import exploring
from holdfast.core.checker.exploring import Explored, moves_of, successors
from holdfast.core.checker.key import Key
from holdfast.core.checker.moves import Move, perform
from holdfast.core.checker.reduction import ANY_END
from holdfast.core.checker.trial import Trial
from holdfast.core.decide import Accepted
from holdfast.core.parties import Directory
from holdfast.core.state import State

#: What may follow upon any deed without being asked for: moments of the parts that are left out.
BESIDES = frozenset({"outside"})


@dataclass(slots=True)
class Square:
    """One slice, explored; ``edges`` are what the checker says can be done in a state, and to which key it leads."""

    trial: Trial
    found: Explored
    edges: dict[Key, list[tuple[Move, Key]]] = field(default_factory=dict)

    def key(self, state: State, directory: Directory | None = None) -> Key:
        return exploring.key_of(state, self.found.within, directory or self.trial.directory)

    def from_(self, key: Key) -> list[tuple[Move, Key]]:
        if key not in self.edges:
            within = self.found.within
            after = successors(self.found.nodes[key].state, within, self.trial.directory, moves_of(within))
            self.edges[key] = [(move, self.key(state)) for move, _, state in after]
        return self.edges[key]

    def same_moves(self, state: State, now: datetime) -> None:
        """In ``state``, with its own past, just what can be done that can be in the one case kept for its key, with those results."""
        key = self.key(state)
        assert key in self.found.nodes, f"never explored: {key}"
        said: dict[Move, set[Key]] = {}
        for move, to in self.from_(key):
            said.setdefault(named(move), set()).add(to)
        done: dict[Move, set[Key]] = {}
        for move, after in self.done(state, now):
            done.setdefault(named(move), set()).add(self.key(after))
        # What changes nothing, such as filling in the same again, may be refused in the one and not in the other.
        only = {move for move, keys in done.items() if keys - {key} and move not in said}
        only |= {move for move, keys in said.items() if keys - {key} and move not in done}
        assert not only, f"possible in one and not in the other: {only}"
        wrong = {move: keys for move, keys in done.items() if keys - {key} - said.get(move, set())}
        assert not wrong, f"it leads elsewhere: {wrong}"

    def done(self, state: State, now: datetime) -> Iterator[tuple[Move, State]]:
        """Every move of the slice that the engine accepts in ``state``, left as the engine leaves it."""
        for move in moves_of(self.found.within):
            done = perform(self.found.within.small, self.trial.directory, state, move, now=now)
            if done is not None and isinstance(done[0], Accepted):
                yield move, done[0].state

    def steps_to(self, before: Key, command: c.Command, kinds: dict[str, str]) -> set[Key]:
        """Where the checker says that a command on the whole pathway leads. ``kinds`` are those of the promises, by id."""
        cone = self.found.within.cone
        match command:
            case c.TakeStep():
                wanted = {("step", command.step)}
            case c.Meet():
                wanted = {("meet", kinds.get(command.promise, ""))}
            case c.Waive():
                wanted = {("waive", kinds.get(command.promise, ""))}
            case c.CloseCase():
                wanted = {("close", command.endpoint), ("close", ANY_END)}
            case c.NameRole():
                wanted = {("name", command.named)}
            case c.FillPacket():
                wanted = {("fill", "")}
            case c.RaiseTier() | c.LowerTier():
                deed = "raise" if isinstance(command, c.RaiseTier) else "lower"
                wanted = {(deed, command.tier)} if cone.tier else set()
            case c.ReopenCase():
                wanted = {("reopen", "")}
            case c.FireClocks():
                return self.closed({before}, BESIDES | {"run-out"})
            case _:
                wanted = set()
        in_view = {(move.deed, move.target) for move in moves_of(self.found.within)}
        if not wanted & in_view:
            return self.closed({before}, BESIDES)
        first = {to for move, to in self.from_(before) if (move.deed, move.target) in wanted}
        # Answers that no condition tells apart from those given before come to the same key.
        return self.closed(first | ({before} if isinstance(command, c.FillPacket) else set()), BESIDES)

    def closed(self, keys: Iterable[Key], deeds: frozenset[str]) -> set[Key]:
        """These and whatever these deeds lead to from them."""
        found, waiting = set(keys), list(keys)
        while waiting:
            new = {to for move, to in self.from_(waiting.pop()) if move.deed in deeds} - found
            found |= new
            waiting += new
        return found


def named(move: Move) -> Move:
    """The move without what two cases of one key need not share: how long after, and whether one more is owed still."""
    return replace(move, later=timedelta(0), lasting=False)
