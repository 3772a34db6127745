"""Forty faults and more, at least three for each property of the checker: each is found, with its trace."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import settings

from holdfast.core.checker.verdict import PROPERTIES, PROVED, QUESTIONED, REFUTED
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.proving import prove
from tests.planted.faults import FAULTS, TOY, Planted

# The checker asks no database: once is enough.
pytestmark = pytest.mark.skipif("postgresql" in settings.DATABASES["default"]["ENGINE"], reason="asks no database")
#: Properties that are shown by what is written in the file; the others by a way that was gone on the engine.
_READ_OFF = {"P6", "P9"}


def test_there_are_forty_and_three_for_each_property() -> None:
    counted = Counter(fault.property for fault in FAULTS)
    assert len(FAULTS) >= 40
    assert set(counted) == set(PROPERTIES)
    assert min(counted.values()) >= 3, counted


@pytest.mark.requirement("BEY-25")
@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted.name.replace(" ", "-"))
def test_a_planted_fault_is_found(planted: Planted) -> None:
    if planted.file != TOY and planted.file not in shipped():
        pytest.skip(f"{planted.file} is not shipped")
    if planted.at_load:
        with pytest.raises(PathwayFaults) as refused:
            prove(planted.text())
        assert all(fault.line > 1 and fault.remedy for fault in refused.value.faults)
        return
    verdict = prove(planted.text()).verdict
    word = verdict.word(planted.property)
    assert word == (QUESTIONED if planted.property == "P9" else REFUTED), (
        f"{planted.property} is {word}: {planted.name}"
    )
    found = [finding for finding in verdict.findings if finding.property == planted.property]
    assert found and all(finding.remedy for finding in found)
    if planted.property not in _READ_OFF:
        assert any(finding.trace for finding in found), "without a trace nobody believes it"


@pytest.mark.parametrize("file", [TOY, *sorted({f.file for f in FAULTS} - {TOY})])
def test_without_a_fault_nothing_is_refuted(file: str) -> None:
    """The control: the same files as they are."""
    whole = Planted("whole", file, "P1", ())
    if file != TOY and file not in shipped():
        pytest.skip(f"{file} is not shipped")
    verdict = prove(whole.text()).verdict
    assert {verdict.word(property) for property in PROPERTIES} <= {PROVED, QUESTIONED}
