"""Hazards of reaching the person: wrong details, somebody else's permission, and attempts that fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.core.conditions import NEVER
from holdfast.core.pathway import Step
from holdfast.pathways.library import shipped
from tests.hazards.control import fails_without, nothing, open_gate
from tests.hazards.journeys import accepted, asked, asked_to_close, at
from tests.installation import Installation
from tests.library.answering import BLANK, LEFT_OUT
from tests.library.contacts import NOBODY, SPOKEN, TOLD, WRONG_NUMBER
from tests.library.driver import Run

#: Protocols in which somebody goes on to reach the person.
REACHING = ("discharge-to-community", "post-crisis-follow-up", "crisis-line-to-mobile-crisis")
REACHING = tuple(pathway for pathway in REACHING if pathway in shipped())
LINE = "crisis-line-to-mobile-crisis"
POST_CRISIS = "post-crisis-follow-up"
PLAN = {"risk.suicidal-ideation": "plan"}
ALTERNATE = {"contact.alternate": [{"name": "Kim", "relation": "Sister", "route": "202-555-0188"}]}


def wrong_details_are_owed_right(network: Installation) -> None:
    """HZ-25: a number that reaches somebody else is not a note: right ones are owed by the sender, and climb until they are there."""
    for pathway in REACHING:
        run = accepted(network, pathway)
        run.step("record-contact", WRONG_NUMBER, by=run.who("receiver.holder"))
        assert run.owes("correct-details"), f"HZ-25: {pathway}: wrong details are only noted"
        owed = run.owed("correct-details")
        assert owed["owner"] == run.who("sender.holder"), "HZ-25: not the sender owes the right details"
        assert at(owed["due"]) <= network.now + timedelta(hours=24), f"HZ-25: {pathway}: due only at {owed['due']}"
        assert not run.marked("attempt-failed"), "HZ-25: a call to a wrong number counts as an attempt"
        run.until(at(owed["due"]) + timedelta(hours=3))
        climbed = run.told("correct-details")
        assert climbed[:2] == [run.who("sender.holder"), run.who("sender.supervisor")], (
            f"HZ-25: it climbed to {climbed}"
        )
        run.meet("correct-details", {"details.phone": "202-555-0177"})
        assert run.status("correct-details") == "met-late"


@pytest.mark.hazard("HZ-25")
@pytest.mark.requirement("CON-09")
def test_hz_25_wrong_details_are_owed_right(network: Installation) -> None:
    wrong_details_are_owed_right(network)


@pytest.mark.control_off("HZ-25")
def test_hz_25_without_its_control(network: Installation) -> None:
    fails_without("HZ-25", wrong_details_are_owed_right, network, nothing)


def nobody_else_is_called_without_permission(network: Installation) -> None:
    """HZ-26: without permission on record nobody else is called; past that only with a supervisor's review, which has a clock."""
    for pathway in (p for p in (POST_CRISIS, LINE) if p in shipped()):
        refused = accepted(network, pathway, {**ALTERNATE, "contact.alternate-permission": "no"})
        worker = refused.who("receiver.holder")
        refusal = asked(refused, "contact-alternate", by=worker)
        assert refusal is not None, f"HZ-26: {pathway}: somebody was called against the person's will"
        assert refused.missing(refusal) == {"alternate-permitted"}
        alone = asked(refused, "contact-alternate", by=worker, override="I could not wait.")
        assert alone is not None, "HZ-26: the caller alone can pass over the person's refusal"
        assert not refused.marked("alternate-tried")
        refused.of(worker).do(refused.id, "AskOverride/contact-alternate", reason="Silent for a day, and alone.")
        assert refused.owes("override-sign-off"), "HZ-26: nobody reviews a call against the person's will"
        review = refused.owed("override-sign-off")
        assert review["owner"] != worker and at(review["due"]) <= network.now + timedelta(hours=24)
        assert asked(refused, "contact-alternate", by=worker) is not None, "HZ-26: called before anybody signed"
        signed = refused.who("sender.supervisor")
        refused.meet("override-sign-off", {"sign-off.decision": "agreed"}, by=signed)
        refused.step("contact-alternate", by=worker)
        (passed,) = refused.case.events("GateOverridden")
        assert passed["gates"] == ["alternate-permitted"], "HZ-26: the exception is not on record"
        permitted = accepted(network, pathway, {**ALTERNATE, "contact.alternate-permission": "yes"})
        permitted.step("contact-alternate", by=permitted.who("receiver.holder"))


