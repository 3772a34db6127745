"""From a positive screen in primary care to the first meeting in the same week, through both doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts
from tests.library.setting import member

FILE = "primary-care-to-behavioral-health"
PHQ = {f"phq.{number}": "0" for number in range(1, 10)}
SPOKEN = {"contact.method": "phone", "contact.with": "person", "check.done": "done"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}
MET = {"handoff.how": "in-room", "handoff.options": "yes", "handoff.channel": "yes"}


def screened(house: Installation, **more: Any) -> Run:
    """Somebody screened positive, still in the building; the packet is whole and everybody is named."""
    run = Run.open(house, FILE)
    given = {"screen.instrument": "phq-9", **PHQ, "phq.1": "3", "phq.2": "3", "phq.4": "3", "phq.3": "2"}
    run.fill({**answers(run), **given, "visit.ends": run.soon(minutes=30), **more})
    run.name_everybody()
    return run


def sent(house: Installation, **more: Any) -> Run:
    run = screened(house, **more)
    run.step("meet-person", MET)
    run.step("book-first", {"appointment.at": run.soon(hours=30)})
    run.step("send")
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("MOD-05", "EVT-05", "REC-09", "CON-08", "GAT-08", "AUD-02", "CLS-02")
def test_from_the_screen_to_engaged_in_the_same_week(house: Installation) -> None:
    run = sent(house)
    assert run.shown()["tier"] == "standard", "eleven points"
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    assert run.notices("accepted") == [run.who("sender.holder")], "primary care hears of the triage"
    run.wait(hours=20)
    run.step("record-contact", SPOKEN)
    run.step("give-card", {"card.understood": "yes"})
    assert run.shut("engaged") == {"appointment-kept"}
    assert run.close("engaged", status=409)["code"] == "gate_shut"
    run.wait(hours=11)
    run.step("record-attendance", {"attendance.outcome": "kept"})
    run.close("engaged")
    assert run.state.endpoint == "engaged"
    for validation in ("met-before-leaving", "triaged-in-time", "attempted-in-time", "engaged-in-the-week"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation
    run.step("read-closure", by=run.who("sender.holder"))
    assert run.status("closure-read") == "met"


@pytest.mark.requirement("GAT-06", "GAT-01", "OWN-05", "PER-03")
def test_it_is_not_sent_without_each_of_its_parts(house: Installation) -> None:
    check_parts(Run.open(house, FILE))


@pytest.mark.requirement("MOD-05")
@pytest.mark.hazard("HZ-19")
def test_a_number_handed_over_is_refused_above_low_acuity_and_enough_below(house: Installation) -> None:
    run = screened(house)
    run.step("meet-person", {**MET, "handoff.how": "number-given"})
    assert run.shut("send") == {"not-passive"}
    refused = run.step("send", status=409)
    assert run.missing(refused) == {"not-passive"} and refused["instead"] == ["ask-override"]
    run.step("meet-person", {**MET, "handoff.options": "no"})
    assert run.shut("send") == {"not-passive"}, "the options were not explained"
    run.step("meet-person", MET)
    run.step("send")
    low = Run.open(house, FILE)
    low.fill(
        {**answers(low), "screen.instrument": "phq-9", **PHQ, "housing.stable": "yes", "visit.ends": low.soon(hours=1)}
    )
    low.name_everybody()
    assert low.shown()["tier"] == "low"
    low.step("send")


@pytest.mark.requirement("BEY-26")
@pytest.mark.parametrize(("answer", "tier"), [("0", "low"), ("1", "standard")])
def test_any_answer_to_item_nine_counts_however_low_the_sum(house: Installation, answer: str, tier: str) -> None:
    run = screened(house, **{**PHQ, "phq.9": answer, "housing.stable": "yes"})
    assert run.shown()["tier"] == tier
    assert run.shown()["scores"][0]["sum"] == int(answer)


@pytest.mark.requirement("EVT-05")
@pytest.mark.hazard("HZ-97")
def test_a_visit_that_ends_without_a_handoff_is_on_a_list_with_an_owner(house: Installation) -> None:
    run = screened(house)
    assert run.case.promise("warm-handoff").due - house.now == timedelta(minutes=30), "the end of the visit"
    run.past("warm-handoff")
    left = run.owed("left-without-handoff")
    assert left["owner"] == run.who("sender.supervisor")
    verdict = run.verdict("met-before-leaving")
    assert verdict["word"] == "failed" and verdict["facts"]
    run.wait(hours=20)
    assert run.told("warm-handoff")[:2] == [run.who("sender.holder"), run.who("sender.supervisor")]
    assert run.told("warm-handoff")[-1] == run.who("last-resort")
    run.step("meet-person", {**MET, "handoff.how": "after"})
    assert run.status("left-without-handoff") in ("met", "met-late") and not run.owes("warm-handoff")


@pytest.mark.requirement("REC-09", "REC-03", "ESC-01")
def test_triage_that_never_comes_climbs_to_the_last_resort(house: Installation) -> None:
    run = sent(house)
    run.past("receipt")
    assert run.verdict("triaged-in-time")["word"] == "failed"
    run.wait(hours=10)
    climbed = [run.who("receiver.intake"), run.who("sender.supervisor"), run.who("receiver.supervisor")]
    assert run.told("receipt")[:3] == climbed and run.told("receipt")[-1] == run.who("last-resort")
    run.past("first-attempt")
    assert run.verdict("attempted-in-time")["word"] == "failed"
    run.step("accept", by=run.who("receiver.intake"))
    assert run.status("receipt") == "met-late" and run.verdict("triaged-in-time")["word"] == "passed"


@pytest.mark.requirement("CON-08")
def test_a_week_without_a_meeting_fails_the_validation_and_climbs(house: Installation) -> None:
    run = sent(house)
    run.step("accept")
    run.step("record-contact", NOBODY)
    assert run.status("first-attempt") == "met"
    run.past("same-week")
    assert run.verdict("engaged-in-the-week")["word"] == "failed"
    assert run.told("same-week")


@pytest.mark.requirement("CAP-06", "MOD-05")
def test_a_same_day_intervention_takes_a_slot_that_was_held_for_it(house: Installation) -> None:
    run = screened(house)
    team = run.state.parties["receiver"]
    at = (house.now + timedelta(hours=4)).isoformat()
    pool = run.of(member(team, "intake")).post(f"teams/{team}/slots/same-day", {"at": [at], "places": 1})
    slot = pool["slots"][0]["id"]
    run.step("book-same-day", {"same-day.slot": slot})
    assert run.shut("send") == set(), "a booked slot is a handoff"
    late = screened(house).step("book-same-day", {"same-day.slot": slot}, status=409)
    assert late["code"] == "slot_taken"
    assert run.case.promise("same-day-outcome").due == house.now + timedelta(hours=8)
    run.wait(hours=5)
    run.step("record-same-day", {"same-day.outcome": "kept"})
    assert run.status("same-week") == "met"


@pytest.mark.requirement("EVT-05")
@pytest.mark.hazard("HZ-97")
def test_a_second_positive_screen_within_sixty_days_is_looked_into(house: Installation) -> None:
    first = screened(house)
    assert not first.owes("repeat-positive")
    first.close("escalated")
    again = Run.open(house, FILE, person=first.state.subject)
    assert again.owed("repeat-positive")["owner"] == again.who("sender.supervisor")
