"""Checks of ladders: each climbs, ends at the last resort and is never silent (ESC-01), nor by night (ESC-03)."""

from __future__ import annotations

from datetime import timedelta

from holdfast.core.spans import elapsed, parse_span
from holdfast.pathways.checks.examination import Examination
from holdfast.pathways.checks.references import answerable
from holdfast.pathways.checks.times import check_real
from holdfast.pathways.fault import Path
from holdfast.pathways.shape import RungShape

LONGEST_STEP = timedelta(hours=72)
LONGEST_REPEAT = timedelta(hours=24)
SHORTEST_REPEAT = timedelta(minutes=5)


def check_ladders(exam: Examination) -> None:
    """Every ladder, and at least one route for out of hours in the pathway."""
    for id, rungs in exam.shape.ladders.items():
        path = ("ladders", id)
        for place, rung in enumerate(rungs):
            _check_place(exam, (*path, place), rung, first=place == 0, last=place == len(rungs) - 1)
            _check_rung(exam, (*path, place), rung)
        if rungs[0].at == "once" and not any(rung.out_of_hours for rung in rungs):
            says = f"'{id}' fires at once, by night too, and has no route for out of hours."
            exam.fault(path, says, "Add out-of-hours: and who is on duty then to one of its rungs (ESC-03).")
    if not any(rung.out_of_hours for rungs in exam.shape.ladders.values() for rung in rungs):
        says = "No ladder has a route for out of hours."
        exam.fault(("ladders",), says, "Add out-of-hours: and who is on duty then to a rung (ESC-03).")


def _check_place(exam: Examination, path: Path, rung: RungShape, *, first: bool, last: bool) -> None:
    if last and rung.then_every is None:
        says = "The last rung does not repeat, so the ladder would fall silent."
        exam.fault(path, says, "End with { then-every: 12 h, tell: last-resort } (ESC-01).")
    if last and rung.tell != "last-resort":
        exam.fault((*path, "tell"), "The last rung does not tell the last resort.", "Write tell: last-resort (ESC-01).")
    if not last and rung.then_every is not None:
        exam.fault((*path, "then-every"), "Only the last rung repeats.", "Write after:, or move it to the end.")
    if first and rung.at is None:
        exam.fault(path, "The first rung does not say when it fires.", "Write at: due, or at: once.")
    if not first and rung.at is not None:
        exam.fault((*path, "at"), "Only the first rung has 'at'.", "Write after: and the time since the rung before.")
    if not first and rung.at is None and rung.after is None and rung.then_every is None:
        exam.fault(path, "This rung does not say when it fires.", "Write after: and the time since the rung before.")
    if rung.after is not None and rung.then_every is not None:
        exam.fault((*path, "after"), "The last rung fires first after 'then-every'.", "Take 'after' out.")
    if first and rung.after is not None:
        exam.fault((*path, "after"), "There is no rung before the first.", "Write at: due, or at: once.")


def _check_rung(exam: Examination, path: Path, rung: RungShape) -> None:
    people = answerable(exam.shape) | {"last-resort"}
    exam.known((*path, "tell"), rung.tell, people | {"owner"}, "role in this case")
    if rung.out_of_hours is not None:
        exam.known((*path, "out-of-hours"), rung.out_of_hours, people, "role in this case")
    if rung.after is not None:
        # A calendar can run out, and a ladder must climb even then.
        check_real(exam, (*path, "after"), rung.after)
        _question(exam, (*path, "after"), rung.after, LONGEST_STEP)
    if rung.then_every is not None:
        check_real(exam, (*path, "then-every"), rung.then_every)
        _question(exam, (*path, "then-every"), rung.then_every, LONGEST_REPEAT)


def _question(exam: Examination, path: Path, text: str, longest: timedelta) -> None:
    lasting = elapsed(parse_span(text))
    if lasting is not None and lasting > longest:
        exam.question(path, f"'{text}' is a long time to wait for the next rung.")
    if lasting is not None and path[-1] == "then-every" and lasting < SHORTEST_REPEAT:
        exam.question(path, f"Every {text} is so often that people stop reading.")
