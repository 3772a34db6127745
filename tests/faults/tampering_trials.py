"""Trials of tampering: one after the other on the same record, each undone, and what the check said of each."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from holdfast.ledger.checkpoint import ForgedCheckpoint, verify
from holdfast.ledger.proof import Report
from tests.faults.owned import Owned, check
from tests.faults.tampering import KINDS, Named


@dataclass
class Tally:
    """What was seen over many trials: how many of each kind, how many were missed, and what else was wrong."""

    trials: Counter[str] = field(default_factory=Counter)
    named: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.trials.total()

    def lines(self) -> list[str]:
        return [
            f"trials {self.total}, missed {self.missed.total()}, the very entry named first in {self.named}, faults {len(self.faults)}",
            "kinds: " + ", ".join(f"{kind} {count}" for kind, count in sorted(self.trials.items())),
            *(f"missed without them: {kind} {count}" for kind, count in sorted(self.missed.items())),
            *self.faults[:20],
        ]


def run_trials(owned: Owned, trials: int, seed: int, *, witnessed: bool = True) -> Tally:
    """``trials`` tamperings, the kinds in turn, each undone; without ``witnessed`` the check has no outside checkpoints."""
    tally = Tally()
    chance = random.Random(f"tampering {seed}")
    kinds = list(KINDS)
    for turn in range(trials):
        kind = kinds[turn % len(kinds)]
        lines = list(owned.lines)
        with transaction.atomic():
            named = KINDS[kind](owned, chance, lines)
            report = check(owned, lines if witnessed else [])
            begins = _first_wrong_leaf(owned)
            transaction.set_rollback(True)
        tally.trials[kind] += 1
        if report.word != "broken":
            tally.missed[kind] += 1
        elif witnessed:
            tally.faults += [f"{kind}, trial {turn}: {says}" for says in _misled(owned, report, named, begins, lines)]
            tally.named += named is not None
    return tally


def _first_wrong_leaf(owned: Owned) -> int:
    """Where the log as it is now leaves the genuine one."""
    stored = owned.stored_log()
    pairs = zip(owned.leaves, stored, strict=False)
    return next((n for n, (was, now) in enumerate(pairs) if was[3] != now[3]), min(len(owned.leaves), len(stored)))


def _misled(owned: Owned, report: Report, named: Named, begins: int, lines: list[str]) -> list[str]:
    """What the report says that is not so: another entry than the wronged one, or a proof that reaches too far or not far enough."""
    says = []
    first = report.faults[0]
    if named is not None and (first.stream, first.number) != named:
        says.append(f"{named} was wronged, and the first fault is {first}")
    borne_out = max((size for size in _genuine_sizes(owned, lines) if size <= begins), default=None)
    proved = report.proved_up_to.size if report.proved_up_to else None
    if proved != borne_out:
        says.append(f"the log is genuine up to leaf {begins}, so {borne_out} are proved, and the report says {proved}")
    return says


def _genuine_sizes(owned: Owned, lines: list[str]) -> list[int]:
    sizes = []
    for line in lines:
        try:
            sizes.append(verify(line, [owned.key.public_key()]).size)
        except ForgedCheckpoint:
            continue
    return sizes
