"""A decision ready to be written, and writing several: all rows of all entries, a few statements in one round trip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.clocks.rows import armed, put_all
from holdfast.core import events as e
from holdfast.core.asks import Asked
from holdfast.core.conditions import ALWAYS
from holdfast.deliveries.outbox import enqueue_all, release
from holdfast.desk import points
from holdfast.desk.envelope import Envelope
from holdfast.desk.links import revoke_ended
from holdfast.desk.staffing import given_work, lock_staff
from holdfast.ledger.sql import together
from holdfast.ledger.store import NewEntry, StoredHead, append_all
from holdfast.people.vault import ToSeal, Vault
from holdfast.worklists.change import Change
from holdfast.worklists.writing import project_all


@dataclass(frozen=True, slots=True)
class Prepared:
    """The entry, what it does to the case's rows, the values to seal, and what is asked of other cases."""

    envelope: Envelope
    entry: NewEntry
    change: Change
    to_seal: tuple[ToSeal, ...]
    asks: tuple[Asked, ...] = ()

    def kinds(self) -> tuple[str, ...]:
        return tuple(type(event).__name__ for event in self.change.events)

    def notices(self) -> list[tuple[str, int, e.NoticeIssued, datetime]]:
        entry = self.entry
        issued = [event for event in self.change.events if isinstance(event, e.NoticeIssued)]
        return [(entry.stream, entry.number, notice, entry.recorded_at) for notice in issued]

    def head(self) -> StoredHead:
        """The stream's head as it will stand."""
        n = self.entry
        return StoredHead(n.number, n.digest, n.recorded_at, n.edition, n.engine, n.state)


def write(prepared: Iterable[Prepared], vault: Vault) -> None:
    """In the order in which they were decided: what comes second to one stream is written after what came first."""
    left = list(prepared)
    lock_staff({who for one in left for who in given_work(one.change.events)})
    while left:
        wave: dict[str, Prepared] = {}
        rest = []
        for one in left:
            if one.entry.stream in wave:
                rest.append(one)
            else:
                wave[one.entry.stream] = one
        _write(list(wave.values()), vault)
        left = rest


def _write(prepared: Sequence[Prepared], vault: Vault) -> None:
    """Each stream once."""
    with together():
        append_all([p.entry for p in prepared])
        points.passing("entry")
        project_all([p.change for p in prepared])
        points.passing("worklists")
        before = {p.entry.stream: armed(p.change.was) for p in prepared}
        after = {p.entry.stream: armed(p.change.now) for p in prepared}
        put_all(
            [id for stream in before for id, _, _ in before[stream] - after[stream]],
            [(id, stream, p, rings) for stream in after for id, p, rings in after[stream] - before[stream]],
        )
        points.passing("clocks")
        enqueue_all([notice for p in prepared for notice in p.notices()])
        # Whether it may leave now is asked again, by the worker, of the case as its entry leaves it.
        guarded = [p.entry.stream for p in prepared if p.change.pathway.sharing != ALWAYS]
        release(guarded, max(p.entry.recorded_at for p in prepared))
        points.passing("deliveries")
    for p in prepared:
        revoke_ended(p.change.was, p.change.now, p.change.at)
        vault.put(p.change.now.subject, p.entry.stream, p.entry.number, p.to_seal)
