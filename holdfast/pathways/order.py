"""A pathway with everything in one fixed order whose order means nothing: so that two editions differ only where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from holdfast.core.conditions import All, Some
from holdfast.core.conditions import Any as Either
from holdfast.core.pathway import Option, Pathway


def unordered(pathway: Pathway) -> Pathway:
    """Names, ids and conditions that stand side by side are sorted; what is gone through in order (tiers, rungs, questions) keeps it."""
    return cast(Pathway, _sorted(pathway))


def _sorted(value: Any) -> Any:
    if isinstance(value, All | Either | Some):
        return replace(value, items=tuple(sorted(map(_sorted, value.items), key=repr)))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _sorted(getattr(value, one.name)) for one in fields(value) if one.init})
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        items = tuple(map(_sorted, value))
        alike = items and (all(isinstance(one, str) for one in items) or all(isinstance(one, Option) for one in items))
        return tuple(sorted(items, key=repr)) if alike else items
    return value
