"""The pages under docs/reference that are made from the pathways."""

from __future__ import annotations

import json

from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from holdfast.pathways.picture import diagram
from holdfast.pathways.shape import json_schema
from holdfast.pathways.words import in_words


def pages() -> dict[str, str]:
    """Each generated file, by its path from the root of the repository."""
    made = {"docs/reference/pathway.schema.json": schema_text()}
    for id, text in shipped().items():
        pathway = load_pathway(text)
        picture = f"## The flow\n\n```mermaid\n{diagram(pathway)}```\n"
        made[f"docs/reference/pathways/{id}.md"] = f"{in_words(pathway)}\n{picture}"
    return made


def schema_text() -> str:
    """The JSON Schema of a pathway file, indented."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
