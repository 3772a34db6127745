"""Overrides of the three classes: never; at once with a reason; only after a supervisor's sign-off."""

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import Answer
from tests.core.cases import CALM, REASON, Case, shipped, toy
from tests.core.network import DARA, HOUR, IVY, KIT, LEA, OZ, SOL, UNA

BLANK = Answer("blank")


def ready_but_untold() -> Case:
    """All the evidence of an engaged end but one: the person was never told who will call."""
    case = shipped().accepted().after(HOUR)
    case.take("record-contact", LEA, CALM)
    case.take("book-appointment", LEA, {"appointment.at": case.now})
    case.take("record-attendance", LEA, {"attendance.outcome": "kept"})
    case.take("accept-ongoing-care", LEA)
    return case


def asked(case: Case) -> Case:
    case.do(c.AskOverride("engaged", REASON), LEA)
    return case


@pytest.mark.requirement("GAT-07")
def test_an_ordinary_gate_opens_after_a_sign_off_and_the_passing_is_recorded() -> None:
    case = ready_but_untold()
    refusal = case.refused(case.closing("engaged"), LEA)
    assert (refusal.code, refusal.instead) == ("gate_shut", ("ask-override",))
    asked(case)
    assert case.refused(case.closing("engaged"), LEA).code == "gate_shut", "asked is not signed"
    case.meet("override-sign-off", UNA, {"sign-off.decision": "agreed"})
    case.close("engaged", LEA)
    assert case.seen(e.GateOverridden)[-1].gates == ("person-told",)
    assert case.state.status == "closed"


def test_a_sign_off_that_says_no_opens_nothing_and_may_be_asked_for_again() -> None:
    case = asked(ready_but_untold())
    assert case.refused(c.AskOverride("engaged", REASON), LEA).code == "already_asked"
    case.meet("override-sign-off", UNA, {"sign-off.decision": "not-agreed"})
    assert case.refused(case.closing("engaged"), LEA).code == "gate_shut"
    asked(case)


def test_a_sign_off_that_was_waived_may_be_asked_for_again() -> None:
    case = asked(ready_but_untold())
    case.do(c.Waive(case.owed("override-sign-off").id, REASON), SOL)
    asked(case)
    assert case.owed("override-sign-off").number == 2


@pytest.mark.parametrize("actor", [KIT, IVY, OZ, "nobody"])
def test_who_may_not_do_it_may_not_ask_to_do_it_past_a_gate(actor: str) -> None:
    assert ready_but_untold().refused(c.AskOverride("engaged", REASON), actor).code == "not_yours"


@pytest.mark.parametrize("actor", [LEA, KIT, IVY, OZ])
def test_the_one_who_asks_does_not_sign(actor: str) -> None:
    case = asked(ready_but_untold())
    promise = case.owed("override-sign-off")
    command = c.Meet(promise.id, case.form(case.pathway.get_obligation("override-sign-off").records))
    assert case.refused(command, actor).code == "not_yours"


def test_a_supervisor_who_overrides_does_not_sign_it_off_themself() -> None:
    case = shipped().filled()
    case.do(c.FillPacket({"risk.triggers": BLANK}), KIT)
    case.do(c.TakeStep("send", override=REASON), UNA)
    promise = case.owed("override-sign-off")
    command = c.Meet(promise.id, case.form(case.pathway.get_obligation("override-sign-off").records))
    assert case.refused(command, UNA).code == "own_sign_off"
    assert case.is_owed("override-sign-off")


def test_a_gate_that_is_never_passed_cannot_be_asked_for() -> None:
    case = shipped().accepted()
    assert case.refused(c.AskOverride("engaged", REASON), LEA).instead == ()
    assert case.refused(case.closing("engaged"), LEA).instead == ()


def test_a_sign_off_opens_only_the_gate_it_was_asked_for() -> None:
    case = asked(ready_but_untold())
    case.meet("override-sign-off", UNA, {"sign-off.decision": "agreed"})
    case.take("raise-signal", KIT)
    refusal = case.refused(case.closing("engaged"), LEA)
    assert [missing.what for missing in refusal.missing] == ["signals-answered"]


def test_a_sign_off_is_spent_by_the_closing() -> None:
    case = asked(ready_but_untold())
    case.meet("override-sign-off", UNA, {"sign-off.decision": "agreed"})
    case.close("engaged", LEA)
    case.do(c.ReopenCase(REASON), LEA)
    assert case.refused(case.closing("engaged"), LEA).code == "gate_shut"


def test_nothing_to_pass_is_nothing_to_ask() -> None:
    case = shipped().filled()
    assert case.refused(c.AskOverride("send", REASON), KIT).code == "nothing_to_override"
    assert case.refused(c.AskOverride("no-such-step", REASON), KIT).code == "unknown_step"
    case = shipped().contacted()
    case.close("engaged", LEA)
    assert case.refused(c.AskOverride("declined", REASON), LEA).code == "closed"


def parcel(seal: str = "no", insured: bool = True) -> Case:
    """A parcel with a broken seal (ordinary gate), and papers (clinical gate) that lack the note on it."""
    case = toy().opened()
    case.do(c.FillPacket(case.packet(seal__intact=seal)), KIT)
    if insured:
        case.do(c.NameRole("insurer", DARA), KIT)
    return case


def test_of_two_classes_each_gate_wants_its_own() -> None:
    case = parcel()
    assert case.refused(c.TakeStep("send", override=REASON), KIT).instead == ("ask-override",)
    case.do(c.AskOverride("send", REASON), KIT)
    case.meet("gate-sign-off", UNA, {"sign-off.decision": "agreed"})
    case.do(c.TakeStep("send"), KIT)
    assert set(case.seen(e.GateOverridden)[0].gates) == {"papers-complete", "seal-intact"}


def test_a_reason_does_not_stand_in_for_a_sign_off_nor_a_sign_off_for_never() -> None:
    case = parcel(insured=False)
    assert case.refused(c.TakeStep("send", override=REASON), KIT).instead == ()
    assert case.refused(c.AskOverride("send", REASON), KIT).code == "gate_shut"
    case.do(c.NameRole("insurer", DARA), KIT)
    assert case.refused(c.TakeStep("send", override=REASON), KIT).code == "gate_shut"


def test_the_pathway_may_say_who_else_signs_a_promise_off() -> None:
    case = parcel()
    case.do(c.AskOverride("send", REASON), KIT)
    promise = case.owed("gate-sign-off")
    assert case.refused(c.Waive(promise.id, REASON), SOL).code == "without_authority"
    case.do(c.Waive(promise.id, REASON), DARA)
    assert case.latest("gate-sign-off").status == "waived"
