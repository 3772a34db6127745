"""CI notices when fewer tests ran than it expects."""

import importlib.machinery
import importlib.util
from collections import Counter

import pytest

from tests.house.repository import ROOT

REPORT = """<testsuites><testsuite>
<testcase name="a"><properties><property name="inputs" value="reads"/></properties></testcase>
<testcase name="b"><properties><property name="inputs" value="reads"/></properties><skipped/></testcase>
<testcase name="c"><failure/></testcase><testcase name="d"/></testsuite></testsuites>"""


@pytest.fixture(scope="module")
def counts():
    loader = importlib.machinery.SourceFileLoader("counts", str(ROOT / "script" / "counts"))
    spec = importlib.util.spec_from_loader("counts", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_a_skipped_reader_of_inputs_does_not_count(counts, tmp_path):
    report = tmp_path / "sqlite.xml"
    report.write_text(REPORT, encoding="utf-8")
    assert counts.count(report) == Counter(passed=2, failed=1, skipped=1, inputs=1)


def test_too_few_are_told_only_where_the_inputs_are(counts):
    ran = {"sqlite": Counter(passed=5, inputs=1)}
    expected = {"sqlite": {"passed": 5, "inputs": 2}, "core": {"passed": 1, "inputs": 0}}
    assert counts.shortfalls(ran, expected, inputs_there=True) == [
        "core: 0 passed, expected at least 1",
        "sqlite: 1 inputs, expected at least 2",
    ]
    assert counts.shortfalls(ran, expected, inputs_there=False) == ["core: 0 passed, expected at least 1"]
    fewer = {"sqlite": Counter(passed=2), "core": Counter(passed=1)}
    assert counts.shortfalls(fewer, expected, inputs_there=False) == ["sqlite: 2 passed, expected at least 3"]
