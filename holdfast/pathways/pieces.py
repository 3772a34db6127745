"""The small pieces that the shape of a pathway file is made of: names, texts, durations, yes and no, kept order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    WrapSerializer,
)

from holdfast.core.spans import parse_span

T = TypeVar("T")

#: Passed as context when the canonical form is read back, where kept order is written as pairs.
CANONICAL = {"canonical": True}

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


def _span(text: str) -> str:
    return parse_span(text).text


SpanText = Annotated[str, AfterValidator(_span)]


def _yes_or_no(value: object) -> object:
    return {"yes": True, "no": False}.get(value, "neither") if isinstance(value, str) else value


YesNo = Annotated[
    bool,
    BeforeValidator(_yes_or_no),
    PlainSerializer(lambda value: "yes" if value else "no"),
    WithJsonSchema({"enum": ["yes", "no"]}),
]
Allowed = Literal["allowed"]


def _from_pairs(value: object, info: ValidationInfo) -> object:
    if info.context == CANONICAL and isinstance(value, list):
        return dict(value)
    return value


def _to_pairs(value: dict[str, Any], serialise: SerializerFunctionWrapHandler) -> list[list[Any]]:
    return [[key, item] for key, item in serialise(value).items()]


#: A mapping whose order people see (sections, steps, options), so the canonical form keeps it.
Kept = Annotated[dict[Id, T], BeforeValidator(_from_pairs), WrapSerializer(_to_pairs)]
KeptByTitle = Annotated[dict[Text, T], BeforeValidator(_from_pairs), WrapSerializer(_to_pairs)]


def one_or_several(value: object) -> object:
    """`met-by: sent` is short for `met-by: [sent]`."""
    return [value] if isinstance(value, str | dict) else value


def short_for(key: str) -> Callable[[object], object]:
    """A bare word is short for a mapping that has only `key`."""
    return lambda value: {key: value} if isinstance(value, str) else value


Ids = Annotated[list[Id], BeforeValidator(one_or_several, json_schema_input_type=Id | list[Id])]


class Shape(BaseModel):
    """A mapping with these keys and no others; `owed_by` is written `owed-by`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.rstrip("_").replace("_", "-")
    )
