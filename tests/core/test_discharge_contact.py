"""Contact: what counts, what happens after each failed attempt, and what a late write-up does to a breach."""

from datetime import datetime, timedelta

import pytest

from holdfast.core import commands as c
from holdfast.core import events as e
from holdfast.core.answers import Answer
from tests.core.cases import HIGH, NOBODY, REACHED, REASON, Case, shipped
from tests.core.network import DARA, DAY, HOUR, IVY, KIT, LEA, MINUTE, SOL, START, UNA


def tried(case: Case, times: int, apart: timedelta = 3 * HOUR) -> Case:
    for _ in range(times):
        case.after(apart).take("record-contact", LEA, NOBODY)
    return case


@pytest.mark.requirement("CON-03")
@pytest.mark.parametrize(("over", "hours"), [({}, 72), (HIGH, 24)])
def test_first_contact_is_due_by_tier_from_acceptance(over: dict[str, object], hours: int) -> None:
    case = shipped().accepted(**over)
    assert case.owed("first-contact").due == case.now + timedelta(hours=hours)
    assert case.owed("first-contact").started == case.now


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(
    ("method", "reached", "moment"),
    [
        ("voicemail", "nobody", "attempt-not-counted"),
        ("text", "person", "attempt-not-counted"),
        ("letter", "nobody", "attempt-not-counted"),
        ("phone", "alternate", "attempt-not-counted"),
        ("phone", "nobody", "attempt-failed"),
        ("visit", "nobody", "attempt-failed"),
        ("video", "person", "first-contact-made"),
    ],
)
def test_what_counts_as_contact_is_what_the_pathway_says(method: str, reached: str, moment: str) -> None:
    case = shipped().accepted().after(HOUR)
    since = len(case.events)
    case.take("record-contact", LEA, {**REACHED, "contact.method": method, "contact.with": reached})
    assert moment in case.moments(since)
    assert case.is_owed("first-contact") == (moment != "first-contact-made")


@pytest.mark.requirement("CON-04")
def test_each_failed_attempt_has_what_follows_it() -> None:
    case = tried(shipped().accepted(), 1)
    assert case.owed("retry-contact").due == case.now + 4 * HOUR
    tried(case, 1)
    assert case.latest("retry-contact").status == "met"
    assert case.is_owed("try-alternate") and not case.is_owed("decide-after-three")
    tried(case, 1)
    assert case.latest("try-alternate").status == "met"
    assert case.owed("decide-after-three").owner == SOL


@pytest.mark.requirement("OWN-03")
def test_after_three_responsibility_is_the_senders_again_and_both_are_told() -> None:
    case = tried(shipped().accepted(), 2)
    assert case.state.holder == LEA
    since = len(case.events)
    tried(case, 1)
    assert case.state.holder == KIT
    assert {("staff:kit", "reverted"), ("staff:lea", "reverted")} <= set(case.notices(since))
    assert "reverted" in case.moments(since)
    assert case.owed("resolution").owner == KIT


def test_attempts_too_close_together_do_not_add_up() -> None:
    case = tried(shipped().accepted(), 1)
    tried(case, 4, 29 * MINUTE)
    assert case.state.moments["attempt-failed"].count == 1
    assert case.state.moments["attempt-not-counted"].count == 4
    assert case.is_owed("retry-contact")
    case.after(4 * MINUTE).take("record-contact", LEA, NOBODY)
    assert case.state.moments["attempt-failed"].count == 2


def test_an_attempt_written_up_out_of_order_is_held_against_its_neighbours() -> None:
    case = tried(shipped().accepted(), 2, 5 * HOUR)
    case.after(HOUR).do(case.step("record-contact", NOBODY), LEA, case.now - 5 * HOUR)
    assert case.state.moments["attempt-failed"].count == 2


def test_another_attempt_is_never_refused() -> None:
    case = tried(shipped().accepted(), 7)
    assert case.state.moments["attempt-failed"].count == 7
    case.take("record-contact", LEA, REACHED)
    assert not case.is_owed("first-contact")


@pytest.mark.requirement("CON-04")
def test_ending_the_attempts_is_the_supervisors_to_sign() -> None:
    case = tried(shipped().accepted(), 3)
    assert case.refused(case.step("decide-after-attempts"), LEA).code == "not_yours"
    assert case.refused(case.closing("declined"), UNA).code == "gate_shut"
    case.take("decide-after-attempts", SOL, {"decision.action": "keep-trying"})
    assert case.latest("decide-after-three").status == "met"


@pytest.mark.requirement("CON-07")
def test_a_contact_in_time_written_up_late_annuls_the_breach_and_stays_visible() -> None:
    case = shipped().accepted(**HIGH)
    due = case.owed("first-contact").due
    case.wait(30 * HOUR)
    assert case.latest("first-contact").status == "breached"
    case.do(case.step("record-contact", REACHED), LEA, due - HOUR)
    promise = case.latest("first-contact")
    assert (promise.status, promise.ended) == ("annulled", due - HOUR)
    assert [b.id for b in case.seen(e.ObligationBreached)].count("first-contact#1") == 1
    assert case.seen(e.StepTaken)[-1].occurred == due - HOUR


