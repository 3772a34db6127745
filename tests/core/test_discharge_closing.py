"""Closing: only at an endpoint with its evidence; what stops, what goes on, and the way back."""

from typing import Any

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import Answer
from tests.core.cases import CALM, HIGH, REASON, Case, shipped, toy
from tests.core.network import COMMUNITY, DAY, HOUR, IVY, KIT, LEA, LEO, OZ, SOL, START, UNA, WARD, away, without


@pytest.mark.requirement("CLS-01", "CLS-04")
@pytest.mark.parametrize("endpoint", ["sent", "unknown", "lost", ""])
def test_a_case_ends_only_as_what_the_pathway_knows(endpoint: str) -> None:
    case = shipped().contacted()
    assert case.refused(c.CloseCase(endpoint), LEA).code == "not_an_endpoint"


@pytest.mark.requirement("CLS-02")
@pytest.mark.parametrize("left_out", ["appointment-kept", "ongoing-care", "person-told", "signals-answered"])
def test_engaged_needs_each_piece_of_its_evidence(left_out: str) -> None:
    case = shipped().accepted().after(HOUR)
    case.take("record-contact", LEA, CALM)
    if left_out != "person-told":
        case.take("give-card", LEA, {"card.understood": "yes"})
    case.take("book-appointment", LEA, {"appointment.at": case.now})
    kept = "missed" if left_out == "appointment-kept" else "kept"
    case.take("record-attendance", LEA, {"attendance.outcome": kept})
    if left_out != "ongoing-care":
        case.take("accept-ongoing-care", LEA)
    if left_out == "signals-answered":
        case.take("raise-signal", KIT)
    refusal = case.refused(case.closing("engaged"), LEA)
    assert [missing.what for missing in refusal.missing] == [left_out]
    assert case.state.status == "open"


@pytest.mark.parametrize("endpoint", ["declined", "redirected", "escalated"])
def test_each_end_wants_each_of_its_records(endpoint: str) -> None:
    case = shipped().contacted()
    whole = case.closing(endpoint).answers
    for id in whole:
        part = {other: answer for other, answer in whole.items() if other != id}
        refusal = case.refused(c.CloseCase(endpoint, part), LEA)
        assert [missing.what for missing in refusal.missing] == [id]
    case.do(c.CloseCase(endpoint, whole), LEA)
    assert case.state.endpoint == endpoint


@pytest.mark.parametrize("actor", [OZ, IVY, KIT, "nobody"])
def test_only_those_the_pathway_names_close_it(actor: str) -> None:
    case = shipped().contacted()
    assert case.refused(case.closing("engaged"), actor).code == "not_yours"


@pytest.mark.requirement("PKT-10")
def test_an_end_other_than_the_one_asked_for_says_why() -> None:
    case = shipped().contacted()
    assert "closing.why-other" not in case.closing("engaged").answers
    assert "closing.why-other" in case.closing("redirected").answers
    case.close("redirected", LEA)
    assert not case.seen(e.CaseClosed)[0].as_asked


@pytest.mark.requirement("CLS-03")
def test_closing_stops_every_clock_but_the_reading_of_the_closure_message() -> None:
    case = shipped().contacted(**HIGH)
    stopped = {p.id for p in case.state.owed() if p.kind != "resolution"}
    since = len(case.events)
    case.close("engaged", LEA)
    assert {event.id for event in case.seen(e.ObligationStopped, since)} == stopped
    assert [p.kind for p in case.state.owed()] == ["closure-read"]
    assert case.latest("resolution").status == "met"
    assert ("staff:kit", "closure") in case.notices(since)
    assert case.owed("closure-read").owner == KIT
    case.wait(25 * HOUR)
    assert case.rungs("closure-read")[0].told == KIT, "unread, it climbs"
    case.take("read-closure", UNA)
    assert not case.state.owed()


@pytest.mark.parametrize(
    "command",
    [
        c.FillPacket({"housing.stable": Answer("given", "yes")}),
        c.NameRole("decision-maker", "dara"),
        c.RaiseTier("high", REASON),
        c.TakeStep("give-card"),
        c.TakeStep("emergency"),
        c.CloseCase("declined"),
        c.AskOverride("send", REASON),
    ],
)
def test_what_is_closed_takes_no_deeds_and_says_what_to_do_instead(command: c.Command) -> None:
    case = shipped().contacted()
    case.close("engaged", LEA)
    refusal = case.refused(command, LEA)
    assert refusal.code in ("closed", "already_closed") and refusal.instead == ("reopen",)


