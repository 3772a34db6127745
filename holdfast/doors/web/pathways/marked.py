"""The Markdown in which a pathway is told, as HTML: headings, lists, tables, bold and code, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_ITEM = re.compile(r"( *)(-|\d+\.) (.*)")
_HEADING = re.compile(r"(#{2,4}) (.*)")
_BOLD, _CODE = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`([^`]+)`")


def marked(text: str, below: int = 0) -> SafeString:
    """The page without its own title; every heading ``below`` levels lower. Whatever was written is escaped."""
    return mark_safe("\n".join(_blocks(text.splitlines(), below)))  # noqa: S308 - each piece is escaped in _inline


def headings(text: str) -> list[tuple[str, str]]:
    """The id and words of each main part, for a list of contents."""
    return [(_id(line[3:]), line[3:]) for line in text.splitlines() if line.startswith("## ")]


def _blocks(lines: list[str], below: int) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line, start = lines[place], place
        place += 1
        if heading := _HEADING.fullmatch(line):
            level = len(heading[1]) + below
            anchor = f' id="{_id(heading[2])}"' if heading[1] == "##" else ""
            yield f"<h{level}{anchor}>{_inline(heading[2])}</h{level}>"
        elif _ITEM.fullmatch(line):
            while place < len(lines) and _ITEM.fullmatch(lines[place]):
                place += 1
            yield from _list(lines[start:place])
        elif line.startswith("|"):
            while place < len(lines) and lines[place].startswith("|"):
                place += 1
            yield from _table(lines[start:place])
        elif line.startswith("> "):
            yield f'<blockquote class="hf-panel">{_inline(line[2:])}</blockquote>'
        elif line.strip() and not line.startswith("# "):
            yield f"<p>{_inline(line)}</p>"


def _list(lines: list[str]) -> Iterator[str]:
    """Items by how far they are set in; deeper ones are a list of their own in the item before."""
    found = [match for line in lines if (match := _ITEM.fullmatch(line))]
    depth, place = len(found[0][1]), 0
    tag = "ol" if found[0][2] != "-" else "ul"
    yield f'<{tag} class="usa-list">'
    while place < len(found):
        deeper = place + 1
        while deeper < len(found) and len(found[deeper][1]) > depth:
            deeper += 1
        yield f"<li>{_inline(found[place][3])}"
        if deeper > place + 1:
            yield from _list([match[0] for match in found[place + 1 : deeper]])
        yield "</li>"
        place = deeper
    yield f"</{tag}>"


def _table(lines: list[str]) -> Iterator[str]:
    """On a narrow screen each row becomes a block of its own, with the heads beside the values."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    heads, body = rows[0], rows[2:]
    yield '<table class="usa-table usa-table--stacked usa-table--compact"><thead><tr>'
    yield "".join(f'<th scope="col">{_inline(head)}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    for row in body:
        cells = [f'<th scope="row" data-label="{escape(heads[0])}">{_inline(row[0])}</th>']
        cells += [
            f'<td data-label="{escape(head)}">{_inline(cell)}</td>'
            for head, cell in zip(heads[1:], row[1:], strict=False)
        ]
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table>"


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", escape(text)))


def _id(title: str) -> str:
    return "part-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
