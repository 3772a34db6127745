"""Checks of times: a number for every tier (CON-03), and questions about those that look like a slip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from holdfast.core.spans import elapsed, parse_span
from holdfast.pathways.checks.examination import Examination, answers_of, otherwise, packet_fields, records_in
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import DueShape, ObligationShape

LONGEST_USUAL = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=366)


def check_times(exam: Examination) -> None:
    """Every obligation has a time for every tier, and spans that must be real time are."""
    _check_tiers(exam)
    for key in ("window", "late-after", "ladder-holds"):
        check_real(exam, (key,), str(getattr(exam.shape, key.replace("-", "_"))))
    window = elapsed(parse_span(exam.shape.window))
    if window is not None and window > LONGEST_WINDOW:
        exam.question(("window",), "The window is longer than a year.")
    places = {".".join(str(part) for part in place) for place in exam.source.lines}
    tiers = {tier.tier for tier in exam.shape.tiers}
    for name in exam.shape.meant:
        above, _, last = name.rpartition(".")
        if name not in places and not (last in tiers and f"{above}.all" in places):  # asked by tier, written for all
            exam.fault(
                ("meant", name), f"There is no '{name}' in this file to be meant.", "Name the place as it is asked."
            )
    for id, step in exam.shape.steps.items():
        for place, one in enumerate(step.emits):
            if one.apart is not None:
                check_real(exam, ("steps", id, "emits", place, "apart"), one.apart)
    for id, obligation in exam.shape.obligations.items():
        _check_obligation(exam, ("obligations", id), obligation)


def check_real(exam: Examination, path: Path, text: str) -> None:
    """A span that must run by the clock on the wall, whatever the service hours are."""
    if elapsed(parse_span(text)) is None:
        exam.fault(path, f"'{text}' depends on a calendar, and this must not.", "Write minutes, hours or days.")


def _check_tiers(exam: Examination) -> None:
    tiers = exam.shape.tiers
    names = [tier.tier for tier in tiers]
    for place, tier in enumerate(tiers):
        if tier.tier in names[:place]:
            exam.fault(("tiers", place, "tier"), f"The tier '{tier.tier}' is there twice.", "Rename one.")
        if tier.tier in ("all", "at", "plus", "before"):
            exam.fault(
                ("tiers", place, "tier"), f"'{tier.tier}' has a meaning of its own in times.", "Rename the tier."
            )
        if tier.when == "always" and place < len(tiers) - 1:
            exam.fault(("tiers", place, "when"), "The tiers after this one are never reached.", "Move it to the end.")
    if tiers[-1].when != "always":
        says = "A case that fits no tier would have no times."
        exam.fault(("tiers", len(tiers) - 1, "when"), says, "End with a tier whose when is always.")


def _check_obligation(exam: Examination, path: Path, obligation: ObligationShape) -> None:
    if obligation.due is None and obligation.every is None:
        remedy = "Add due: or every: with a time for each tier (CON-03)."
        wants = f"The block leaves it to you: {otherwise((*path, 'due'))} (CON-03)."
        exam.fault(path, f"'{path[-1]}' has no time.", remedy, wants)
    if obligation.every is not None:
        _check_map(exam, (*path, "every"), obligation.every)
    if obligation.due is not None:
        _check_due(exam, path, obligation.due)


def _check_due(exam: Examination, owner: Path, due: DueShape) -> None:
    path = (*owner, "due")
    if due.at is None:
        for key, moved in (("plus", due.plus), ("before", due.before)):
            if moved is not None:
                exam.fault((*path, key), f"'{key}' counts from a fact, and there is none.", "Add at: and the field.")
        _check_map(exam, path, due.times)
        return
    _check_at(exam, (*path, "at"), due.at)
    if due.plus is not None and due.before is not None:
        exam.fault((*path, "before"), "A time is after a fact or before it, not both.", "Keep plus or before.")
    for key, moved in (("plus", due.plus), ("before", due.before)):
        if moved is not None:
            _check_map(exam, (*path, key), moved)
    # After a fact, the same time counts from the start until the fact is known; otherwise one has to be given.
    if due.times or due.plus is None:
        _check_map(exam, path, due.times, f" while '{due.at}' is not known")


def _check_at(exam: Examination, path: Path, fact: str) -> None:
    if fact.startswith("answer."):
        id = fact.removeprefix("answer.")
        fields = answers_of(record for _, records in records_in(exam.shape) for record in records)
    else:
        id, fields = fact, packet_fields(exam.shape)
    what = "answer" if fact.startswith("answer.") else "packet field"
    if exam.known(path, id, fields, what) and fields[id].kind not in ("instant", "slot"):
        exam.fault(path, f"'{fact}' is a {fields[id].kind}, not a date with a time.", "Name a field of kind instant.")


def _check_map(exam: Examination, path: Path, times: Mapping[str, str], while_: str = "") -> None:
    tiers = [tier.tier for tier in exam.shape.tiers]
    for name in times:
        exam.known((*path, name), name, [*tiers, "all"], "tier")
    if "all" in times and all(tier in times for tier in tiers):
        exam.fault((*path, "all"), "Every tier has its own time, so 'all' says nothing.", "Take it out.")
    missing = [tier for tier in tiers if tier not in times and "all" not in times]
    if missing:
        says = f"There is no time for {' or '.join(missing)}{while_}."
        wants = f"The block's tiers are not yours: {otherwise(path)} (CON-03)."
        exam.fault(path, says, f"Add {{ {missing[0]}: ... }}, or all: for every tier (CON-03).", wants)
        return
    _question_times(exam, path, tiers, times)


def _question_times(exam: Examination, path: Path, tiers: list[str], times: Mapping[str, str]) -> None:
    window = elapsed(parse_span(exam.shape.window)) or LONGEST_USUAL
    before: tuple[str, timedelta] | None = None
    for tier in tiers:
        key = tier if tier in times else "all"
        lasting = elapsed(parse_span(times[key]))
        if lasting is None:
            continue
        if lasting > min(window, LONGEST_USUAL):
            limit = "the whole window" if window <= LONGEST_USUAL else "30 days"
            exam.question((*path, key), f"'{times[key]}' is longer than {limit}.")
        if before is not None and lasting < before[1]:
            exam.question((*path, key), f"'{before[0]}' is more acute than '{tier}' and has more time.")
        before = (tier, lasting)
