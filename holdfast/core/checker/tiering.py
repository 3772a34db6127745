"""P6: each obligation has a time for each tier, wherever it has times at all (CON-03)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import Finding
from holdfast.core.pathway import Obligation
from holdfast.core.spans import Span


def check_tiering(trial: Trial) -> Iterator[Finding]:
    for owed in trial.pathway.obligations:
        for key, times in times_of(owed):
            for tier in trial.pathway.tiers:
                trial.explored[trial.asking] += 1
                if tier.id not in times:
                    says = f"“{owed.owed}” has no time for the tier “{tier.title}”."
                    yield trial.refuted(says, "Add it, or all for every tier.", ("obligations", owed.id, key))


def times_of(owed: Obligation) -> Iterator[tuple[str, Mapping[str, Span]]]:
    """Each map of times by tier that the obligation has, with its key in the file."""
    if owed.every is not None:
        yield "every", owed.every
    if owed.every is None or owed.due.spans != owed.every:
        yield "due", owed.due.spans
    if owed.due.offset and owed.due.offset != owed.due.spans:
        yield "due", owed.due.offset
