"""Taking a control out: the place that the registry names is patched, and the scenario must fail at the hazard's own assertion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

from holdfast.assurance.controls import CONTROLS

Scenario = Callable[[Any], None]


@contextmanager
def without(hazard: str, replacement: Any, place: str = "") -> Iterator[None]:
    """The control of ``hazard`` replaced. ``place`` (``module:name``) is where it is called from, if that is not its own place."""
    registered = CONTROLS[hazard].place
    holder, name = _at(place or registered)
    if _held(holder, name) is not _held(*_at(registered)):
        raise LookupError(f"{place} is not the control registered for {hazard}, {registered}")
    if isinstance(holder, dict):
        with patch.dict(holder, {name: replacement}):
            yield
        return
    with patch.object(holder, name, replacement):
        yield


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
