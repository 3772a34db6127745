"""The rows of one case after all of its changes, in memory: what rebuild compares with those that were written step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.core import events as e
from holdfast.worklists.change import Change
from holdfast.worklists.rows import Row, called_rows, case_row, exception_rows, part_rows, promise_rows, settled
from holdfast.worklists.tables import CALLED, CASE, EXCEPTION, HOLDING, PART, PROMISE, Table


@dataclass(slots=True)
class Remembered:
    """Most rows say how the case stands now. Three kinds remember: who was called, who held it since when, and its exceptions."""

    last: Change | None = None
    called: dict[tuple[str, str], Row] = field(default_factory=dict)
    holdings: list[Row] = field(default_factory=list)
    exceptions: list[Row] = field(default_factory=list)

    def take(self, change: Change) -> None:
        """One entry more, in the order of the record."""
        self.last = change
        self.exceptions += exception_rows(change.now, change.pathway, change.entry, change.at, change.events)
        for row in called_rows(change.now.case, change.events):
            self.called[row[1], row[2]] = row
        if self.called:
            over = set(settled(change.was, change.now))
            self.called = {key: row for key, row in self.called.items() if key[0] not in over}
        for event in change.events:
            if isinstance(event, e.HolderMoved):
                self._hold(event, change)

    def rows(self) -> Mapping[Table, Sequence[Row]]:
        """The rows of every table. Raises ``LookupError`` when nothing was taken."""
        if self.last is None:
            raise LookupError("a case without entries has no rows")
        now, pathway = self.last.now, self.last.pathway
        return {
            CASE: [case_row(now, pathway)],
            PART: sorted(part_rows(now)),
            PROMISE: list(promise_rows(now, pathway).values()),
            CALLED: list(self.called.values()),
            HOLDING: self.holdings,
            EXCEPTION: self.exceptions,
        }

    def _hold(self, event: e.HolderMoved, change: Change) -> None:
        if self.holdings:
            case, turn, holder, since, until, entry, why = self.holdings[-1]
            self.holdings[-1] = (case, turn, holder, since, until or change.at, entry, why)
        turn = len(self.holdings) + 1
        self.holdings.append((change.now.case, turn, event.to, change.at, None, change.entry, event.why[:300]))
