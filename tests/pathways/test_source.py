"""What is not plain YAML is refused with its line."""

import pytest

from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.source import BYTES_AT_MOST, DEPTH_AT_MOST, read_source


def refused(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PathwayFaults) as found:
        read_source(text)
    return [(fault.line, fault.says) for fault in found.value.faults]


def test_values_are_texts_and_lines_are_kept() -> None:
    source = read_source("a: no\nb:\n  - 1.10\n  - { c: '~' }\n")
    assert source.tree == {"a": "no", "b": ["1.10", {"c": "~"}]}
    assert source.lines == {("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 1): 4, ("b", 1, "c"): 4}
    assert source.line_of(("b", 1, "d", "e")) == 4


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is written twice; it is also on line 1."),
        ("a: { b: 1, b: 2 }\n", 1, "'b' is written twice"),
        ("a: &x 1\n", 1, "'&x' is an anchor."),
        ("b: 1\na: *x\n", 2, "'*x' is an alias."),
        ("a: !!int 3\n", 1, "is a tag."),
        ("a: !python/object:x {}\n", 1, "is a tag."),
        ("a: 1\nb: true\n", 2, "'true' is not a word of a pathway."),
        ("a: 1\nb: False\n", 2, "'False' is not a word of a pathway."),
        ("a: 1\nb:\nc: 2\n", 2, "There is no value here."),
        ("a: [1, ~]\n", 1, "There is no value here."),
        ("a: 1\n---\nb: 2\n", 2, "A second document begins here."),
        ("? [a, b]\n: 1\n", 1, "A key here is a list or a mapping."),
        ("a: 1\n  b: 2\n", 2, "This is not YAML"),
        ("a: [1, 2\n", 2, "This is not YAML"),
        ("- a\n", 1, "This is not a pathway"),
        ("", 1, "This is not a pathway"),
        ("a: \x00\n", 1, "a character that YAML does not allow"),
        ("a: " + "[" * (DEPTH_AT_MOST + 1) + "]" * (DEPTH_AT_MOST + 1), 1, "levels deep"),
        ("a: '" + "x" * BYTES_AT_MOST + "'\n", 1, "The file is larger"),
    ],
)
def test_refused_with_its_line(text: str, line: int, says: str) -> None:
    [(where, said)] = refused(text)
    assert where == line
    assert says in said


def test_a_text_that_a_comma_cuts_in_two_is_told_to_be_quoted() -> None:
    with pytest.raises(PathwayFaults) as found:
        read_source("meant: { window: six weeks, as the team is there so long }\n")
    [fault] = found.value.faults
    assert fault.remedy == (
        "If 'as the team is there so long' goes on a text before a comma, put the whole text in quotation marks."
    )
    read_source("meant: { window: 'six weeks, as the team is there so long' }\n")


def test_several_faults_come_together() -> None:
    assert [line for line, _ in refused("a: 1\na: 2\nb: true\nc:\n")] == [2, 3, 4]
