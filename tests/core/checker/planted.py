"""Faults planted in copies of a file: the text changed, proved again, and what the checker says of it."""

from __future__ import annotations

from holdfast.core.checker.verdict import Finding, Verdict
from holdfast.pathways.proving import prove
from tests.core.cases import TOY

PARCEL = TOY.read_text("utf-8")


def planted(*changes: tuple[str, str], text: str = PARCEL) -> Verdict:
    """The verdict on the toy with each change made once; a change that does not fit is a fault of the test."""
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return prove(text).verdict


def found(verdict: Verdict, property: str, word: str = "refuted") -> Finding:
    """The first finding about the property; there must be one."""
    findings = [one for one in verdict.findings if one.property == property and one.word == word]
    assert findings, [(one.property, one.word, one.says) for one in verdict.findings]
    return findings[0]
