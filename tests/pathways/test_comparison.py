"""The difference between two editions in words, and the picture of one."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from holdfast.config.console import main
from holdfast.pathways.comparison import HEADINGS, LESS, LONGER, LOOSER, MORE, QUIETER, STRICTER, WORDING, compare
from holdfast.pathways.digest import canonical_bytes, load_canonical
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.pathways.toy import TOY, changed

ID = "discharge-to-community"
TEXT = shipped()[ID]


def told(before: str, after: str) -> list[tuple[int, str]]:
    return [(one.heading, one.says) for one in compare(load_pathway(before), load_pathway(after))]


def otherwise(old: str, new: str) -> list[tuple[int, str]]:
    assert old in TEXT
    return told(TEXT, TEXT.replace(old, new, 1))


def test_nothing_changed_is_no_change() -> None:
    assert told(TEXT, TEXT) == [] and told(TEXT, "# another note\n" + TEXT) == []


def test_another_order_is_no_change() -> None:
    duties = "{ holder: coordinator, supervisor: supervisor }"
    assert otherwise(duties, "{ supervisor: supervisor, holder: coordinator }") == []
    assert compare(load_canonical(canonical_bytes(TEXT)), load_pathway(TEXT)) == [], "what the record keeps is sorted"
    by = next(line for line in TEXT.splitlines() if line.strip().startswith("by: [") and line.count(",") == 1)
    first, _, second = by.partition("[")[2].rstrip("]").partition(", ")
    assert otherwise(by, f"    by: [{second}, {first}]") == []
    assert otherwise(by, f"    by: [{second}]") != []


def test_longer_times_come_first_and_shorter_ones_later() -> None:
    found = otherwise("due: { high: 4 h, standard: 24 h }", "due: { high: 12 h, standard: 20 h }")
    assert [(heading, says.rpartition(", ")[2]) for heading, says in found] == [
        (LONGER, "High: 4 h becomes 12 h."),
        (STRICTER, "Standard: 24 h becomes 20 h."),
    ]


def test_a_time_in_another_measure_may_be_longer() -> None:
    found = otherwise("due: { high: 4 h, standard: 24 h }", "due: { high: 4 h, standard: noon next day }")
    assert [heading for heading, _ in found] == [LONGER]


@pytest.mark.parametrize(
    ("old", "new", "heading", "words"),
    [
        ("override: clinical", "override: ordinary", STRICTER, "can be passed over after a sign-off"),
        ("ask: Current medication\n", "ask: Medicines now\n", WORDING, "is now asked as “Medicines now”"),
        ("window: 30 d", "window: 20 d", LESS, "20 d (was 30 d)"),
        ("    - { then-every: 4 h, tell: last-resort }", "    - { then-every: 8 h, tell: last-resort }", LONGER, "8 h"),
    ],
)
def test_each_kind_of_change_stands_under_its_heading(old: str, new: str, heading: int, words: str) -> None:
    found = otherwise(old, new)
    assert any(place == heading and words in says for place, says in found), found


def test_a_gate_taken_from_a_step_and_a_shorter_ladder() -> None:
    lines = TEXT.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if line.startswith("    needs: [") and "," in line)
    first = lines[place].partition("[")[2].partition(",")[0]
    fewer = "".join([*lines[:place], lines[place].replace(f"{first}, ", ""), *lines[place + 1 :]])
    assert [heading for heading, _ in told(TEXT, fewer)] == [LOOSER]
    assert LOOSER not in [heading for heading, _ in told(fewer, TEXT)]


def test_what_is_new_and_what_is_gone() -> None:
    line = "      - { id: fallback.detail, kind: text, ask: How the fallback works here, needed-when: never }\n"
    assert line in TEXT
    assert told(TEXT, TEXT.replace(line, "")) == [
        (LESS, "The question in the packet “How the fallback works here” is gone.")
    ]
    assert told(TEXT.replace(line, ""), TEXT) == [(MORE, "New question in the packet: “How the fallback works here”.")]


def test_a_rung_taken_out_is_a_shorter_ladder() -> None:
    before = load_pathway(TOY)
    longest = max(before.ladders, key=lambda ladder: len(ladder.rungs))
    assert len(longest.rungs) > 1
    lines = TOY.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(f"  {longest.id}:"))
    shorter = "".join(lines[: start + 2] + lines[start + 3 :])
    found = compare(before, load_pathway(shorter))
    assert QUIETER in [one.heading for one in found], found


def test_the_command_tells_it_under_headings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        TEXT.replace("due: { high: 4 h, standard: 24 h }", "due: { high: 12 h, standard: 24 h }", 1), "utf-8"
    )
    assert main(["pathway", "diff", ID, str(file)]) == 0
    assert f"## {HEADINGS[LONGER]}" in capsys.readouterr().out
    assert main(["pathway", "diff", ID, str(tmp_path / "absent")]) == 2
    file.write_text("pathway: [", "utf-8")
    assert main(["pathway", "diff", ID, str(file)]) == 1


def test_the_picture_is_svg_and_says_the_same_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(changed("title: A valuable parcel between", "title: A <valuable> & dear parcel between"), "utf-8")
    assert main(["pathway", "diagram", str(file)]) == 0
    root = ElementTree.fromstring(capsys.readouterr().out)
    names = {child.tag.rpartition("}")[2]: child.text or "" for child in root}
    assert root.get("role") == "img" and "<valuable> & dear" in names["title"]
    assert main(["pathway", "diagram", "--text", str(file)]) == 0
    words = capsys.readouterr().out
    assert names["desc"].strip() == words.strip()
    for step in load_pathway(TOY).steps:
        assert step.title in words


@pytest.mark.django_db
def test_a_new_pathway_is_said_to_be_new_and_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(TOY, "utf-8")
    assert main(["pathway", "diff", "latest", str(file)]) == 0
    told = capsys.readouterr().out
    toy = load_pathway(TOY)
    assert told.startswith(f"New: no edition of {toy.id} is published here.") and f"# {toy.title}" in told
    assert main(["pathway", "diff", str(file), "latest"]) == 2
