"""P9: times that look like a slip of the keyboard are questioned; the file answers under ``meant`` why they are meant (HZ-36)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from holdfast.core.checker.tiering import times_of
from holdfast.core.checker.trial import Trial
from holdfast.core.checker.verdict import QUESTIONED, Finding
from holdfast.core.meant import how_to_answer
from holdfast.core.pathway import Ladder, Obligation, Pathway
from holdfast.core.spans import Span, elapsed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is usual for one kind of obligation: no less than ``least``; at most ``acute`` in the most acute tier, ``most`` else."""

    kind: str
    least: timedelta
    acute: timedelta
    most: timedelta


#: The first that fits counts. A time outside of these is not wrong; somebody has to say that it is meant.
ALARM = Bounds("an answer to an alarm", timedelta(minutes=5), 4 * HOUR, DAY)
DANGER = Bounds("an answer to a danger", timedelta(minutes=5), 4 * HOUR, 12 * HOUR)
SIGN_OFF = Bounds("a sign-off", timedelta(minutes=30), DAY, 2 * DAY)
AGAIN = Bounds("another try", timedelta(minutes=30), DAY, 3 * DAY)
RECEIPT = Bounds("a receipt", timedelta(minutes=30), DAY, 2 * DAY)
CADENCE = Bounds("something that recurs", 4 * HOUR, 31 * DAY, 92 * DAY)
TASK = Bounds("a task", HOUR, 30 * DAY, 30 * DAY)
WHOLE = Bounds("the whole case", HOUR, 366 * DAY, 366 * DAY)
OTHER = Bounds("a promise", timedelta(minutes=15), 3 * DAY, 7 * DAY)
#: A less acute tier with more than this many times the time of the next more acute one is questioned.
FARTHEST_APART = 30
RUNG, RUNG_OF_ALARM = (timedelta(minutes=5), 3 * DAY), (timedelta(minutes=2), 4 * HOUR)
REPEAT, REPEAT_OF_ALARM = (timedelta(minutes=5), DAY), (timedelta(minutes=2), 4 * HOUR)
HOLD, LATE = (timedelta(minutes=5), 4 * HOUR), (HOUR, 7 * DAY)


def check_bounds(trial: Trial) -> Iterator[Finding]:
    pathway = trial.pathway
    for owed in pathway.obligations:
        for key, times in times_of(owed):
            trial.explored[trial.asking] += len(times)
            yield from _times(trial, owed, ("obligations", owed.id, key), times)
    for ladder in pathway.ladders:
        yield from _rungs(trial, ladder)
    if pathway.ladders:
        yield from _within(trial, ("ladder-holds",), pathway.ladders[0].holds, *HOLD, "an acknowledgement")
    yield from _within(trial, ("late-after",), pathway.late_after, *LATE, "writing something up late")


def bounds_of(owed: Obligation, pathway: Pathway) -> Bounds:
    sends = {one.moment for step in pathway.steps if step.packet == "freeze" for one in step.emits}
    first = pathway.get_ladder(owed.ladder).rungs[0]
    opener = pathway.holder_at_opening.partition(".")[0]
    if owed.id == pathway.sign_off:
        return SIGN_OFF
    if first.at_once:
        return ALARM
    urgent = {one.moment for step in pathway.steps if step.urgent for one in step.emits}
    if any(opening.moment in urgent for opening in owed.opens):
        return DANGER
    if "closed" in owed.met_by:
        return WHOLE
    if owed.every is not None:
        return CADENCE
    if any(opening.while_open for opening in owed.opens):
        return AGAIN
    party = owed.owed_by.partition(".")[0]
    if party != opener and any(p.id == party for p in pathway.parties) and sends & {o.moment for o in owed.opens}:
        return RECEIPT
    return TASK if owed.task else OTHER


def _times(
    trial: Trial, owed: Obligation, place: tuple[str | int, ...], times: Mapping[str, Span]
) -> Iterator[Finding]:
    bounds, before = bounds_of(owed, trial.pathway), None
    asked: set[Span] = set()
    for rank, tier in enumerate(trial.pathway.tiers):
        span = times.get(tier.id)
        if span is None:
            continue
        most = (
            bounds.acute if rank == 0 and len(trial.pathway.tiers) > 1 and span != _last(trial, times) else bounds.most
        )
        if span not in asked:
            asked.add(span)
            yield from _within(trial, (*place, tier.id), span, bounds.least, most, f"{bounds.kind}, “{owed.owed}”")
        if before is not None and lasting(span) < lasting(before):
            says = f"“{owed.owed}”: {before.text} in a more acute tier is more than {span.text} in “{tier.title}”."
            yield _question(trial, (*place, tier.id), says)
        elif before is not None and lasting(span) > FARTHEST_APART * lasting(before):
            says = f"“{owed.owed}”: {span.text} in “{tier.title}” is more than {FARTHEST_APART} times {before.text}."
            yield _question(trial, (*place, tier.id), says)
        before = span


def _last(trial: Trial, times: Mapping[str, Span]) -> Span | None:
    """The time of the least acute tier: where it is the same for all, no tier is held to be acute."""
    return times.get(trial.pathway.tiers[-1].id)


def _rungs(trial: Trial, ladder: Ladder) -> Iterator[Finding]:
    alarm = ladder.rungs[0].at_once
    for number, rung in enumerate(ladder.rungs):
        what = f"the next call of the ladder “{ladder.id}”"
        if rung.after is not None:
            yield from _within(
                trial, ("ladders", ladder.id, number), rung.after, *(RUNG_OF_ALARM if alarm else RUNG), what
            )
        if rung.every is not None:
            bounds = REPEAT_OF_ALARM if alarm else REPEAT
            yield from _within(trial, ("ladders", ladder.id, number), rung.every, *bounds, what)


def _within(
    trial: Trial, place: tuple[str | int, ...], span: Span, least: timedelta, most: timedelta, what: str
) -> Iterator[Finding]:
    if lasting(span) > most:
        yield _question(trial, place, f"{span.text} is long for {what}; usual is up to {_plain(most)}.")
    elif lasting(span) < least:
        yield _question(trial, place, f"{span.text} is short for {what}; usual is from {_plain(least)}.")


def _question(trial: Trial, place: tuple[str | int, ...], says: str) -> Finding:
    return Finding(trial.asking, QUESTIONED, says, how_to_answer(place), place)


def lasting(span: Span) -> timedelta:
    """How long a span is at least thought to last; a working day counts as a day."""
    real = elapsed(span)
    if real is not None:
        return real
    return {"service-hours": HOUR * span.amount, "noon-next-day": 36 * HOUR}.get(span.kind, DAY * span.amount)


def _plain(length: timedelta) -> str:
    hours = length / HOUR
    if hours < 1:
        return f"{length.seconds // 60} min"
    return f"{hours:.0f} h" if hours <= 72 else f"{length.days} d"
