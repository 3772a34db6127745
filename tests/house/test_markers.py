"""Requirements and hazards are named as they are numbered, and every hazard's control has its test and its twin."""

import re

import pytest

from tests.house.markers import marked, unpaired
from tests.house.repository import ROOT

#: The hazards that the spine and the protocols must keep: none of them may drop out of the log, its scenario or its twin.
SPINE = "01 02 03 04 09 10 13 14 16 17 18 21 24 28 29 36 37 39 40 41 42 43 44 48 50 61 62 68 76 77 78 81 83 84 85 92"
PROTOCOLS = (
    "05 06 07 08 11 15 19 20 22 23 25 26 27 30 31 32 33 35 38 45 46 47 49 51 52 53 54 55 56 57 58 59 64 "
    "65 88 90 91 93 95 97 98 100 102 103"
)
KEPT = {f"HZ-{number}" for number in f"{SPINE} {PROTOCOLS}".split()}
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


def test_no_hazard_drops_out_of_the_log():
    assert len(KEPT) == 36 + 44
    assert sorted(KEPT - logged_hazards()) == []


def test_every_hazard_has_a_test_and_a_twin():
    assert (
        unpaired(logged_hazards() | KEPT, marked("hazard", "tests/hazards"), marked("control_off", "tests/hazards"))
        == []
    )


def test_an_unpaired_hazard_is_found():
    assert unpaired({"HZ-01"}, {"HZ-01": ["a"]}, {"HZ-01": ["b"]}) == []
    assert unpaired({"HZ-01"}, {"HZ-01": ["a"]}, {}) == [
        "HZ-01: no twin shows that its test fails when the control is out"
    ]
    assert unpaired({"HZ-01"}, {}, {"HZ-01": ["b"]}) == ["HZ-01: no test drives its control"]
    assert unpaired(set(), {"HZ-01": ["a"]}, {"HZ-01": ["b"]}) == ["HZ-01: the hazard log does not list its control"]
