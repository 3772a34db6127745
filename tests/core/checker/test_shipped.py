"""Every shipped pathway is held to the nine properties: nothing in it is refuted."""

from __future__ import annotations

import pytest

from holdfast.core.checker.verdict import REFUTED
from holdfast.pathways.library import shipped
from holdfast.pathways.proving import prove


@pytest.mark.parametrize("name", sorted(shipped()))
def test_nothing_is_refuted(name: str) -> None:
    verdict = prove(shipped()[name]).verdict
    assert not [finding for finding in verdict.findings if finding.word == REFUTED]
