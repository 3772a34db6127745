"""Sending: the gates in front of it, what passes them in an emergency, and the clock that then runs."""

from typing import Any

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import BLANK, Answer
from tests.core.cases import HIGH, REASON, Case, given, shipped
from tests.core.network import CLEO, COMMUNITY, DARA, DAY, HOUR, IVY, KIT, LEA, OZ, SOL, START, UNA

NEEDED = [field.id for field in shipped().opened().pathway.packet_fields() if field.id in shipped().opened().packet()]


@pytest.mark.requirement("PKT-06")
@pytest.mark.parametrize("field", NEEDED)
def test_without_any_one_answer_it_is_not_sent_and_says_who_can_supply_it(field: str) -> None:
    case = shipped().filled()
    case.do(c.FillPacket({field: Answer(BLANK)}), KIT)
    refusal = case.refused(c.TakeStep("send"), KIT)
    assert refusal.code == "gate_shut"
    assert field in {missing.what for missing in refusal.missing}
    assert all("Kit" in missing.supplied_by for missing in refusal.missing)
    assert refusal.instead == ("override",)
    assert not case.state.packet_version


@pytest.mark.requirement("GAT-01", "OWN-05")
@pytest.mark.parametrize(
    ("named", "gate"),
    [
        ("decision-maker", "decision-maker-reachable"),
        ("medication-continuity", "continuity-named"),
        ("first-appointment-missed", "continuity-named"),
    ],
)
def test_without_a_name_it_is_not_sent(named: str, gate: str) -> None:
    case = shipped().opened()
    case.do(c.FillPacket(case.packet()), KIT)
    for other, staff in (("decision-maker", DARA), ("medication-continuity", CLEO), ("first-appointment-missed", CLEO)):
        if other != named:
            case.do(c.NameRole(other, staff), KIT)
    refusal = case.refused(c.TakeStep("send"), KIT)
    assert [missing.what for missing in refusal.missing] == [gate]


@pytest.mark.parametrize("actor", [LEA, IVY, SOL, OZ, "nobody", DARA])
def test_only_the_sender_sends(actor: str) -> None:
    assert shipped().filled().refused(c.TakeStep("send"), actor).code == "not_yours"


@pytest.mark.requirement("OWN-02")
def test_sending_starts_the_receipt_clock_and_moves_no_responsibility() -> None:
    case = shipped().sent()
    receipt = case.owed("receipt")
    assert (receipt.owner, receipt.started, receipt.due) == (IVY, case.now, case.now + DAY)
    assert case.state.holder == KIT
    assert case.latest("packet").status == "met"
    assert (f"team:{COMMUNITY}", "packet-link") in case.notices()


def test_sending_again_starts_no_second_clock_and_moves_none() -> None:
    case = shipped().sent()
    due = case.owed("receipt").due
    case.after(HOUR).take("send", KIT)
    assert case.state.packet_version == 2
    assert case.owed("receipt").due == due


def provisional(case: Case, **left_out: Any) -> Case:
    case.filled()
    case.do(c.FillPacket({"housing.stable": Answer(BLANK), **left_out}), KIT)
    case.do(c.TakeStep("send", override=REASON), KIT)
    return case


@pytest.mark.requirement("GAT-07", "PKT-06")
def test_an_emergency_override_acts_at_once_is_an_exception_and_runs_two_clocks() -> None:
    case = provisional(shipped())
    assert case.seen(e.GateOverridden)[0].gates == ("packet-complete",)
    assert case.seen(e.PacketSent)[0].missing == ("housing.stable",)
    assert case.owed("complete-packet").due == START + DAY
    assert case.owed("override-sign-off").owner == UNA
    assert case.is_owed("receipt")


@pytest.mark.parametrize("reason", [None, Answer(BLANK)])
def test_an_override_without_a_reason_passes_nothing(reason: Answer | None) -> None:
    case = shipped().opened()
    assert case.refused(c.TakeStep("send", override=reason), KIT).code == "gate_shut"


def test_the_completion_clock_climbs_until_the_whole_packet_is_sent() -> None:
    case = provisional(shipped()).wait(DAY + HOUR)
    assert case.latest("complete-packet").status == "breached"
    case.do(c.FillPacket({"housing.stable": given("no")}), KIT)
    assert case.is_owed("complete-packet"), "a draft completes nothing"
    case.take("amend-packet", KIT)
    assert case.latest("complete-packet").status == "met-late"
    assert "packet-completed" in case.moments()


