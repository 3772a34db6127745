"""The API's shapes: each has a name of its own, since the description knows them by it."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path


def test_no_two_shapes_of_the_api_share_a_name() -> None:
    files = Path("holdfast/doors/api").glob("*.py")
    names = Counter(
        node.name
        for file in files
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []
