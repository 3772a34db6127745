"""The file on the page for newcomers can be used as it stands."""

from pathlib import Path

from holdfast.pathways.load import load_pathway, questions

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-pathway.md"


def test_the_whole_file_on_the_page_passes_the_checks() -> None:
    text = PAGE.read_text("utf-8").partition("```yaml\n")[2].partition("```\n")[0]
    assert load_pathway(text).id == "next-day-call"
    assert not questions(text)
