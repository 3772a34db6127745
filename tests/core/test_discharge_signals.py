"""Risk signals: what crosses a threshold, whom it calls and when, and that only a clinical response ends it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from tests.core.cases import ALARMING, CALM, HIGH, NOBODY, REACHED, shipped
from tests.core.network import CLEO, DARA, DAY, HOUR, IVY, KIT, LEA, MINUTE, NIA, OZ, RAE, SOL, START, away


@pytest.mark.requirement("EWS-02", "EWS-06")
@pytest.mark.parametrize(
    ("marks", "signal"),
    [
        ({"check.ideation": "passive"}, False),
        ({"check.ideation": "active"}, True),
        ({"check.own-signs": "marked"}, True),
        ({"check.paranoia": "marked"}, True),
        ({"check.sleep": "marked"}, False),
        ({"check.sleep": "marked", "check.agitation": "marked"}, True),
        ({"check.sleep": "marked", "check.ideation": "passive"}, True),
        ({"check.sleep": "some", "check.agitation": "some", "check.conflict": "some"}, False),
    ],
)
def test_the_same_answers_give_the_same_signal(marks: dict[str, Any], signal: bool) -> None:
    case = shipped().accepted().after(HOUR)
    case.take("record-contact", LEA, {**CALM, **marks})
    assert case.is_owed("clinical-response") == signal


@pytest.mark.parametrize(
    "later",
    [
        CALM,
        NOBODY,
        {**REACHED, "check.done": "not-possible"},
        {"contact.method": "voicemail", "contact.with": "nobody"},
    ],
)
def test_what_was_marked_last_time_is_no_signal_of_this_time(later: dict[str, Any]) -> None:
    case = shipped().accepted().after(HOUR)
    case.take("record-contact", LEA, ALARMING)
    case.after(3 * HOUR).take("record-contact", LEA, later)
    assert case.state.moments["risk-signal"].count == 1


@pytest.mark.requirement("EWS-02")
def test_a_signal_calls_the_supervisor_at_once_and_the_decision_maker_next() -> None:
    # 10:00 in New York, in service hours.
    case = shipped(START + 6 * HOUR).accepted(**HIGH)
    case.take("record-contact", LEA, ALARMING)
    signal = case.now
    assert case.owed("clinical-response").due == signal + HOUR
    assert {("staff:sol", "signal"), ("staff:dara", "signal")} <= set(case.notices())
    assert [(r.told, r.noticed) for r in case.rungs("clinical-response")] == [(SOL, signal)]
    case.wait(31 * MINUTE)
    assert [r.told for r in case.rungs("clinical-response")] == [SOL, DARA]


@pytest.mark.requirement("ESC-03")
def test_out_of_hours_the_rung_goes_to_the_one_on_duty() -> None:
    # 06:00 in New York.
    case = shipped().accepted()
    case.take("record-contact", LEA, ALARMING)
    case.wait(31 * MINUTE)
    assert [r.told for r in case.rungs("clinical-response")] == [SOL, NIA]


@pytest.mark.requirement("EWS-03")
def test_a_signal_climbs_for_ever_and_only_a_response_ends_it() -> None:
    case = shipped(START + 6 * HOUR).accepted()
    case.take("record-contact", LEA, ALARMING)
    case.wait(6 * HOUR)
    rungs = case.rungs("clinical-response")
    assert [r.told for r in rungs[:2]] == [SOL, DARA] and {r.told for r in rungs[2:]} == {RAE}
    assert len(rungs) == 13
    case.do(c.NoteSent(case.seen(e.NoticeIssued)[-1].key, "sms", case.now), "system")
    assert case.is_owed("clinical-response")
    since = len(case.events)
    case.take("respond", DARA, {"response.action": "medication"})
    assert not case.is_owed("clinical-response")
    assert ("staff:lea", "response") in case.notices(since)


@pytest.mark.parametrize("actor", [LEA, KIT, OZ, CLEO, IVY])
def test_only_those_with_authority_respond(actor: str) -> None:
    case = shipped().accepted()
    case.take("record-contact", LEA, ALARMING)
    assert case.refused(case.step("respond"), actor).code == "not_yours"


def test_each_signal_has_its_own_response() -> None:
    case = shipped().accepted()
    case.take("raise-signal", KIT)
    case.after(HOUR).take("raise-signal", IVY)
    case.take("respond", DARA, about="clinical-response#2")
    assert [p.status for p in case.state.promises.values() if p.kind == "clinical-response"] == ["open", "met"]


@pytest.mark.requirement("EWS-04")
def test_an_emergency_is_one_deed_at_any_time_for_anyone_of_the_case() -> None:
    for case, actor in ((shipped().opened(), KIT), (shipped().sent(), IVY), (shipped().contacted(), KIT)):
        case.do(c.TakeStep("emergency"), actor)
        assert case.is_owed("clinical-response")
    assert shipped().opened().refused(c.TakeStep("emergency"), OZ).code == "not_yours"


def test_nobody_named_yet_the_signal_falls_to_the_last_resort_and_says_so() -> None:
    case = shipped().opened()
    case.do(c.TakeStep("emergency"), KIT)
    promise = case.seen(e.ObligationOpened)[-1]
    assert (promise.kind, promise.owner) == ("clinical-response", "rex")
    assert promise.alarm


def test_same_day_for_the_standard_tier_is_the_day_of_the_team_that_owes() -> None:
    case = shipped(datetime.fromisoformat("2026-10-24T20:00:00+00:00"))
    case.opened(receiver="harbour")
    case.do(c.TakeStep("emergency"), KIT)
    # Nobody is named: the sender's London day ends at 23:00 UTC, an hour before the clocks go back.
    assert case.owed("clinical-response").due == datetime.fromisoformat("2026-10-24T23:00:00+00:00")


def test_a_decision_maker_who_is_away_is_covered() -> None:
    case = shipped(START + 6 * HOUR).accepted()
    case.directory = away(case.directory, DARA, case.now, case.now + DAY, CLEO)
    case.take("record-contact", LEA, ALARMING)
    assert case.owed("clinical-response").owner == CLEO
    case.wait(31 * MINUTE)
    rung = case.rungs("clinical-response")[-1]
    assert rung.told == CLEO and "away" in rung.alarm
    case.take("respond", CLEO)
    assert case.latest("clinical-response").status == "met"


def test_medication_that_could_not_be_obtained_is_owed_and_climbs_at_once() -> None:
    case = shipped(START + 6 * HOUR).accepted()
    case.take("record-medication-problem", IVY)
    promise = case.owed("medication-supply")
    assert (promise.owner, promise.due) == (CLEO, case.now + DAY)
    assert [r.told for r in case.rungs("medication-supply")] == [SOL]
    case.meet("medication-supply", CLEO)
    assert case.latest("medication-supply").status == "met"


def test_late_news_of_a_signal_is_still_a_signal() -> None:
    case = shipped().accepted().wait(2 * DAY)
    case.do(case.step("record-contact", ALARMING), LEA, case.now - timedelta(hours=30))
    promise = case.owed("clinical-response")
    assert promise.started == case.now - timedelta(hours=30)
    assert promise.rung == 1
