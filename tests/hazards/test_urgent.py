"""Hazards of rules that stand in the way: an emergency waits for nothing, and a hard stop can be passed with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from holdfast.core.deeds import what_can_be_done
from holdfast.core.gates import gate_refusal
from holdfast.core.pathway import Gate
from holdfast.core.work import Refused, Work
from holdfast.desk.publishing import publish_edition
from holdfast.directory.snapshot import current_version
from holdfast.directory.snapshot import load as load_directory
from holdfast.pathways.editions import get_edition
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.worklists.models import Exceptional
from tests.hazards.control import fails_without, nothing
from tests.installation import (
    GOVERNANCE,
    LEAD,
    OUTSIDER,
    PATHWAY,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SECOND_GOVERNANCE,
    SENDER,
    SENDER_SUPERVISOR,
    Case,
    Installation,
)

URGENT = "    urgent: yes\n"
#: Ways of putting something before the emergency that an author may think of.
BEFORE_IT = {
    "gates": "    needs: [packet-complete, accepted]\n",
    "a condition": "    only-when: { fact: moment.accepted, known: yes }\n",
    "a question": "    records: [ { id: emergency.why, kind: text, ask: Why } ]\n",
}
WHY = {"override": "The crew leaves now; nobody can be reached before eight."}


def emergency_deed(case: Case, actor: str) -> Any:
    pathway = get_edition(case.state.edition)
    directory = load_directory(current_version())
    return what_can_be_done(case.state, pathway, directory, actor, case.at.now)[0]


def an_emergency_waits_for_nothing(house: Installation) -> None:
    """HZ-48: with every gate shut anybody of the case records the emergency in one deed; no edition can take that away."""
    empty, sent, accepted = house.open(), house.sent(), house.accepted()
    assert empty.refused("TakeStep", SENDER, step="send").code == "gate_shut"
    cases = ((empty, SENDER), (empty, RECEIVER), (sent, RECEIVER), (sent, SENDER_SUPERVISOR), (accepted, LEAD))
    for case, actor in cases:
        first = emergency_deed(case, actor)
        assert (first.target, first.allowed) == ("emergency", True), (
            f"HZ-48: the first deed of {actor} is {first.target}"
        )
        assert "emergency number" in first.says, "HZ-48: the screen does not say whom to call"
        outcome = case.ask("TakeStep", actor, step="emergency")
        assert outcome.accepted, f"HZ-48: {actor} could not call for an emergency response: {outcome.refusal}"
        assert case.promise("clinical-response").owed, "HZ-48: nobody owes the response"
    told = {e["to"] for e in accepted.events("NoticeIssued") if e["notice"] == "emergency"}
    assert told == {f"staff:{RECEIVER_SUPERVISOR}", f"staff:{LEAD}"}, f"HZ-48: {told} were told"
    assert emergency_deed(empty, OUTSIDER).target != "emergency" or not emergency_deed(empty, OUTSIDER).allowed
    for what, line in BEFORE_IT.items():
        text = shipped()[PATHWAY].replace(URGENT, URGENT + line)
        try:
            published = publish_edition(house.desk, text, GOVERNANCE, "test", SECOND_GOVERNANCE).accepted
        except PathwayFaults as faults:
            published = "urgent step" not in str(faults)
        assert not published, f"HZ-48: an edition puts {what} before the emergency"


@pytest.mark.hazard("HZ-48")
@pytest.mark.requirement("EWS-04")
def test_hz_48_an_emergency_waits_for_nothing(house: Installation) -> None:
    an_emergency_waits_for_nothing(house)


@pytest.mark.control_off("HZ-48")
def test_hz_48_without_its_control(house: Installation) -> None:
    fails_without("HZ-48", an_emergency_waits_for_nothing, house, nothing)


def a_hard_stop_never_blocks_urgent_care(house: Installation) -> None:
    """HZ-81: with nothing filled in the packet goes out in one deed with a reason; the rest is owed, signed off and seen."""
    case = house.open()
    stopped = case.refused("TakeStep", SENDER, step="send")
    assert "override" in stopped.instead, "HZ-81: the refusal does not say how to go on"
    blank = case.refused("TakeStep", SENDER, None, {"override": "  "}, step="send")
    assert blank.code == "reason_missing", "HZ-81: a blank passed a gate"
    outcome = case.ask("TakeStep", SENDER, texts=WHY, step="send")
    assert outcome.accepted, f"HZ-81: the hard stop cannot be passed: {outcome.refusal}"
    owed = {p.kind: p for p in case.state.owed()}
    assert owed["complete-packet"].due == house.now + timedelta(hours=24), "HZ-81: the rest of the packet has no clock"
    assert owed["override-sign-off"].owner != SENDER, "HZ-81: nobody else signs the override off"
    (passed,) = case.events("GateOverridden")
    edition = get_edition(case.state.edition)
    shut = {gate for gate in edition.find_step("send").needs if edition.get_gate(gate).override != "never"}
    assert set(passed["gates"]) == shut and passed["reason"], "HZ-81: what was passed, and why, is not kept"
    assert Exceptional.objects.filter(case=case.id, kind="override").exists(), "HZ-81: governance does not see it"
    assert owed["receipt"].owed, "HZ-81: an urgent packet has no receipt clock"


def _always_shut(work: Work, id: str, title: str, unmet: list[Gate], reason: Any) -> None:
    if unmet:
        raise Refused(gate_refusal(work, title, unmet))


@pytest.mark.hazard("HZ-81")
@pytest.mark.requirement("GAT-07", "PKT-06")
def test_hz_81_a_hard_stop_never_blocks_urgent_care(house: Installation) -> None:
    a_hard_stop_never_blocks_urgent_care(house)


@pytest.mark.control_off("HZ-81")
def test_hz_81_without_its_control(house: Installation) -> None:
    fails_without(
        "HZ-81", a_hard_stop_never_blocks_urgent_care, house, _always_shut, "holdfast.core.stepping:pass_gates"
    )
