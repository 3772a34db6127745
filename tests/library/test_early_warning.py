"""The early-warning check of every shipped contact form: which signs it asks for, what makes them a signal, what a skipped one leaves."""

from __future__ import annotations

import pytest

from holdfast.core.pathway import Step
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.hazards.journeys import accepted, asked
from tests.installation import Installation
from tests.library.answering import BLANK
from tests.library.contacts import SPOKEN

#: What S0 asks at each contact (EWS-01): any one of several questions may ask for it.
SIGNS = {
    "sleep": ("check.sleep",),
    "agitation": ("check.agitation",),
    "substance relapse": ("check.substance",),
    "medication interruption": ("check.medication",),
    "paranoia": ("check.paranoia", "check.psychosis"),
    "suicidal ideation": ("check.ideation",),
    "conflict at home": ("check.conflict",),
    "their own indicators": ("check.own-signs",),
}
AFTER_A_CRISIS = [id for id, text in sorted(shipped().items()) if "check.psychosis" in text]
QUIET = {
    f"check.{sign}": "none" for sign in ("ideation", "psychosis", "deterioration", "sleep", "agitation", "substance")
}
QUIET |= {"check.medication": "none", "check.conflict": "none", "check.own-signs": "none", "check.abuse": "no"}


def _asks(step: Step) -> set[str]:
    return {field.id for field in step.records}


@pytest.mark.requirement("EWS-01")
@pytest.mark.parametrize("pathway", sorted(shipped()))
def test_whoever_speaks_with_the_person_is_asked_for_every_sign(pathway: str) -> None:
    forms = [
        step for step in load_pathway(shipped()[pathway]).steps if {"contact.with", "contact.method"} <= _asks(step)
    ]
    assert forms, "no form for a contact"
    for step in forms:
        for sign, questions in SIGNS.items():
            assert _asks(step) & set(questions), f"{step.id} does not ask for {sign}"


@pytest.mark.requirement("EWS-01", "EWS-02", "EWS-06")
@pytest.mark.parametrize("pathway", AFTER_A_CRISIS)
def test_two_lesser_signs_after_a_crisis_are_a_signal_and_one_is_none(house: Installation, pathway: str) -> None:
    run = accepted(house, pathway)
    by = run.who("receiver.intake")
    for sign in ("check.sleep", "check.agitation", "check.conflict"):
        refusal = asked(run, "record-contact", {**SPOKEN, **QUIET, sign: BLANK}, by=by)
        assert refusal is not None and run.missing(refusal) == {sign}
        house.wait(minutes=15)
        run.step("record-contact", {**SPOKEN, **QUIET, sign: "marked"}, by=by)
        assert not run.owes("clinical-response"), f"{sign} alone called the decision-maker"
    run.step("record-contact", {**SPOKEN, **QUIET, "check.sleep": "marked", "check.conflict": "marked"}, by=by)
    assert run.owes("clinical-response")


@pytest.mark.requirement("EWS-01")
@pytest.mark.parametrize("pathway", AFTER_A_CRISIS)
def test_a_check_that_could_not_be_done_after_a_crisis_is_owed_until_it_is(house: Installation, pathway: str) -> None:
    run = accepted(house, pathway)
    by = run.who("receiver.intake")
    skipped = {**SPOKEN, "check.done": "not-possible", "check.why-not": "The bus came."}
    run.step("record-contact", skipped, by=by)
    assert run.owes("check-owed")
    run.step("record-contact", {**SPOKEN, **QUIET}, by=by)
    assert not run.owes("check-owed")


@pytest.mark.requirement("BEY-26", "PKT-05")
@pytest.mark.parametrize("pathway", AFTER_A_CRISIS)
def test_a_safety_plan_that_was_gone_through_goes_with_the_person_in_its_six_parts(
    house: Installation, pathway: str
) -> None:
    run = accepted(house, pathway, {"safety-plan.reviewed": "today", "safety-plan.alone": "The radio, then a walk."})
    lead = run.of(run.who("receiver.holder"))
    shown = {field["id"]: field for field in lead.get(f"cases/{run.id}/packet")["fields"]}
    parts = [id for id in shown if id.startswith("safety-plan.") and shown[id]["ask"][0].isdigit()]
    assert len(parts) == 6 and shown["safety-plan.alone"]["answer"]["value"] == "The radio, then a walk."
