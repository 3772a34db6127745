"""Draws the flow of a pathway as SVG: a row for each deed, with what comes before at the left and after at the right."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape

from holdfast.core.pathway import Pathway
from holdfast.pathways.flow import Row, flow_in_words, rows

_WIDTH, _GAP, _LINE, _PAD = 960, 18, 18, 10
#: Left edge, width and letters in a line, of: what must have happened, the deed, what it counts as, what is owed.
_COLUMNS = ((10, 170, 22), (220, 260, 34), (520, 170, 22), (720, 230, 32))
_HEADS = ("After", "Who does what", "It counts as", "Then owed")
_FILLS = {"moment": "#f0f0f0", "step": "#e8f1fb", "owed": "#fdf3d8", "end": "#e3f4e6"}
_INK, _EDGE, _LINEN = "#1b1b1b", "#565c65", "#ffffff"
_FONT = "font-family='Public Sans, Helvetica, Arial, sans-serif' font-size='14'"


def svg(pathway: Pathway) -> str:
    """The picture as one SVG document, with a title and the same in words for those who do not see it."""
    body: list[str] = []
    top = 34
    for row in rows(pathway):
        height = _height(row)
        body += _row(row, top, height)
        top += height + _GAP
    heads = [
        f"<text x='{x}' y='20' font-weight='700'>{head}</text>"
        for (x, _, _), head in zip(_COLUMNS, _HEADS, strict=True)
    ]
    described = f"<title id='flow-title'>{escape(pathway.title)}: the flow</title>"
    described += f"<desc id='flow-words'>{escape(flow_in_words(pathway))}</desc>"
    opening = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {top}' width='{_WIDTH}' height='{top}' role='img'"
        f" aria-labelledby='flow-title flow-words' {_FONT} fill='{_INK}'>"
    )
    arrow = (
        "<defs><marker id='flow-arrow' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='8' markerHeight='8' orient='auto'>"
        f"<path d='M0 0 8 4 0 8z' fill='{_EDGE}'/></marker></defs>"
    )
    paper = f"<rect width='{_WIDTH}' height='{top}' fill='{_LINEN}'/>"
    return "\n".join([opening, described, arrow, paper, *heads, *body, "</svg>"]) + "\n"


def _wrapped(texts: Sequence[str], letters: int) -> list[str]:
    return [line for text in texts for line in textwrap.wrap(f"• {text}" if len(texts) > 1 else text, letters) or [""]]


def _deed(row: Row) -> list[str]:
    letters = _COLUMNS[1][2]
    return [*_wrapped([row.title], letters), *_wrapped([row.by] if row.by else [], letters)]


def _height(row: Row) -> int:
    counts = [len(_deed(row))]
    counts += [
        len(_wrapped(texts, column[2]))
        for texts, column in zip((row.after, row.marks, row.owes), (_COLUMNS[0], *_COLUMNS[2:]), strict=True)
    ]
    return max(counts) * _LINE + 2 * _PAD


def _row(row: Row, top: int, height: int) -> Iterator[str]:
    (left, before, _), (x, width, _), (right, _, _), (far, _, _) = _COLUMNS
    middle = top + height // 2
    if row.after:
        yield from _lines(_wrapped(row.after, _COLUMNS[0][2]), left, middle)
        yield _arrow(left + before, x, middle)
    corner = {"step": 4, "moment": 18, "owed": 0, "end": 18}[row.kind]
    yield (
        f"<rect x='{x}' y='{top}' width='{width}' height='{height}' rx='{corner}' fill='{_FILLS[row.kind]}'"
        f" stroke='{_EDGE}'{_dashes(row)}/>"
    )
    title = len(_wrapped([row.title], _COLUMNS[1][2]))
    yield from _lines(_deed(row), x + _PAD, middle, bold=title)
    if row.marks:
        yield _arrow(x + width, right - 6, middle)
        yield from _lines(_wrapped(row.marks, _COLUMNS[2][2]), right, middle)
    if row.owes:
        if not row.marks:
            yield _arrow(x + width, far - 6, middle)
        yield from _lines(_wrapped(row.owes, _COLUMNS[3][2]), far, middle)


def _dashes(row: Row) -> str:
    return " stroke-dasharray='5 3'" if row.kind == "owed" else ""


def _lines(texts: Sequence[str], x: int, middle: int, bold: int = 0) -> Iterator[str]:
    first = middle - (len(texts) - 1) * _LINE / 2 + 5
    for number, text in enumerate(texts):
        weight = " font-weight='700'" if number < bold else ""
        yield f"<text x='{x}' y='{first + number * _LINE:g}'{weight}>{escape(text)}</text>"


def _arrow(start: int, end: int, y: int) -> str:
    return f"<path d='M{start} {y}H{end}' stroke='{_EDGE}' fill='none' marker-end='url(#flow-arrow)'/>"
