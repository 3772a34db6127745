"""Every shipped pathway is held to the nine properties: nothing in it is refuted, and nothing left undecided."""

from __future__ import annotations

import pytest
from django.conf import settings

from holdfast.pathways.expansion import expand
from holdfast.pathways.library import shipped
from holdfast.pathways.load import questions
from holdfast.pathways.proving import prove

# The checker asks no database: once is enough.
pytestmark = [
    pytest.mark.skipif("postgresql" in settings.DATABASES["default"]["ENGINE"], reason="asks no database"),
    pytest.mark.timeout(1200),
]


@pytest.mark.requirement("BEY-25")
@pytest.mark.parametrize("name", sorted(shipped()))
def test_it_may_be_published(name: str) -> None:
    verdict = prove(shipped()[name]).verdict
    assert verdict.stands, [finding.says for finding in verdict.findings]


@pytest.mark.requirement("BEY-25")
@pytest.mark.parametrize("name", sorted(shipped()))
def test_it_leaves_no_question_open(name: str) -> None:
    """What the checks doubt is put right, or the file says under ``meant`` why it is meant."""
    asked = [fault.says for fault in questions(expand(shipped()[name]).text)]
    asked += [finding.says for finding in prove(shipped()[name]).verdict.findings]
    assert not asked
