"""`holdfast pathway` shows, checks and prints the schema."""

from pathlib import Path

import pytest

from holdfast import pathways
from holdfast.config.console import main
from tests.pathways.toy import TOY, changed, line_of


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.yaml"
    path.write_text(TOY, "utf-8")
    return path


def test_check_says_that_a_good_file_can_be_used(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pathway", "check", str(toy)]) == 0
    out = capsys.readouterr().out
    assert f"{toy}: P2 A running clock at every open state: proved (" in out
    assert f"{toy}: can be used (" in out and " states in " in out.splitlines()[-1]


@pytest.mark.requirement("ESC-01")
def test_check_shows_how_a_refuted_file_fails(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed("    met-by: inspected\n", "    met-by: [inspected, inspection-missed]\n")
    toy.write_text(text, "utf-8")
    assert main(["pathway", "check", str(toy)]) == 1
    out = capsys.readouterr().out
    assert "P3 Every ladder ends at a person and is never silent: refuted (" in out
    assert f"{toy}:{line_of(text, 'emits: [inspection-missed]')}: refuted: When the clock of" in out
    assert "    1. The holder (the depot that sends) opens the case.\n" in out
    assert f"{toy}: cannot be published (" in out


def test_check_names_file_and_line(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed("ladder: bell\n", "ladder: bells\n")
    toy.write_text(text, "utf-8")
    assert main(["pathway", "check", str(toy)]) == 1
    said = f"{toy}:{line_of(text, 'ladder: bells')}: There is no ladder 'bells'. Did you mean 'bell'?\n"
    assert said in capsys.readouterr().out


def test_check_shows_questions_and_passes(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy.write_text(changed("window: 10 d", "window: 400 d"), "utf-8")
    assert main(["pathway", "check", str(toy)]) == 0
    out = capsys.readouterr().out
    assert ": question: The window is longer than a year." in out
    assert "with 1 to look at" in out


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pathway", "check", str(tmp_path / "none.yaml")]) == 2
    assert "not a file of text" in capsys.readouterr().err


def test_show_in_words_and_as_a_picture(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pathway", "show", str(toy)]) == 0
    assert capsys.readouterr().out.startswith("# A valuable parcel between two depots\n")
    assert main(["pathway", "show", str(toy), "--picture"]) == 0
    assert capsys.readouterr().out.startswith("flowchart LR\n")


def test_show_of_a_broken_file_says_why(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy.write_text("a: 1\na: 2\n", "utf-8")
    assert main(["pathway", "show", str(toy)]) == 1
    assert ":2: 'a' is written twice" in capsys.readouterr().out


def test_schema_prints_the_published_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pathway", "schema"]) == 0
    published = Path(__file__).parents[2] / "docs/reference/pathway.schema.json"
    assert capsys.readouterr().out == published.read_text("utf-8")


def test_blocks_lists_each_shipped_block_with_what_it_gives_and_the_duties_it_needs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["pathway", "blocks"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    folder = Path(pathways.__file__).parent / "library" / "blocks"
    assert sorted(lines) == sorted(file.stem for file in folder.glob("*.yaml"))
    for name, line in lines.items():
        purpose = (folder / f"{name}.yaml").read_text("utf-8").partition("\n")[0].removeprefix("# ")
        assert purpose and purpose in line
    needs = [line.partition(" Needs: ") for line in lines.values()]
    assert any(duties.startswith(("sender.", "receiver.")) for _, _, duties in needs)
