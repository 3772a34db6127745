"""Taking a control out: the place that the registry names is patched, and the scenario must fail at the hazard's own assertion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pytest

from holdfast.assurance.controls import CONTROLS
from holdfast.core.conditions import ALWAYS
from holdfast.core.pathway import Gate, Pathway
from holdfast.pathways import editions
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway

Scenario = Callable[[Any], None]
#: How the place of a control begins that is a part of a shipped pathway: ``library/<file or *>:<kind>.<id>``.
DATA = "library/"


@contextmanager
def without(hazard: str, replacement: Any, place: str = "") -> Iterator[None]:
    """The control of ``hazard`` replaced. ``place`` (``module:name``) is where it is called from, if that is not its own place.

    Of a control in pathway data, ``replacement`` gets the part and gives another, or None to leave it out.
    """
    registered = CONTROLS[hazard].place
    if registered.startswith(DATA):
        with _part_out(registered, replacement):
            yield
        return
    holder, name = _at(place or registered)
    if _held(holder, name) is not _held(*_at(registered)):
        raise LookupError(f"{place} is not the control registered for {hazard}, {registered}")
    if isinstance(holder, dict):
        with patch.dict(holder, {name: replacement}):
            yield
        return
    with patch.object(holder, name, replacement):
        yield


@contextmanager
def _part_out(place: str, replacement: Callable[[Any], Any]) -> Iterator[None]:
    """Every pathway is loaded without the part, whatever was published; files that are not shipped here are skipped."""
    file, _, part = place.removeprefix(DATA).partition(":")
    files = list(shipped()) if file == "*" else [file]
    if file != "*":
        shipped_or_skip(file)
    if not any(parts_of(load_pathway(shipped()[one]), part) for one in files):
        raise LookupError(f"no shipped pathway has {part}, the place registered as {place}")
    load = editions.load_canonical

    def load_without(body: bytes) -> Pathway:
        pathway = load(body)
        return cut(pathway, part, replacement) if pathway.id in files else pathway

    with patch.object(editions, "load_canonical", load_without), patch.object(editions, "_loaded", {}):
        yield


def parts_of(pathway: Pathway, part: str) -> list[Any]:
    """The part of the pathway: ``gates.<id>``, ``steps.<id>``, ``obligations.<id>``, ``endpoints.<id>`` or ``packet.<field>``."""
    kind, _, id = part.partition(".")
    found = pathway.packet_fields() if kind == "packet" else getattr(pathway, kind)
    return [one for one in found if one.id == id]


def cut(pathway: Pathway, part: str, replacement: Callable[[Any], Any]) -> Pathway:
    """The pathway with the part replaced, or left out."""
    kind, _, id = part.partition(".")

    def kept(parts: Iterable[Any]) -> tuple[Any, ...]:
        after = (replacement(one) if one.id == id else one for one in parts)
        return tuple(one for one in after if one is not None)

    if kind == "packet":
        return replace(
            pathway, packet=tuple(replace(section, fields=kept(section.fields)) for section in pathway.packet)
        )
    return replace(pathway, **{kind: kept(getattr(pathway, kind))})


def open_gate(gate: Gate) -> Gate:
    """The gate, never shut."""
    return replace(gate, when=ALWAYS)


def shipped_or_skip(*pathways: str) -> None:
    """A hazard of one protocol is not shown where its file is not shipped."""
    for id in pathways:
        if id not in shipped():
            pytest.skip(f"{id} is not shipped here")


def _at(place: str) -> tuple[Any, Any]:
    """What holds the control, and under which name or key."""
    module, _, name = place.partition(":")
    holder: Any = import_module(module)
    if "." in name:
        outer, _, name = name.partition(".")
        holder = getattr(holder, outer)
    if isinstance(holder, dict):
        return holder, next(key for key in holder if getattr(key, "__name__", key) == name)
    return holder, name


def _held(holder: Any, name: Any) -> Any:
    return holder[name] if isinstance(holder, dict) else getattr(holder, name)


def fails_without(hazard: str, scenario: Scenario, house: Any, replacement: Any, place: str = "") -> None:
    """Run ``scenario`` with the control out. It must fail at an assertion whose message begins with the hazard's id."""
    with without(hazard, replacement, place):
        try:
            scenario(house)
        except AssertionError as error:
            said = str(error).strip().splitlines()[0] if str(error).strip() else ""
            if not said.startswith(hazard):
                raise RuntimeError(f"the twin failed elsewhere, not at {hazard}: {said}") from error
            return
    raise RuntimeError(f"the scenario of {hazard} passes without its control: it proves nothing")


def nothing(*arguments: Any, **more: Any) -> None:
    """A control that does nothing."""


def no_gate(*arguments: Any, **more: Any) -> list[Any]:
    """Gates that are never shut."""
    return []


def not_opening(kind: str) -> Callable[..., Any]:
    """Opening promises, but never one of ``kind``."""
    from holdfast.core.promises import open_promise

    def open_others(work: Any, spec: Any, *arguments: Any, **more: Any) -> Any:
        if spec.id != kind:
            return open_promise(work, spec, *arguments, **more)
        return next(iter(work.state.promises))

    return open_others
