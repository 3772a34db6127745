"""How a condition is written in a pathway file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from holdfast.pathways.pieces import Id, Ids, Shape

_BY_KEY = {"fact": "(test)", "all": "(all)", "any": "(any)", "not": "(not)", "of": "(some)", "defined": "(defined)"}


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return "(constant)"
    if isinstance(value, dict):
        return next((form for key, form in _BY_KEY.items() if key in value), None)
    return _BY_CLASS.get(type(value))


class TestShape(Shape):
    """`{ fact: risk.violence, is: current }`: one fact, and one of is, is-not, known, unknown, at-least, at-most."""

    __test__ = False  # not a test of the suite

    fact: Id
    is_: Ids | None = None
    is_not: Ids | None = None
    known: Literal["yes"] | None = None
    unknown: Literal["yes"] | None = None
    at_least: int | None = None
    at_most: int | None = None


class AllShape(Shape):
    all_: Annotated[list[ConditionShape], Field(min_length=1)]


class AnyShape(Shape):
    any_: Annotated[list[ConditionShape], Field(min_length=1)]


class NotShape(Shape):
    not_: ConditionShape


class SomeShape(Shape):
    at_least: Annotated[int, Field(ge=1)]
    of: Annotated[list[ConditionShape], Field(min_length=1)]


class DefinedShape(Shape):
    """A condition that has a name under `definitions`."""

    defined: Id


ConditionShape = Annotated[
    Annotated[Literal["always", "never"], Tag("(constant)")]
    | Annotated[TestShape, Tag("(test)")]
    | Annotated[AllShape, Tag("(all)")]
    | Annotated[AnyShape, Tag("(any)")]
    | Annotated[NotShape, Tag("(not)")]
    | Annotated[SomeShape, Tag("(some)")]
    | Annotated[DefinedShape, Tag("(defined)")],
    Discriminator(_form),
]

_BY_CLASS: dict[type, str] = {
    TestShape: "(test)",
    AllShape: "(all)",
    AnyShape: "(any)",
    NotShape: "(not)",
    SomeShape: "(some)",
    DefinedShape: "(defined)",
}
for _shape in (AllShape, AnyShape, NotShape, SomeShape):
    _shape.model_rebuild()
