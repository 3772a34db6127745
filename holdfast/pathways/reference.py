"""The pages under docs/reference that are made from the pathways."""

from __future__ import annotations

import json

from holdfast.core.pathway import Pathway
from holdfast.pathways.drawing import svg
from holdfast.pathways.expansion import Expanded
from holdfast.pathways.flow import flow_in_words
from holdfast.pathways.library import shipped, whole
from holdfast.pathways.load import load_pathway
from holdfast.pathways.origins import origins, taken_in_words
from holdfast.pathways.shape import json_schema
from holdfast.pathways.words import in_words

_PAGES = "docs/reference/pathways"


def pages() -> dict[str, str]:
    """Each generated file, by its path from the root of the repository."""
    made = {"docs/reference/pathway.schema.json": schema_text()}
    protocols = {id: load_pathway(text) for id, text in shipped().items()}
    made[f"{_PAGES}/index.md"] = _index(protocols)
    for id, pathway in protocols.items():
        made[f"{_PAGES}/{id}.md"] = _page(id, whole(id), pathway)
        made[f"{_PAGES}/{id}.svg"] = svg(pathway)
    return made


def _index(protocols: dict[str, Pathway]) -> str:
    """Every shipped protocol in one table: what it is called, how long it runs, how it can end, and its source."""
    rows = [
        f"| [{p.title}]({id}.md) | {p.window.text} | {'; '.join(e.title for e in p.endpoints)} | {', '.join(p.sources)} |"
        for id, p in sorted(protocols.items(), key=lambda item: item[1].title)
    ]
    return "\n".join(
        ["# The shipped pathways\n", "| pathway | runs for | can end as | from |", "|---|---|---|---|", *rows, ""]
    )


def _page(id: str, file: Expanded, pathway: Pathway) -> str:
    """In words, as a picture and the picture in words, and where each part stands in the file."""
    sources = f"From {', '.join(pathway.sources)}. " if pathway.sources else ""
    prevents = f"It guards against {', '.join(pathway.prevents)}. " if pathway.prevents else ""
    flow = f"## The flow\n\n![The flow of this pathway; the same in words follows.]({id}.svg)\n\n"
    words = f"```text\n{flow_in_words(pathway)}```\n\n"
    lines = (
        f"Lines are those of `holdfast/pathways/library/{id}.yaml`, or of the block in `library/blocks` that is named."
    )
    from_file = f"## Where it is written\n\n{sources}{prevents}{lines}\n\n"
    return f"{in_words(pathway)}\n{flow}{words}{from_file}{origins(file)}{taken_in_words(file)}"


def schema_text() -> str:
    """The JSON Schema of a pathway file, indented."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
