"""Reads a pathway file into its shape, and turns what does not fit the shape into faults with a line."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from holdfast.pathways.fault import Fault, Path, PathwayFaults
from holdfast.pathways.shape import PathwayShape, json_schema
from holdfast.pathways.source import Source, read_source


@dataclass(frozen=True, slots=True)
class Reading:
    """A file in its shape, with its lines; `faults` are keys it knows nothing of, which it went on without."""

    shape: PathwayShape
    source: Source
    faults: list[Fault]


def read_shape(text: str) -> Reading:
    """Read a pathway file; raises PathwayFaults if it has any fault in its YAML or its shape."""
    reading = read_what_fits(text)
    if reading.faults:
        raise PathwayFaults(reading.faults)
    return reading


def read_what_fits(text: str) -> Reading:
    """Read a pathway file leaving unknown keys out, so that the rest can be checked as well; raises PathwayFaults."""
    source = read_source(text)
    try:
        return Reading(PathwayShape.model_validate(source.tree), source, [])
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults = [_fault(source, detail) for detail in details]
    if any(detail["type"] != "extra_forbidden" for detail in details):
        raise PathwayFaults(faults)
    tree = copy.deepcopy(source.tree)
    for detail in details:
        _remove(tree, _path(source, detail["loc"]))
    try:
        return Reading(PathwayShape.model_validate(tree), source, faults)
    except ValidationError as error:
        raise PathwayFaults([*faults, *(_fault(source, detail) for detail in error.errors())]) from error


def _path(source: Source, loc: tuple[int | str, ...]) -> Path:
    """Where in the file an error is; parts that only name a form of the shape are left out."""
    path: Path = ()
    for part in loc:
        if (*path, part) in source.lines:
            path = (*path, part)
    return path


def _remove(tree: Any, path: Path) -> None:
    for part in path[:-1]:
        tree = tree[part]
    tree.pop(path[-1], None)


def _fault(source: Source, detail: ErrorDetails) -> Fault:
    path = _path(source, detail["loc"])
    says, remedy = _in_words(detail)
    return Fault(source.line_of(path), path, says, remedy)


def _in_words(detail: ErrorDetails) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    written = detail["input"]
    shown = f"'{written}'" if isinstance(written, str) else "This"
    match kind:
        case "extra_forbidden" if last == "from" or last.startswith("from "):
            return f"'{last}' takes something from a block.", "Name the block under 'uses', on a line at the beginning."
        case "extra_forbidden":
            close = difflib.get_close_matches(last, _known_keys(), 1)
            remedy = f"Did you mean '{close[0]}'?" if close else "Take it out, or see the schema for the keys it knows."
            return f"'{last}' is not a key that belongs here.", remedy
        case "missing":
            return f"'{last}' is missing.", f"Add '{last}: ...' here."
        case "literal_error":
            return f"{shown} is not allowed here.", f"Write {context['expected']}."
        case "bool_parsing" | "bool_type":
            return f"'{last}' is neither yes nor no.", "Write yes or no."
        case "int_parsing" | "int_type" | "greater_than_equal" | "less_than_equal":
            limits = f" of {context['ge']} or more" if "ge" in context else f" up to {context['le']}" if context else ""
            return f"{shown} is not a whole number{limits}.", f"Write a whole number{limits}, such as 2."
        case "string_pattern_mismatch":
            return (
                f"{shown} is not a name.",
                "Write small letters and digits with '-' or '.', such as first-contact.",
            )
        case "string_too_short" | "too_short":
            return "There is nothing here.", "Write at least one, or take the key out."
        case "string_too_long":
            return f"This is longer than {context['max_length']} characters.", "Make it shorter."
        case "string_type":
            return "This should be a text.", "Write words here, not a list or a mapping."
        case "list_type":
            return f"{shown} should be a list.", "Write [one, two] or lines that begin with '-'."
        case "dict_type" | "model_type" | "model_attributes_type":
            if isinstance(detail["input"], str) and detail["input"][:1].isdigit():
                return f"{shown} should say for which tiers.", f"Write {{ all: {detail['input']} }}, or a time by tier."
            return f"{shown} should be a mapping.", "Write keys with values, such as { high: 4 h, standard: 24 h }."
        case "union_tag_not_found" | "union_tag_invalid":
            return (
                f"{shown} is not a condition.",
                "Write always, never, fact, all, any, not, defined, or at-least with of.",
            )
        case "value_error":
            says, _, remedy = str(context.get("error", detail["msg"])).partition(". ")
            return says.rstrip(".") + ".", remedy
    return f"{detail['msg']}.", "See the schema for what may stand here."


@cache
def _known_keys() -> tuple[str, ...]:
    return tuple(sorted(set(_properties(json_schema()))))


def _properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _properties(part)
