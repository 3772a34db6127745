"""Step-down: stable as agreed, a taper with a look before each step, and a fast track back; through both doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.installation import Installation
from tests.library.driver import Run
from tests.library.four_parts import answers, check_parts
from tests.library.setting import last_resort

FILE = "step-down"
SPOKEN = {"contact.method": "visit", "contact.with": "person", "check.done": "done"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}
TOLD = {"prepare.what": "yes", "prepare.way-back": "yes"}


def accepted(house: Installation, **more: Any) -> Run:
    run = Run.open(house, FILE)
    run.fill(answers(run, **{"housing.stable": "yes", **more}))
    run.name_everybody()
    run.step("prepare-person", TOLD)
    run.step("send")
    run.step("accept", {"receipt.first-contact-at": run.soon(hours=20)})
    return run


def tapering(house: Installation, frequency: str = "weekly") -> Run:
    run = accepted(house)
    run.step("record-contact", SPOKEN)
    run.step("look-before-step")
    run.step("take-taper-step", {"taper.frequency": frequency})
    return run


@pytest.mark.usefixtures("both_doors")
@pytest.mark.requirement("STP-04", "STP-07", "STP-09", "GAT-08", "AUD-02")
def test_from_stable_through_the_taper_to_steady(house: Installation) -> None:
    run = tapering(house)
    assert run.shown()["tier"] == "standard"
    assert run.case.promise("weekly-contact").due == house.now + timedelta(days=7)
    run.wait(days=6)
    run.step("record-contact", SPOKEN)
    assert run.case.promise("weekly-contact").due == house.now + timedelta(days=7)
    for frequency, kind, days in (("two-weekly", "two-weekly-contact", 14), ("monthly", "four-weekly-contact", 28)):
        assert run.missing(run.step("take-taper-step", status=409)) == {"looked-before"}, "each step is looked at anew"
        run.step("look-before-step")
        run.step("take-taper-step", {"taper.frequency": frequency})
        assert run.case.promise(kind).due == house.now + timedelta(days=days)
        assert not run.owes("weekly-contact")
    run.step("give-card", {"card.understood": "yes"})
    run.close("engaged")
    for validation in ("tapered-contacts", "told-before"):
        verdict = run.verdict(validation)
        assert verdict["word"] == "passed" and verdict["facts"], validation


@pytest.mark.requirement("GAT-06", "GAT-01", "STP-04", "STP-07")
@pytest.mark.hazard("HZ-58", "HZ-59")
def test_it_is_not_sent_without_each_of_its_parts(house: Installation) -> None:
    run = Run.open(house, FILE)
    named = {
        "decision-maker-reachable": ("decision-maker",),
        "continuity-named": ("medication-continuity", "first-appointment-missed"),
        "monitor-named": ("monitor",),
    }
    check_parts(run, names=named)
    assert run.shut("send") == {"prepared"}
    for part in ("symptoms", "function", "adherence", "safety-plan"):
        run.fill_only({f"stable.{part}": "not-met"})
        assert "stable" in run.missing(run.step("send", status=409)), part
        run.fill_only({f"stable.{part}": "met"})
    assert run.missing(run.step("send", status=409)) == {"prepared"}


@pytest.mark.requirement("STP-09")
@pytest.mark.hazard("HZ-102", "HZ-56")
def test_an_open_stressor_holds_the_step_until_it_is_settled_or_accepted_with_a_reason(house: Installation) -> None:
    run = accepted(house)
    assert run.missing(run.step("take-taper-step", status=409)) == {"looked-before"}
    run.step("look-before-step", {"look.stressors": "open"})
    assert run.missing(run.step("take-taper-step", status=409)) == {"looked-before"}
    assert run.owes("held-step") and run.verdict("looked-before-each-step")["word"] == "awaited"
    bare = {"look.stressors": "accepted", "look.side-effects": "settled", "look.routines": "settled"}
    refused = run.of(run.who("monitor")).do(run.id, "TakeStep/look-before-step", 422, answers=bare)
    assert run.missing(refused) == {"look.why-accepted"}
    run.step("look-before-step", bare)
    run.step("take-taper-step")
    assert run.verdict("looked-before-each-step")["word"] == "passed"


@pytest.mark.requirement("STP-09", "AUD-02")
def test_a_step_left_held_fails_the_validation_and_climbs(house: Installation) -> None:
    run = accepted(house)
    run.step("look-before-step", {"look.routines": "open"})
    run.past("held-step")
    verdict = run.verdict("looked-before-each-step")
    assert verdict["word"] == "failed" and verdict["facts"]
    assert run.told("held-step") == [run.who("receiver.holder")]


@pytest.mark.requirement("STP-09", "ESC-01")
@pytest.mark.hazard("HZ-56")
def test_a_missed_contact_in_the_taper_is_chased_like_any_other(house: Installation) -> None:
    run = tapering(house)
    run.wait(days=2)
    run.step("record-contact", NOBODY)
    assert run.case.promise("missed-in-taper").due == house.now + timedelta(hours=15), "the end of the day"
    run.past("weekly-contact")
    assert run.verdict("tapered-contacts")["word"] == "failed"
    run.wait(hours=20)
    assert run.told("weekly-contact")[:3] == [
        run.who("receiver.holder"),
        run.who("receiver.supervisor"),
        run.who("sender.supervisor"),
    ]
    assert run.told("weekly-contact")[-1] == last_resort(run.state.parties["receiver"])


@pytest.mark.requirement("STP-05", "CLS-05")
@pytest.mark.hazard("HZ-57")
def test_an_early_sign_takes_the_fast_track_back_without_a_new_referral(house: Installation) -> None:
    run = tapering(house)
    before = run.state.packet_version
    run.step("fast-track-back", by=run.who("receiver.holder"))
    assert run.state.holder == run.who("sender.holder") and run.state.packet_version == before
    assert run.case.promise("take-back").due - house.now == timedelta(hours=24)
    run.step("take-back", {"back.contact-at": run.soon(hours=20)})
    assert run.status("take-back") == "met" and run.verdict("way-back-fast")["word"] == "passed"
    run.close("escalated", {"escalated.to": "step-up"})
    assert run.state.endpoint == "escalated"
