"""Requirements and hazards are named as they are numbered, and every hazard's control has its test and its twin."""

import re

import pytest

from tests.house.markers import marked, unpaired
from tests.house.repository import ROOT

LOG_ROW = re.compile(r"^\| *(HZ-\d{2,3}) *\|", re.MULTILINE)


def logged_hazards() -> set[str]:
    """The hazards of the log: rows of the tables in docs/safety that begin with their id."""
    return {
        hazard
        for page in (ROOT / "docs" / "safety").glob("*.md")
        for hazard in LOG_ROW.findall(page.read_text(encoding="utf-8"))
    }


def test_requirements_are_named_as_they_are_numbered():
    assert not [name for name in marked("requirement") if not re.fullmatch(r"[A-Z]{3}-\d\d", name)]


@pytest.mark.parametrize("marker", ["hazard", "control_off"])
def test_hazards_are_named_as_they_are_numbered(marker):
    assert not [name for name in marked(marker) if not re.fullmatch(r"HZ-\d{2,3}", name)]


def test_every_logged_hazard_has_a_test_and_a_twin():
    assert unpaired(logged_hazards(), marked("hazard", "tests/hazards"), marked("control_off", "tests/hazards")) == []


def test_an_unpaired_hazard_is_found():
    assert unpaired({"HZ-01"}, {"HZ-01": ["a"]}, {"HZ-01": ["b"]}) == []
    assert unpaired({"HZ-01"}, {"HZ-01": ["a"]}, {}) == [
        "HZ-01: no twin shows that its test fails when the control is out"
    ]
    assert unpaired({"HZ-01"}, {}, {"HZ-01": ["b"]}) == ["HZ-01: no test drives its control"]
    assert unpaired(set(), {"HZ-01": ["a"]}, {"HZ-01": ["b"]}) == ["HZ-01: the hazard log does not list its control"]