@pytest.mark.requirement("OWN-01")
def test_after_closing_somebody_is_accountable_until_the_thirtieth_day() -> None:
    case = shipped().contacted()
    case.close("engaged", LEA)
    case.take("read-closure", KIT)
    case.tick(START + 30 * DAY - HOUR)
    assert (case.state.status, case.state.holder) == ("closed", LEA)
    case.do(c.MoveHolder(LEO, REASON), LEA)
    case.tick(START + 30 * DAY)
    assert (case.state.status, case.state.holder) == ("ended", LEO)
    assert case.seen(e.WindowEnded) == [e.WindowEnded(START + 30 * DAY, START + 30 * DAY)]
    assert case.state.next_ring() is None
    assert case.refused(c.FireClocks(), "system").code == "nothing_due"
    assert case.refused(c.MoveHolder(LEA, REASON), LEO).code == "closed"


@pytest.mark.requirement("CLS-06")
def test_a_window_that_passes_while_it_is_open_ends_nothing() -> None:
    case = shipped().contacted().tick(START + 31 * DAY)
    assert "window-ended" in case.moments() and case.state.status == "open"
    assert case.owed("resolution").status == "breached" and case.state.next_ring() is not None
    assert case.rungs("resolution")
    case.close("engaged", LEA)
    assert case.state.status == "ended"


@pytest.mark.requirement("CLS-05")
def test_a_closed_case_comes_back_with_its_history_and_its_clocks() -> None:
    case = shipped().contacted()
    owed = {p.kind for p in case.state.owed()}
    case.close("engaged", LEA)
    case.take("read-closure", KIT)
    case.after(2 * DAY).do(c.ReopenCase(REASON), KIT)
    assert (case.state.status, case.state.holder) == ("open", LEA)
    assert {p.kind for p in case.state.owed()} == owed
    assert case.owed("resolution").due == case.now + 30 * DAY
    assert case.owed("regular-contact").id == "regular-contact#2"
    assert case.state.moments["accepted"].count == 1
    case.close("engaged", LEA)
    assert case.state.status == "closed"


def test_an_unanswered_signal_comes_back_with_the_case() -> None:
    case = shipped().contacted()
    case.take("raise-signal", KIT)
    case.close("escalated", LEA)
    case.do(c.ReopenCase(REASON), SOL)
    assert case.refused(case.closing("engaged"), LEA).code == "gate_shut"
    assert case.owed("clinical-response").number == 2
    case.close("escalated", LEA)
    case.do(c.ReopenCase(REASON), SOL)
    assert [p.id for p in case.state.owed() if p.kind == "clinical-response"] == ["clinical-response#3"]


def test_reopened_after_its_window_it_has_a_new_one() -> None:
    case = shipped().contacted()
    case.close("engaged", LEA)
    case.tick(START + 40 * DAY)
    assert case.state.status == "ended"
    case.do(c.ReopenCase(REASON), KIT)
    assert case.state.window_rings == case.state.window_ends == case.now + 30 * DAY
    case.close("engaged", LEA)
    assert case.state.status == "closed"
    case.tick(case.now + 30 * DAY)
    assert case.state.status == "ended"


def test_reopened_while_its_holder_is_away_it_is_somebody_elses_at_once() -> None:
    case = shipped().contacted()
    case.close("engaged", LEA)
    case.directory = away(case.directory, LEA, case.now, case.now + DAY, LEO)
    case.do(c.ReopenCase(REASON), KIT)
    assert case.state.holder == LEO
    case.close("engaged", LEO)
    case.directory = without(case.directory, LEO)
    case.do(c.ReopenCase(REASON), KIT)
    assert case.state.holder == SOL


def test_only_what_is_closed_reopens_and_only_for_its_people() -> None:
    case = shipped().contacted()
    assert case.refused(c.ReopenCase(REASON), LEA).code == "not_closed"
    case.close("engaged", LEA)
    assert case.refused(c.ReopenCase(REASON), OZ).code == "not_yours"
    assert case.refused(c.ReopenCase(Answer("blank")), LEA).code == "reason_missing"


def test_a_case_closed_before_it_was_sent_reopens_with_the_packet_still_owed() -> None:
    case = shipped().opened()
    case.close("escalated", KIT)
    case.take("read-closure", KIT)
    case.do(c.ReopenCase(REASON), UNA)
    assert {p.id for p in case.state.owed()} == {"packet#2", "resolution#2"}


def test_another_field_without_a_closure_message_reopens_too() -> None:
    case = toy().opened()
    case.close("lost-declared", UNA)
    assert not case.state.owed()
    case.do(c.ReopenCase(REASON), KIT)
    assert {p.kind for p in case.state.owed()} == {"dispatch", "collect-early"}
    assert {WARD, COMMUNITY} == set(case.state.parties.values())


def everything_wrong(case: Case) -> list[Any]:
    return [case.closing("engaged", {"closing.next-steps": Answer("blank")}), c.CloseCase("engaged", {"x": REASON})]


def test_a_closing_form_with_blanks_or_strays_is_refused() -> None:
    case = shipped().contacted()
    assert [case.refused(command, LEA).code for command in everything_wrong(case)] == ["incomplete", "unknown_field"]