@pytest.mark.hazard("HZ-26")
@pytest.mark.requirement("INF-04", "GAT-07")
def test_hz_26_nobody_else_is_called_without_permission(network: Installation) -> None:
    nobody_else_is_called_without_permission(network)


@pytest.mark.control_off("HZ-26")
def test_hz_26_without_its_control(network: Installation) -> None:
    fails_without("HZ-26", nobody_else_is_called_without_permission, network, open_gate)


def failed_three_times(network: Installation, pathway: str) -> Run:
    """A person at high risk whom three attempts that count did not reach."""
    run = accepted(network, pathway, PLAN)
    for _ in range(3):
        run.wait(minutes=125)
        run.step("record-contact", NOBODY, by=run.who("receiver.holder"))
    return run


def a_welfare_check_is_weighed(network: Installation) -> None:
    """HZ-27: after three failed attempts at high risk someone weighs the written criteria and says why; silence climbs."""
    for pathway in (p for p in (LINE,) if p in shipped()):
        run = failed_three_times(network, pathway)
        decision = run.owed("decide-after-three")
        supervisor = decision["owner"]
        deeds = {deed["target"]: deed for deed in run.shown(supervisor)["deeds"]}
        shown = deeds["decide-after-attempts"]["shows"]
        assert "plan" in str(shown.get("risk.suicidal-ideation")), "HZ-27: the risk is not before the one who decides"
        for part in ("welfare.criteria", "decision.action", "decision.reason"):
            given = {"welfare.criteria": ["plan"], "decision.action": "keep-trying", part: LEFT_OUT}
            given = {id: value for id, value in given.items() if _asks(run, id)}
            refusal = asked(run, "decide-after-attempts", given, by=supervisor)
            assert refusal is not None, f"HZ-27: {pathway}: decided without {part}"
            assert run.missing(refusal) == {part}
        run.past("decide-after-three")
        run.wait(hours=8)
        climbed = run.told("decide-after-three")
        assert run.who("last-resort") in climbed, f"HZ-27: an undecided welfare check reached only {climbed}"
        run.step(
            "decide-after-attempts", {"welfare.criteria": ["plan"], "decision.action": "welfare-check"}, by=supervisor
        )
        (taken,) = [e for e in run.case.events("StepTaken") if e["step"] == "decide-after-attempts"]
        assert {"welfare.criteria", "decision.reason"} <= set(taken["answers"]), "HZ-27: the weighing is not on record"


def _asks(run: Run, id: str) -> bool:
    step = run.pathway.find_step("decide-after-attempts")
    return step is not None and id in {field.id for field in step.records}


def _unweighed(step: Step) -> Step:
    return replace(step, records=tuple(field for field in step.records if field.id != "welfare.criteria"))


@pytest.mark.hazard("HZ-27")
@pytest.mark.requirement("CON-04")
def test_hz_27_a_welfare_check_is_weighed(network: Installation) -> None:
    a_welfare_check_is_weighed(network)


@pytest.mark.control_off("HZ-27")
def test_hz_27_without_its_control(network: Installation) -> None:
    fails_without("HZ-27", a_welfare_check_is_weighed, network, _unweighed)


def giving_up_is_signed_off(network: Installation) -> None:
    """HZ-64: after three failed attempts no worker ends or re-routes the case alone; another attempt is never refused."""
    for pathway in REACHING:
        run = failed_three_times(network, pathway)
        run.step("give-card", TOLD)
        worker = run.state.duties["receiver.holder"]
        for staff in (worker, run.state.holder):
            asked(run, "decide-after-attempts", {"decision.action": "return"}, by=staff)
            assert run.owes("decide-after-three"), f"HZ-64: {pathway}: {staff} decided without the supervisor"
        for endpoint in ("declined", "redirected"):
            refusal = asked_to_close(run, endpoint, by=run.state.holder)
            assert refusal is not None, f"HZ-64: {pathway}: {endpoint} after failed attempts, and nobody signed"
            assert "attempts-signed-off" in run.missing(refusal), f"HZ-64: {endpoint} stays shut for another reason"
        run.wait(minutes=125)
        run.step("record-contact", NOBODY, by=worker)
        supervisor = run.owed("decide-after-three")["owner"]
        run.step("decide-after-attempts", {"decision.action": "return"}, by=supervisor)
        assert "attempts-signed-off" not in run.shut("declined")


