"""`holdfast pathway` shows, checks and prints the schema."""

from pathlib import Path

import pytest

from holdfast.config.console import main
from tests.pathways.toy import TOY, changed, line_of


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.yaml"
    path.write_text(TOY, "utf-8")
    return path


def test_check_says_that_a_good_file_can_be_used(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pathway", "check", str(toy)]) == 0
    assert capsys.readouterr().out == f"{toy}: can be used.\n"


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
