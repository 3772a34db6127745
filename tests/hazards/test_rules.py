"""Hazards of the rules themselves: a move that is only half designed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, nothing
from tests.hazards.episodes import CARE, STEP_DOWN, TOLD, ready
from tests.hazards.journeys import asked
from tests.installation import Installation
from tests.library.four_parts import answers

#: Protocols of several kinds, and the step that begins the move.
MOVES = {STEP_DOWN: "send", "team-transfer": "send", "safeguarding-concern": "send", CARE: "begin"}
MOVES = {pathway: step for pathway, step in MOVES.items() if pathway in shipped()}
#: A part of a move that is taken away, and the gate that must name it.
PARTS: dict[str, dict[str, Any]] = {
    "trigger-stated": {"transition.trigger": None},
    "packet-complete": {"risk.triggers": None},
    "touchpoint-guaranteed": {"touchpoint.by": None},
    "fallback-stated": {"fallback.action": None},
}


def a_move_has_four_parts_and_its_fallback_starts_itself(network: Installation) -> None:
    """HZ-59: without trigger, package, guarantee or fallback nothing moves; a touchpoint missed starts the fallback by itself."""
    for pathway, step in MOVES.items():
        run = ready(network, pathway)
        if pathway == STEP_DOWN:
            run.step("prepare-person", TOLD)
        for gate, without in PARTS.items():
            run.fill_only(without)
            refused = asked(run, step)
            assert refused and gate in run.missing(refused), f"HZ-59: {pathway} moves although not {gate}"
            run.fill(answers(run))
        if pathway == CARE:
            run.step("confirm-roles")
        run.step(step)
        run.past("guaranteed-touchpoint")
        assert run.owes("fallback"), f"HZ-59: {pathway}: the touchpoint was missed, and nothing happens"
        owed, named = run.owed("fallback"), run.who("first-appointment-missed")
        assert owed["owner"] == named, f"HZ-59: {owed['owner']} owes the fallback, named was {named}"
        assert named in run.notices("fallback"), "HZ-59: whoever owes the fallback does not hear of it"
        assert run.case.promise("fallback").due <= network.now + timedelta(hours=24), "HZ-59: the fallback has no hurry"
        run.past("fallback")
        run.wait(hours=20)
        assert run.told("fallback")[-1].endswith("-zenith"), "HZ-59: a fallback that is not carried out is forgotten"


@pytest.mark.hazard("HZ-59")
@pytest.mark.requirement("GAT-06")
def test_hz_59_a_move_has_four_parts_and_its_fallback_starts_itself(network: Installation) -> None:
    a_move_has_four_parts_and_its_fallback_starts_itself(network)


@pytest.mark.control_off("HZ-59")
def test_hz_59_without_its_control(network: Installation) -> None:
    fails_without("HZ-59", a_move_has_four_parts_and_its_fallback_starts_itself, network, nothing)
