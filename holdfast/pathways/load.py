"""Loads a pathway file: the pathway as the engine reads it, or all that is wrong with the file."""

from __future__ import annotations

from functools import lru_cache

from holdfast.core.pathway import Pathway
from holdfast.pathways.build import build
from holdfast.pathways.checks.endings import check_endings
from holdfast.pathways.checks.examination import Examination
from holdfast.pathways.checks.facts import check_conditions
from holdfast.pathways.checks.fields import check_fields
from holdfast.pathways.checks.ladders import check_ladders
from holdfast.pathways.checks.moments import check_moments
from holdfast.pathways.checks.openings import check_openings
from holdfast.pathways.checks.others import check_others
from holdfast.pathways.checks.references import check_references
from holdfast.pathways.checks.roles import check_roles
from holdfast.pathways.checks.slots import check_slots
from holdfast.pathways.checks.times import check_times
from holdfast.pathways.digest import canonical_form, digest_of, load_canonical
from holdfast.pathways.expansion import expand
from holdfast.pathways.fault import Fault, PathwayFaults, in_order
from holdfast.pathways.reading import read_what_fits

__all__ = ["load_canonical", "load_pathway", "questions"]

CHECKS = (
    check_references,
    check_roles,
    check_fields,
    check_moments,
    check_conditions,
    check_times,
    check_ladders,
    check_slots,
    check_others,
)


def load_pathway(text: str) -> Pathway:
    """The pathway that a file means, with its digest; raises PathwayFaults with all faults, and the questions too.

    Questions alone raise nothing: `questions` gives them.
    """
    pathway, _ = _load(text)
    return pathway


def questions(text: str) -> list[Fault]:
    """What looks like a slip in a pathway file that can be loaded, such as a first contact after more than 30 days."""
    _, asked = _load(text)
    return list(asked)


@lru_cache(maxsize=64)
def _load(text: str) -> tuple[Pathway, tuple[Fault, ...]]:
    """Kept for the texts read last: a pathway is a value, and checking one takes a good part of a second."""
    file = expand(text)
    try:
        reading = read_what_fits(file.text)
    except PathwayFaults as found:
        raise PathwayFaults(file.placed(found.faults)) from None
    exam = Examination(reading.shape, reading.source, list(reading.faults))
    for check in CHECKS:
        check(exam)
    faults = file.placed(exam.faults)
    if any(fault.kind == "fault" for fault in faults):
        raise PathwayFaults(faults)
    pathway = build(reading.shape, digest_of(canonical_form(reading.shape)))
    check_endings(exam, pathway)
    check_openings(exam, pathway)
    faults = file.placed(exam.faults)
    if any(fault.kind == "fault" for fault in faults):
        raise PathwayFaults(faults)
    return pathway, tuple(in_order(faults))
