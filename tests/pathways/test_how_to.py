"""The file on the page for newcomers can be used as it stands."""

import json
import re
from pathlib import Path

from holdfast.pathways.load import load_pathway, questions
from holdfast.pathways.reference import schema_text

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-pathway.md"


def test_the_whole_file_on_the_page_passes_the_checks() -> None:
    text = PAGE.read_text("utf-8").partition("```yaml\n")[2].partition("```\n")[0]
    assert load_pathway(text).id == "next-day-call"
    assert not questions(text)


def test_every_key_of_a_file_is_on_the_page() -> None:
    """Who has only this page must not have to guess a key, nor find it by chance in an example."""
    schema = json.loads(schema_text())
    shapes = [schema, *schema["$defs"].values()]
    keys = {key for shape in shapes for key in shape.get("properties", {})}
    assert len(keys) > 60
    text = PAGE.read_text("utf-8").partition("## Every key\n")[2].partition("## When the file changes later\n")[0]
    assert not sorted(key for key in keys if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text))
