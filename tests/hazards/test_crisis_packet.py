"""Hazards of what a crisis team knows and the next team does not: the story told again, the safety plan lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, open_gate, shipped_or_skip
from tests.hazards.journeys import accepted, asked, asked_to_close, now, opened
from tests.installation import Installation
from tests.library.answering import BLANK
from tests.library.contacts import CALM, SPOKEN, TOLD
from tests.library.driver import Run
from tests.library.setting import member, publish

LINE, OUTPATIENT, ONWARD = "crisis-line-to-mobile-crisis", "mobile-crisis-to-outpatient", "crisis-to-case-management"
CARRIED = "holdfast.desk.surroundings:carried"
#: What the person told on the line, and what the mobile team learned at the door: none of it may have to be told a third time.
TOLD_ON_THE_LINE = {
    "crisis.trigger": "The letter about the flat came on Monday.",
    "crisis.agreed": "To stay with a sister until Friday.",
    "risk.suicidal-ideation": "plan",
    "risk.means": "secured",
    "risk.recent-attempt": {"how": "not-disclosed"},
    "risk.summary": "Thought of it by night, not by day.",
    "risk.triggers": "Rows about money. First sign: no sleep for two nights.",
    "risk.protective": "The sister, and the dog.",
    "safety-plan.summary": "Walks, the sister, the line.",
    "safety-plan.conditions": "Works only while the sister is home.",
}
LEARNED_AT_THE_DOOR = {
    "crisis.happened": "Found on the stairs, talked for an hour.",
    "crisis.disposition": "offered",
    "crisis.first-action": "Ring the landlord with the person.",
}
#: Left open at the door: it must be seen to be open, and not be taken for an answer.
GAP = "medication.current"


def the_story_is_told_once(network: Installation) -> None:
    """HZ-07: crisis line, mobile crisis, outpatient, case management: what was said is there, word for word, with where it is from."""
    shipped_or_skip(LINE, OUTPATIENT, ONWARD)
    publish(network, OUTPATIENT, ONWARD)
    line = accepted(network, LINE, {"handoff.endpoint": ["response"], **TOLD_ON_THE_LINE})
    line.step("record-contact", SPOKEN)
    line.step("end-response", {"response.ended-at": now(network)})
    line.step("hand-on", {"next.protocol": "outpatient", "next.team": "gamma"})
    (begun,) = line.state.begun
    door = Run(network, begun.removeprefix("case:"))
    _there(door, TOLD_ON_THE_LINE, LINE)
    _confirm(door, TOLD_ON_THE_LINE)
    door.fill({**CALM, **LEARNED_AT_THE_DOOR, "crisis.ended-at": now(network), "touchpoint.by": door.soon(hours=40)})
    door.fill_only({GAP: BLANK})
    door.name_everybody()
    assert GAP in door.missing(asked(door, "send")), "HZ-07: a gap goes out unseen"
    door.step("send", override="They are waiting for us.")
    door.step("accept", by=door.who("receiver.intake"))
    onward = _opened_by(network, door.state.holder, {"sender": "gamma", "receiver": "delta"}, door.state.subject)
    _there(onward, {**TOLD_ON_THE_LINE, **LEARNED_AT_THE_DOOR}, OUTPATIENT)
    shown = _packet(onward)
    assert shown[GAP]["missing"] and not shown[GAP]["answer"], "HZ-07: what nobody knew is not a gap any more"
    waiting = {id for id, field in shown.items() if field["answer"] and field["answer"]["unconfirmed"]}
    assert waiting >= {*TOLD_ON_THE_LINE, *LEARNED_AT_THE_DOOR}, (
        "HZ-07: what others were told counts before it is looked at"
    )
    assert shown["crisis.trigger"]["missing"], "HZ-07: what waits to be confirmed is not flagged"


def _there(run: Run, told: Mapping[str, Any], source: str) -> None:
    """Each answer as it was told, marked as not confirmed here, with the packet it is from, who said it and when it was true."""
    shown = _packet(run)
    for id, value in told.items():
        answer = shown[id]["answer"]
        assert answer, f"HZ-07: {id} did not come along to {run.pathway.id}"
        said = {"how": answer["how"]} if answer["how"] != "given" else answer["value"]
        assert said == value, f"HZ-07: {id} is {said} in {run.pathway.id}, it was {value}"
        assert answer["unconfirmed"] and answer["source"] == f"the packet of {source}", f"HZ-07: {id} is from nowhere"
        assert answer["by"] and answer["true_at"], f"HZ-07: nobody can tell who said {id}, and when"


def _confirm(run: Run, told: Mapping[str, Any]) -> None:
    """The team asks the person whether it still holds, and says so."""
    run.fill_only(dict(told))


def _packet(run: Run) -> dict[str, Any]:
    return {field["id"]: field for field in run.shown()["packet"]["fields"]}


def _opened_by(network: Installation, holder: str, parties: dict[str, str], person: str) -> Run:
    """The next handoff, opened by the team that took the person on."""
    by = Run(network, "").of(holder)
    keeper = member(parties["sender"], "coordinator")
    body = {"pathway": ONWARD, "parties": parties, "holder": keeper, "person": person, "even_so": True}
    return Run(network, by.post("cases", {**body, "answers": {}}, 201)["case"])


@pytest.mark.hazard("HZ-07")
@pytest.mark.requirement("PKT-05", "PKT-09")
def test_hz_07_the_story_is_told_once(network: Installation) -> None:
    the_story_is_told_once(network)


@pytest.mark.control_off("HZ-07")
def test_hz_07_without_its_control(network: Installation) -> None:
    fails_without("HZ-07", the_story_is_told_once, network, lambda *arguments: {}, CARRIED)


#: Files whose good end waits for the safety plan.
CRISES = [id for id in shipped() if "  safety-plan-reviewed:" in shipped()[id]]
PLAN = {
    "safety-plan.summary": "Walks, the sister, the line.",
    "safety-plan.conditions": "Works only while the sister is home.",
    "safety-plan.reviewed": "not-yet",
}


def a_plan_is_gone_through(network: Installation) -> None:
    """HZ-08: the receiver sees the plan with its conditions, in which version is known; nothing ends well before it is gone through."""
    for crisis in CRISES:
        run = Run.open(network, crisis)
        run.fill({**CALM, **PLAN})
        assert "safety-plan-reviewed" in run.shut("engaged"), (
            f"HZ-08: {crisis} may end, and nobody went through the plan"
        )
    run = opened(network, LINE, {"handoff.endpoint": ["response"], **PLAN})
    run.step("send")
    intake, holder = run.who("receiver.intake"), run.state.holder
    shown = _packet_of(run, intake)
    assert shown["safety-plan.conditions"]["answer"]["value"] == PLAN["safety-plan.conditions"], "HZ-08: no conditions"
    run.step("accept", by=intake)
    network.wait(minutes=1)
    run.fill_only({"safety-plan.conditions": "Works on no day of this week."}, by=holder)
    run.step("amend-packet", by=holder)
    assert run.owes("read-amendment"), "HZ-08: the plan changed, and nobody has to read it"
    network.wait(minutes=1)
    _packet_of(run, run.state.holder)
    seen = {(row["to"], row["version"]) for row in run.of(run.state.holder).get(f"cases/{run.id}/seen")}
    assert (f"staff:{intake}", 1) in seen and (f"staff:{run.state.holder}", 2) in seen, f"HZ-08: seen: {seen}"
    run.step("read-amendment", by=run.state.holder)
    run.step("record-contact", SPOKEN)
    run.step("give-card", TOLD)
    run.step("end-response", {"response.ended-at": now(network)})
    run.step("hand-on", {"next.protocol": "elsewhere"})
    refusal = asked_to_close(run, "engaged")
    assert refusal is not None, "HZ-08: closed, and the plan was never gone through with the person"
    assert run.missing(refusal) == {"safety-plan-reviewed"}, f"HZ-08: refused for {run.missing(refusal)}"
    run.step("review-safety-plan")
    run.close("engaged")


def _packet_of(run: Run, staff: str) -> dict[str, Any]:
    return {field["id"]: field for field in run.of(staff).get(f"cases/{run.id}/packet")["fields"]}


@pytest.mark.hazard("HZ-08")
@pytest.mark.requirement("PKT-05", "PKT-07")
def test_hz_08_a_plan_is_gone_through(network: Installation) -> None:
    shipped_or_skip(LINE)
    a_plan_is_gone_through(network)


@pytest.mark.control_off("HZ-08")
def test_hz_08_without_its_control(network: Installation) -> None:
    shipped_or_skip(LINE)
    fails_without("HZ-08", a_plan_is_gone_through, network, open_gate)
