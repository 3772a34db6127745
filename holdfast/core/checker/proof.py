"""The verdict on a pathway: every property asked in turn, each by itself, and kept by the digest of the edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from holdfast.core.checker.bounds import check_bounds
from holdfast.core.checker.clocks import check_clocks
from holdfast.core.checker.cone import TooDeep
from holdfast.core.checker.emergency import check_emergency
from holdfast.core.checker.endings import check_endings
from holdfast.core.checker.exploring import MOST_ALTOGETHER, MOST_STATES, Endless
from holdfast.core.checker.filling import check_filling
from holdfast.core.checker.holders import check_holders
from holdfast.core.checker.rungs import check_rungs
from holdfast.core.checker.speaking import check_speaking
from holdfast.core.checker.tiering import check_tiering
from holdfast.core.checker.trial import OutOfTime, Trial, never
from holdfast.core.checker.verdict import QUESTIONED, UNKNOWN, Finding, Verdict
from holdfast.core.meant import is_meant
from holdfast.core.pathway import Pathway

CHECKS: dict[str, Callable[[Trial], Iterator[Finding]]] = {
    "P6": check_tiering,
    "P1": check_holders,
    "P2": check_clocks,
    "P3": check_rungs,
    "P4": check_endings,
    "P5": check_speaking,
    "P7": check_emergency,
    "P8": check_filling,
    "P9": check_bounds,
}
NO_TIME = "It could not be decided: the time that there was for it is over."
ELSEWHERE = "Check the file with `holdfast pathway check`, which takes the time it needs."
_kept: dict[tuple[str, int], Verdict] = {}


def proved(
    pathway: Pathway, most: int = MOST_STATES, altogether: int = MOST_ALTOGETHER, over: Callable[[], bool] = never
) -> Verdict:
    """What holds of the pathway, and what does not. The same edition is explored once in a process; an answer that stopped
    because of ``altogether`` or ``over``, and not because of the pathway, is not kept."""
    key = (pathway.digest, most)
    if key in _kept:
        return _kept[key]
    verdict = examine(pathway, most, altogether, over)
    whole = altogether == MOST_ALTOGETHER and all(finding.says != NO_TIME for finding in verdict.findings)
    if pathway.digest and (whole or verdict.decided):
        _kept[key] = verdict
    return verdict


def examine(
    pathway: Pathway, most: int = MOST_STATES, altogether: int = MOST_ALTOGETHER, over: Callable[[], bool] = never
) -> Verdict:
    """The verdict, explored anew."""
    trial = Trial(pathway, most, altogether, over)
    findings: list[Finding] = []
    for property, check in CHECKS.items():
        trial.asking = property
        try:
            findings += _ask(trial, check)
        except OutOfTime:
            left = list(CHECKS)[list(CHECKS).index(property) :]
            findings += [Finding(one, UNKNOWN, NO_TIME, ELSEWHERE) for one in left]
            break
        if any(finding.property == "P6" for finding in findings):
            break  # Without a time for each tier no clock can be started.
    open_ = (finding for finding in findings if not _answered(finding, pathway))
    unique = dict.fromkeys(sorted(open_, key=lambda finding: finding.property))
    return Verdict(tuple(unique), dict(sorted(trial.explored.items())))


def _answered(finding: Finding, pathway: Pathway) -> bool:
    """A question to which the file says, under ``meant``, that it is meant."""
    return finding.word == QUESTIONED and is_meant(finding.place, pathway.meant)


def _ask(trial: Trial, check: Callable[[Trial], Iterator[Finding]]) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(check(trial))
    except TooDeep as deep:
        found.append(trial.unknown(str(deep)))
    except Endless as endless:
        says = "One deed leads to the next without end, so that the engine never comes to an answer."
        shown = trial.replay([move for move in endless.path if move.deed != "open"])
        remedy = "Take one of the moments out of the circle of when-opened, when-met and met-by."
        if shown.ended_as == "endless":
            asked, trial.asking = trial.asking, "P4"
            found.append(trial.refuted(says, remedy, ("obligations",), shown))
            trial.asking = asked
        found.append(trial.unknown("one deed leads to the next without end"))
    return found
