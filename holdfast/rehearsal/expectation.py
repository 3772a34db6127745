"""What a story expects to have come of it, checked against the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.core import events as e
from holdfast.core.state import State
from holdfast.core.validations import FAILED, judge
from holdfast.deliveries.models import Delivery
from holdfast.rehearsal.acts import Scene
from holdfast.rehearsal.chronicle import Step, state_at
from holdfast.rehearsal.fault import StoryFault


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation: ``says`` repeats it, ``but`` tells what was found instead ("" when it holds)."""

    says: str
    but: str


def check_expectations(scene: Scene, steps: list[Step]) -> list[Finding]:
    """Each expectation of the scene's story against the entries of its case. Raises StoryFault for one that cannot be read."""
    return [finding for line in scene.story.expect for finding in _check(line, scene, steps)]


def _check(line: Mapping[str, Any], scene: Scene, steps: list[Step]) -> list[Finding]:
    wanted = dict(line)
    at = str(wanted.pop("at", scene.story.ends))
    state = state_at(steps, scene.reckoning.instant(at))
    if state is None:
        raise StoryFault(f"{scene.story.id}: at {at} the case is not open yet.")
    when = f"at {at}: " if "at" in line else ""
    subject = next((name for name in _ABOUT if name in wanted), "")
    if subject:
        says = ", ".join(f"{name} {_shown(value)}" for name, value in wanted.items())
        return [Finding(when + says, _ABOUT[subject](wanted, scene, steps))]
    findings = []
    for name, value in wanted.items():
        if name not in _OF_STATE:
            raise StoryFault(f"{scene.story.id}: nothing can be expected of '{name}'.")
        findings.append(Finding(f"{when}{name} {_shown(value)}", _OF_STATE[name](value, state, scene)))
    return findings


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _same(wanted: object, found: object) -> str:
    return "" if wanted == found else f"found {_shown(found) or 'nothing'}"


def _holder(value: Any, state: State, scene: Scene) -> str:
    return _same(scene.staff(value), state.holder)


def _owed(value: Any, state: State, scene: Scene) -> str:
    owed = {promise.kind for promise in state.owed()}
    missing = [kind for kind in value if kind not in owed]
    return f"not owed: {', '.join(missing)}" if missing else ""


def _settled(value: Any, state: State, scene: Scene) -> str:
    latest = {kind: state.latest(kind) for kind in value}
    found = {kind: promise.status if promise else "never opened" for kind, promise in latest.items()}
    return _same(value, found)


def _validations(value: Any, state: State, scene: Scene) -> str:
    failed = [verdict.id for verdict in judge(state, scene.pathway, scene.directory) if verdict.word == FAILED]
    return f"failed: {', '.join(failed)}" if failed else ""


def _breaches(value: Any, state: State, scene: Scene) -> str:
    return _same(value, sum(1 for promise in state.promises.values() if promise.breached is not None))


_OF_STATE: Mapping[str, Callable[[Any, State, Scene], str]] = {
    "holder": _holder,
    "status": lambda value, state, scene: _same(value, state.status),
    "tier": lambda value, state, scene: _same(value, state.tier),
    "endpoint": lambda value, state, scene: _same(value, state.endpoint),
    "owed": _owed,
    "settled": _settled,
    "validations": _validations,
    "breaches": _breaches,
}


def _called(wanted: Mapping[str, Any], scene: Scene, steps: list[Step]) -> str:
    rungs = [event for step in steps for event in step.events if isinstance(event, e.RungFired)]
    told = [rung.told for rung in rungs if rung.id.partition("#")[0] == wanted["called"]]
    return _same([scene.staff(name) for name in wanted["to"]], told)


def _moment(wanted: Mapping[str, Any], scene: Scene, steps: list[Step]) -> str:
    moment = steps[-1].state.moments.get(wanted["moment"])
    return _same(wanted["times"], moment.count if moment else 0)


def _notice(wanted: Mapping[str, Any], scene: Scene, steps: list[Step]) -> str:
    address = f"staff:{scene.staff(wanted['to'])}"
    rows = Delivery.objects.filter(stream=scene.case, notice=wanted["notice"], recipient=address)
    found = sorted(set(rows.values_list("status", flat=True)))
    return _same([wanted["came"]], found)


_ABOUT: Mapping[str, Callable[[Mapping[str, Any], Scene, list[Step]], str]] = {
    "called": _called,
    "moment": _moment,
    "notice": _notice,
}
