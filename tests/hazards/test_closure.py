"""Hazards of the long tail and of closing: always a next step, and no end but one that the pathway knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, get_args

import pytest

from holdfast.core import commands as c
from holdfast.core.answers import RawAnswer
from holdfast.core.pathway import Endpoint, Pathway
from holdfast.core.who import ANYONE
from holdfast.doors.api.deeds import WAYS
from holdfast.pathways.editions import get_edition
from tests.doors.api_client import Caller, use
from tests.hazards.control import fails_without, nothing
from tests.installation import (
    LEAD,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER,
    Case,
    Installation,
    given,
)

#: Ends under which cases disappear.
NO_ENDS = ("sent", "unknown", "lost-to-follow-up", "administrative", "closed", "other", "")
NEXT_STEPS = {"closing.next-steps": given("The crisis team sees her tomorrow; risk in the evening.")}
REDIRECTED = NEXT_STEPS | {
    "redirected.service": given("Quay Street Clinic"),
    "redirected.accepted-by": given("Dr Alder"),
    "redirected.accepted-at": given("2026-03-02T10:00+00:00"),
}
OTHER_END = {"closing.why-other": given("Moved to another town.")}


def what_is_done_always_has_a_next_step(house: Installation) -> None:
    """HZ-61: after every review and contact, and after one signed off, the next has an owner and a clock; the last clock stays."""
    case = house.accepted()
    for turn in range(3):
        house.wait(hours=4)
        review = case.state.find_owed("tracker-review")
        assert review is not None, f"HZ-61: after review {turn} nothing comes next"
        assert review.owner == LEAD and review.rings > house.now, "HZ-61: the next review is nobody's"
        case.does("Meet", LEAD, {"review.decision": given("Prescriber first.")}, promise=review.id)
    for turn in range(6):
        house.wait(hours=20)
        case.contact()
        following = case.state.find_owed("regular-contact")
        assert following is not None, f"HZ-61: after contact {turn + 1} nothing comes next"
        assert following.due == house.now + timedelta(days=7), f"HZ-61: the next contact is due {following.due}"
        assert following.owner == LEAD and following.rings > house.now, "HZ-61: the next contact is nobody's"
    signed = case.state.find_owed("regular-contact")
    case.does("Waive", RECEIVER_SUPERVISOR, texts={"reason": "Seen on the ward today."}, promise=signed.id)
    following = case.state.find_owed("regular-contact")
    assert following is not None and following.id != signed.id, "HZ-61: what was signed off has no next"
    for promise in case.state.owed():
        if promise.kind != "regular-contact":
            case.ask("Waive", RECEIVER_SUPERVISOR, None, {"reason": "Partial work."}, promise=promise.id)
    assert case.state.next_ring() is not None, "HZ-61: an open case stands without a clock"
    early = house.open()
    owed = early.state.owed()
    outcomes = [early.ask("Waive", "max", None, {"reason": "Not now."}, promise=p.id) for p in owed]
    assert not all(outcome.accepted for outcome in outcomes), "HZ-61: the last clock of a case could be signed off"
    assert early.state.owed(), "HZ-61: nothing is owed on an open case"


@pytest.mark.hazard("HZ-61")
@pytest.mark.requirement("CAD-01")
def test_hz_61_what_is_done_always_has_a_next_step(house: Installation) -> None:
    what_is_done_always_has_a_next_step(house)


@pytest.mark.control_off("HZ-61")
def test_hz_61_without_its_control(house: Installation) -> None:
    fails_without("HZ-61", what_is_done_always_has_a_next_step, house, nothing)


def no_case_ends_as_unknown(house: Installation) -> None:
    """HZ-62: at the desk, through the API, by any deed or by time: a case ends as what its pathway knows, or stays open."""
    case = house.accepted()
    case.contact()
    bare = case.id.removeprefix("case:")
    for end in NO_ENDS:
        outcome = case.ask("CloseCase", LEAD, endpoint=end)
        assert not outcome.accepted, f"HZ-62: the desk closed a case as {end!r}"
        answer = Caller.of(LEAD).send(f"cases/{bare}/deeds/CloseCase/{end or 'none'}", {}, match="*")
        assert answer.status_code in (409, 422), f"HZ-62: the API answered {answer.status_code} to {end!r}"
    pathway = get_edition(case.state.edition)
    assert {x.id for x in pathway.endpoints} == {"engaged", "declined", "redirected", "escalated"}
    ways = {kind for kind in WAYS if kind.startswith(("Close", "End", "Finish", "Archive"))}
    assert ways == {"CloseCase"}, f"HZ-62: the API ends cases by {ways}"
    _every_other_deed(case, pathway)
    assert case.state.status == "open", "HZ-62: a case ended otherwise than by closing it"
    house.now = case.state.window_ends + timedelta(days=60)
    case.fire()
    assert case.state.status == "open" and not case.state.endpoint, "HZ-62: time closed a case"
    overdue = case.promise("resolution")
    assert overdue.owed and case.told("resolution"), "HZ-62: a case past its time calls nobody"
    assert case.state.next_ring() is not None, "HZ-62: an unknown outcome has no clock"


def _every_other_deed(case: Case, pathway: Pathway) -> None:
    """Ask for every step and every command but closing, with nothing filled in; some pass, most are refused."""
    for step in pathway.steps:
        for actor in (SENDER, RECEIVER, LEAD, RECEIVER_SUPERVISOR, "system"):
            case.ask("TakeStep", actor, step=step.id)
    for kind in get_args(c.Command):
        for actor in (LEAD, "system"):
            if kind is not c.CloseCase:
                case.ask(
                    kind.__name__, actor, texts={"reason": "Done."} if "reason" in kind.__dataclass_fields__ else {}
                )


def _any_end(pathway: Pathway, id: str) -> Endpoint:
    return Endpoint(id, id, (ANYONE,), (), (), ())


@pytest.mark.hazard("HZ-62")
@pytest.mark.requirement("CLS-01", "CLS-04", "CLS-06")
def test_hz_62_no_case_ends_as_unknown(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    no_case_ends_as_unknown(use(house, monkeypatch))


@pytest.mark.control_off("HZ-62")
def test_hz_62_without_its_control(house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_without("HZ-62", no_case_ends_as_unknown, use(house, monkeypatch), _any_end)


def success_is_said_before_and_checked_after(house: Installation) -> None:
    """HZ-92: the end asked for is in the packet and shown before acceptance; another end says why, and the sender is told."""
    case = house.open()
    case.fill(success__endpoint=RawAnswer("blank"))
    case.name_everybody()
    missing = {item.what for item in case.refused("TakeStep", SENDER, step="send").missing}
    assert "success.endpoint" in missing, "HZ-92: a packet goes out without the end it asks for"
    case.does("FillPacket", SENDER, {"success.endpoint": given("engaged")})
    case.step("send", SENDER)
    shown = get_edition(case.state.edition).find_step("confirm-receipt").shows
    assert {"success.endpoint", "success.by"} <= set(shown), (
        "HZ-92: the receiver decides without seeing the end asked for"
    )
    case.accept()
    case.contact()
    case.step("give-card", LEAD, {"card.how": given("paper"), "card.understood": given("yes")})
    outcome = case.ask("CloseCase", LEAD, REDIRECTED, endpoint="redirected")
    assert not outcome.accepted, "HZ-92: closed otherwise than asked without saying why"
    assert [item.what for item in outcome.refusal.missing] == ["closing.why-other"], "HZ-92: it does not ask why"
    case.does("CloseCase", LEAD, REDIRECTED | OTHER_END, endpoint="redirected")
    (closed,) = case.events("CaseClosed")
    assert not closed["as_asked"], "HZ-92: another end counts as the one asked for"
    told = {e["to"] for e in case.events("NoticeIssued") if e["notice"] == "closure"}
    assert told == {f"staff:{SENDER}"}, f"HZ-92: of the end only {told} are told"
    assert case.promise("closure-read").owner == SENDER, "HZ-92: nobody owes reading the closure message"


def _unchecked(work: Any, fields: Any, answers: Mapping[str, Any], closing: str = "") -> Mapping[str, Any]:
    return answers


@pytest.mark.hazard("HZ-92")
@pytest.mark.requirement("PKT-10", "CLS-03")
def test_hz_92_success_is_said_before_and_checked_after(house: Installation) -> None:
    success_is_said_before_and_checked_after(house)


@pytest.mark.control_off("HZ-92")
def test_hz_92_without_its_control(house: Installation) -> None:
    fails_without("HZ-92", success_is_said_before_and_checked_after, house, _unchecked)