def test_a_name_left_out_completes_the_packet_when_it_is_given() -> None:
    case = shipped().opened()
    case.do(c.FillPacket(case.packet()), KIT)
    case.do(c.TakeStep("send", override=REASON), KIT)
    assert case.seen(e.PacketSent)[0].missing == ()
    for named in ("decision-maker", "medication-continuity"):
        case.do(c.NameRole(named, DARA), KIT)
        assert case.is_owed("complete-packet")
    case.do(c.NameRole("first-appointment-missed", DARA), KIT)
    assert case.latest("complete-packet").status == "met"


@pytest.mark.requirement("INF-02")
def test_past_a_refusal_of_consent_only_a_lawful_ground_leads_and_a_second_person_looks_at_it() -> None:
    case = shipped().filled(consent__sharing="refused")
    refusal = case.refused(c.TakeStep("send", override=REASON), KIT)
    assert [missing.what for missing in refusal.missing] == ["consent-recorded", "consent-not-refused"]
    assert refusal.instead == (), "an emergency may come before the question, never past a refusal"
    ground = {"sharing.reason": given("risk-to-life"), "sharing.why": given("w"), "sharing.what": given("t")}
    case.do(c.TakeStep("share-without-consent", ground), KIT)
    case.do(c.TakeStep("send"), KIT)
    assert case.state.packet_version == 1
    assert case.owed("sharing-review").owner == UNA


@pytest.mark.requirement("CON-03")
def test_the_receipt_is_due_sooner_for_a_higher_tier() -> None:
    case = shipped().sent(**HIGH)
    assert case.state.tier == "high"
    assert case.owed("receipt").due == case.now + 4 * HOUR


def test_a_step_that_does_not_exist_and_a_form_with_a_stray_field_are_refused() -> None:
    case = shipped().filled()
    assert case.refused(c.TakeStep("teleport"), KIT).code == "unknown_step"
    assert case.refused(c.TakeStep("send", {"shoe.size": given("9")}), KIT).code == "unknown_field"


def test_a_bounce_of_the_link_climbs_the_receipt_ladder_at_once() -> None:
    case = shipped().sent().after(HOUR)
    link = next(n.key for n in case.seen(e.NoticeIssued) if n.notice == "packet-link")
    case.do(c.NoteFailed(link, "email", "5.1.1", case.now), "system")
    assert [(r.rung, r.noticed) for r in case.rungs("receipt")] == [(0, case.now)]
    assert case.owed("receipt").due == START + HOUR + DAY, "a bounce moves no due time"
    assert case.refused(c.NoteFailed(link, "email", "5.1.1", case.now), "system").code == "unknown_notice"


def test_the_second_attempt_bounces_too_and_the_ladder_reaches_the_supervisor() -> None:
    case = shipped().sent()
    for _ in range(2):
        key = [n.key for n in case.seen(e.NoticeIssued) if n.to == f"team:{COMMUNITY}"][-1]
        case.do(c.NoteFailed(key, "email", "5.1.1", case.now), "system")
    assert [r.told for r in case.rungs("receipt")] == [IVY, UNA]


def test_where_nothing_can_be_delivered_the_last_rung_keeps_its_time() -> None:
    case = shipped().sent()
    for _ in range(40):
        case.after(HOUR / 60)
        for notice in [n for n in case.seen(e.NoticeIssued) if n.key in case.state.notices]:
            case.do(c.NoteFailed(notice.key, "email", "4.4.1", case.now), "system")
    assert [r.told for r in case.rungs("receipt")] == [IVY, UNA, SOL, "rex"]
    assert case.owed("receipt").climbs > case.now


@pytest.mark.parametrize(
    "command", [c.FireClocks(), c.NoteSent("case-1.n1", "email", START), c.NoteFailed("case-1.n1", "e", "5", START)]
)
def test_nobody_reports_clocks_or_deliveries_by_hand(command: c.Command) -> None:
    assert shipped().sent().refused(command, KIT).code == "not_by_hand"


def test_a_message_taken_by_the_channel_is_transmitted_and_nothing_more() -> None:
    case = shipped().sent()
    key = next(iter(case.state.notices))
    (event,) = case.do(c.NoteSent(key, "email", case.now), "system")
    assert isinstance(event, e.NoticeSent)
    assert case.is_owed("receipt")
    assert "received" not in case.state.moments