@pytest.mark.hazard("HZ-64")
@pytest.mark.requirement("CON-04")
def test_hz_64_giving_up_is_signed_off(network: Installation) -> None:
    giving_up_is_signed_off(network)


@pytest.mark.control_off("HZ-64")
def test_hz_64_without_its_control(network: Installation) -> None:
    fails_without("HZ-64", giving_up_is_signed_off, network, open_gate)


def nobody_is_left_in_silence(network: Installation) -> None:
    """HZ-33: from the opening on, the longest time without word to the person has a clock; word starts it anew, silence climbs."""
    for pathway in (p for p in (POST_CRISIS, LINE) if p in shipped()):
        run = accepted(network, pathway)
        assert run.owes("word-to-person"), f"HZ-33: {pathway}: the person may be left in silence"
        due = at(run.owed("word-to-person")["due"])
        assert due <= network.now + timedelta(days=7), f"HZ-33: word only by {due}"
        network.wait(hours=20)
        run.step("record-contact", NOBODY, by=run.who("receiver.holder"))
        assert at(run.owed("word-to-person")["due"]) == due, "HZ-33: a call that reached nobody counts as word"
        run.step("record-contact", SPOKEN, by=run.who("receiver.holder"))
        following = at(run.owed("word-to-person")["due"])
        assert following > due, "HZ-33: after word the next is not owed"
        run.until(following + timedelta(hours=7))
        climbed = run.told("word-to-person")
        assert len(climbed) >= 3 and run.who("receiver.supervisor") in climbed, f"HZ-33: silence reached {climbed}"


@pytest.mark.hazard("HZ-33")
@pytest.mark.requirement("PER-04")
def test_hz_33_nobody_is_left_in_silence(network: Installation) -> None:
    nobody_is_left_in_silence(network)


@pytest.mark.control_off("HZ-33")
def test_hz_33_without_its_control(network: Installation) -> None:
    fails_without("HZ-33", nobody_is_left_in_silence, network, nothing)


def own_signs_stand_on_the_contact_form(network: Installation) -> None:
    """HZ-98: a colleague who never opened the packet sees this person's own signs with the contact form, and must answer them."""
    for pathway in REACHING:
        for signs in ("Stops answering the phone.", "Sits up all night; says the neighbours listen."):
            run = accepted(network, pathway, {"risk.triggers": signs})
            colleague = run.who("receiver.intake")
            deeds = {deed["target"]: deed for deed in run.shown(colleague)["deeds"]}
            shown = deeds["record-contact"]["shows"]
            assert signs in str(shown.get("risk.triggers")), f"HZ-98: {pathway}: own signs are not on the form: {shown}"
            for none in (LEFT_OUT, BLANK):
                refusal = asked(run, "record-contact", {**SPOKEN, "check.own-signs": none}, by=colleague)
                assert refusal is not None, (
                    f"HZ-98: {pathway}: a contact without an answer on their own signs was taken"
                )
                assert run.missing(refusal) == {"check.own-signs"}
            run.step("record-contact", {**SPOKEN, "check.own-signs": "marked"}, by=colleague)
            assert run.owes("clinical-response"), "HZ-98: their own signs, marked, call nobody"


@pytest.mark.hazard("HZ-98")
@pytest.mark.requirement("EWS-07", "EWS-01")
def test_hz_98_own_signs_stand_on_the_contact_form(network: Installation) -> None:
    own_signs_stand_on_the_contact_form(network)


def _unshown(step: Step) -> Step:
    return replace(step, shows=())


def _unasked(step: Step) -> Step:
    own = "check.own-signs"
    return replace(step, records=tuple(replace(f, needed=NEVER) if f.id == own else f for f in step.records))


@pytest.mark.control_off("HZ-98")
@pytest.mark.parametrize("replacement", [_unshown, _unasked])
def test_hz_98_without_its_control(network: Installation, replacement: object) -> None:
    fails_without("HZ-98", own_signs_stand_on_the_contact_form, network, replacement)