def test_a_contact_after_its_time_is_met_late_and_says_how_late() -> None:
    case = shipped().accepted(**HIGH).wait(30 * HOUR)
    case.take("record-contact", LEA, REACHED)
    met = next(m for m in case.seen(e.ObligationMet) if m.id == "first-contact#1")
    assert (met.how, met.late_by) == ("met-late", 6 * 3600)


def test_a_contact_before_the_clock_began_does_not_stop_it() -> None:
    case = shipped().accepted()
    accepted = case.now
    case.after(HOUR).do(case.step("record-contact", REACHED), LEA, accepted - 2 * HOUR)
    assert case.is_owed("first-contact")


def test_written_up_days_later_it_needs_a_reason() -> None:
    case = shipped().accepted().wait(5 * DAY)
    at = case.now - 73 * HOUR
    assert case.refused(case.step("record-contact", REACHED), LEA, at).code == "late_reason_missing"
    case.do(case.step("record-contact", REACHED, late_reason=REASON), LEA, at)
    assert case.seen(e.StepTaken)[-1].late


def test_the_regular_contact_is_owed_once_at_a_time_and_counts_from_done() -> None:
    case = shipped().accepted(**HIGH)
    for hours in (1, 24, 50, 80):
        case.wait(timedelta(hours=hours)).take("record-contact", LEA, REACHED)
        owed = [p for p in case.state.owed() if p.kind == "regular-contact"]
        assert [(p.started, p.due) for p in owed] == [(case.now, case.now + 72 * HOUR)]
    assert case.latest("regular-contact").number == 4
    assert case.state.promises["regular-contact#3"].status == "met-late"


def test_a_cadence_signed_off_once_goes_on() -> None:
    case = shipped().contacted()
    case.wait(9 * DAY)
    assert case.owed("regular-contact").status == "breached"
    case.do(c.Waive("regular-contact#1", REASON), SOL)
    assert case.owed("regular-contact").id == "regular-contact#2"
    assert case.owed("regular-contact").due == case.now + 7 * DAY


def test_the_touchpoint_that_did_not_happen_starts_its_fallback_by_itself() -> None:
    case = shipped().accepted(touchpoint__by=START + 2 * DAY).tick(START + 2 * DAY)
    assert "touchpoint-missed" in case.moments()
    assert case.owed("fallback").owner == DARA
    assert ("staff:dara", "fallback") in case.notices()
    case.take("take-fallback", IVY)
    assert case.latest("fallback").status == "met"


def test_word_of_the_fallback_that_bounces_is_not_a_silence() -> None:
    case = shipped().accepted(touchpoint__by=START + 2 * DAY).tick(START + 2 * DAY)
    key = next(n.key for n in case.seen(e.NoticeIssued) if n.notice == "fallback")
    case.do(c.NoteFailed(key, "email", "5.1.1", case.now), "system")
    assert [r.told for r in case.rungs("fallback")] == [DARA]


def test_each_appointment_has_its_own_time_whatever_was_booked_after_it() -> None:
    case = shipped().accepted(**HIGH)
    first, second = case.now + 6 * DAY, case.now + 2 * DAY
    case.take("book-appointment", LEA, {"appointment.at": first})
    case.take("book-appointment", LEA, {"appointment.at": second})
    case.do(c.LowerTier("standard", REASON), DARA)
    case.do(c.RaiseTier("high", REASON), LEA)
    dues = [p.due for p in case.state.promises.values() if p.kind == "appointment-outcome"]
    assert dues == [first + 4 * HOUR, second + 4 * HOUR]


@pytest.mark.requirement("TRK-04")
def test_an_appointment_not_booked_in_time_goes_another_way() -> None:
    case = shipped().accepted()
    case.take("record-contact", LEA, REACHED)
    case.wait(7 * DAY)
    assert case.owed("alternate-appointment").owner == SOL


def test_a_missed_appointment_is_taken_up_the_same_day_of_the_team_that_owes() -> None:
    case = shipped().contacted().after(HOUR)
    case.take("book-appointment", LEA, {"appointment.at": case.now + HOUR})
    case.after(3 * HOUR).take("record-attendance", LEA, {"attendance.outcome": "missed"})
    missed = case.owed("missed-appointment")
    # 13:00 in New York; their day ends at midnight there, 05:00 UTC.
    assert missed.due == datetime.fromisoformat("2026-03-03T05:00:00+00:00")
    assert missed.zone == "America/New_York"
    assert case.is_owed("rebook") and case.is_owed("fallback")


def test_an_early_warning_check_that_was_skipped_is_owed_and_twice_is_looked_at() -> None:
    case = shipped().accepted().after(HOUR)
    skipped = {**REACHED, "check.done": "not-possible"}
    assert (
        case.refused(case.step("record-contact", {**skipped, "check.why-not": Answer("blank")}), LEA).code
        == "incomplete"
    )
    case.take("record-contact", LEA, skipped)
    assert case.is_owed("check-owed") and not case.is_owed("check-skipped-again")
    case.after(HOUR).take("record-contact", LEA, skipped)
    assert case.owed("check-skipped-again").owner == SOL
    case.after(HOUR).take("record-contact", LEA, REACHED)
    assert not case.is_owed("check-owed")
