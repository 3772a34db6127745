"""What a transition cannot start without, taken away one by one: trigger, package, guarantee, fallback, names, consent, channel."""

from __future__ import annotations

from typing import Any

from tests.library.driver import Run
from tests.library.setting import member

#: Gate to the answers that keep it shut; None takes an answer back.
_WITHOUT: dict[str, dict[str, Any]] = {
    "packet-complete": {"risk.triggers": None},
    "consent-recorded": {"consent.sharing": "refused"},
    "trigger-stated": {"transition.trigger": None},
    "touchpoint-guaranteed": {"touchpoint.by": None},
    "fallback-stated": {"fallback.action": None},
    "channel-usable": {"contact.channel": "phone", "access.needs": ["phone"]},
}
_NAMES = {
    "decision-maker-reachable": ("decision-maker",),
    "continuity-named": ("medication-continuity", "first-appointment-missed"),
}


def answers(run: Run, **more: Any) -> dict[str, Any]:
    """What a case of the library needs beside the first answers to its questions: a touchpoint that lies ahead, a way to be reached."""
    given = {"touchpoint.by": run.soon(hours=48), "access.needs": ["transport"], "contact.channel": "phone"}
    return {**given, "consent.sharing": "given", **more}


def check_parts(run: Run, step: str = "send", names: dict[str, tuple[str, ...]] | None = None, **more: Any) -> None:
    """A new case: each part that is missing alone keeps ``step`` shut, and the refusal says which; nothing else of these does."""
    named = _NAMES if names is None else names
    run.fill(answers(run, **more))
    run.name_everybody(*(role for roles in named.values() for role in roles))
    for gate, roles in named.items():
        for role in roles:
            assert gate in run.missing(run.step(step, status=409)), f"{role} is not named"
            spec = run.pathway.find_named(role)
            assert spec is not None
            staff = member(next(iter(run.state.parties.values())), spec.role)
            run.of(run.state.holder).do(run.id, f"NameRole/{role}", staff=staff)
        assert gate not in run.shut(step)
    for gate, without in _WITHOUT.items():
        run.fill_only(without)
        assert gate in run.missing(run.step(step, status=409)), gate
        run.fill(answers(run, **more))
        assert gate not in run.shut(step)
