"""The pages under docs/reference that are made from the pathways."""

from __future__ import annotations

import json

from holdfast.core.pathway import Pathway
from holdfast.pathways.drawing import svg
from holdfast.pathways.flow import flow_in_words
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from holdfast.pathways.origins import origins
from holdfast.pathways.shape import json_schema
from holdfast.pathways.words import in_words

_PAGES = "docs/reference/pathways"


def pages() -> dict[str, str]:
    """Each generated file, by its path from the root of the repository."""
    made = {"docs/reference/pathway.schema.json": schema_text()}
    for id, text in shipped().items():
        pathway = load_pathway(text)
        made[f"{_PAGES}/{id}.md"] = _page(id, text, pathway)
        made[f"{_PAGES}/{id}.svg"] = svg(pathway)
    return made


def _page(id: str, text: str, pathway: Pathway) -> str:
    """In words, as a picture and the picture in words, and where each part stands in the file."""
    sources = f"From {', '.join(pathway.sources)}. " if pathway.sources else ""
    prevents = f"It guards against {', '.join(pathway.prevents)}. " if pathway.prevents else ""
    flow = f"## The flow\n\n![The flow of this pathway; the same in words follows.]({id}.svg)\n\n"
    words = f"```text\n{flow_in_words(pathway)}```\n\n"
    from_file = (
        f"## Where it is written\n\n{sources}{prevents}Lines are those of `holdfast/pathways/library/{id}.yaml`.\n\n"
    )
    return f"{in_words(pathway)}\n{flow}{words}{from_file}{origins(text)}"


def schema_text() -> str:
    """The JSON Schema of a pathway file, indented."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
