"""The page of evidence as a tagged PDF; the same evidence gives the same bytes."""

from __future__ import annotations

import json
import re
from datetime import UTC
from importlib.resources import as_file, files

import typst

from holdfast.assurance.evidence import Evidence
from holdfast.assurance.page import Page, page_of

#: Sizes of type, in points, tried in turn until the page is one page.
SIZES = (8.0, 7.4, 6.8, 6.2)
_A_PAGE = re.compile(rb"/Type ?/Page\b")
_WIDTHS = {3: (2, 7, 9), 4: (6, 8, 5, 7)}
_BY_HEADING = {
    "Confirmed": (3, 13, 4, 1),
    "Known to": (5, 9, 5, 2),
    "Accountable": (4, 4, 4, 9),
    "Dated states, each on its own evidence": (3, 4, 3, 13),
    "Escalated": (9, 5, 4, 9),
    "Risk signals and responses": (8, 4, 4, 9),
    "Late writings, overrides, failures": (3, 7, 8, 7),
}


def render_pdf(evidence: Evidence) -> bytes:
    """The evidence on one page of A4, tagged for readers that read aloud (PDF/UA-1), dated with ``evidence.made`` (AUD-01).

    What no longer fits at the smallest size goes on, rather than be cut.
    """
    page = page_of(evidence)
    data = json.dumps(_data(page, evidence), ensure_ascii=False)
    with as_file(files("holdfast.assurance") / "template.typ") as template:
        rendered = b""
        for size in SIZES:
            rendered, pages = _compile(str(template), data, size, int(page.made.timestamp()))
            if pages == 1:
                break
    return rendered


def _compile(template: str, data: str, size: float, made: int) -> tuple[bytes, int]:
    inputs = {"page": data, "size": str(size)}
    # The fonts are those that come with the typesetter: what a machine has must not change a byte.
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs=inputs)
    rendered = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=made)
    if not isinstance(rendered, bytes):
        raise TypeError("a page of evidence is one file")
    return rendered, len(_A_PAGE.findall(rendered))


def _data(page: Page, evidence: Evidence) -> dict[str, object]:
    made = page.made.astimezone(UTC)
    return {
        "title": page.title,
        "made": [made.year, made.month, made.day, made.hour, made.minute, made.second],
        "facts": page.facts,
        "tables": [
            {
                "heading": table.heading,
                "columns": table.columns,
                "rows": table.rows,
                "none": table.none,
                "more": table.more,
                "widths": _BY_HEADING.get(table.heading) or _WIDTHS[len(table.columns)],
            }
            for table in page.tables
        ],
        "purpose": page.purpose,
        "foot": f"{evidence.case} · entry {evidence.entries} · {evidence.digest[:16]}",
    }
