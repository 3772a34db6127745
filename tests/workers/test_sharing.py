"""Consent is asked as a message leaves and as a link is opened: withdrawn, nothing leaves and nothing shows; what waits is not lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.core.answers import RawAnswer
from holdfast.deliveries.models import Attempt, Delivery
from tests.installation import SENDER, SENDER_SUPERVISOR, given
from tests.screening import referral, screening_house
from tests.workers.conftest import Works

NORTH = "north@example.org"


@pytest.fixture
def works(db: None, tmp_path: Path) -> Works:
    return Works(screening_house(), tmp_path)


def statuses(case) -> list[str]:
    return sorted(Delivery.objects.filter(stream=case.id, recipient="team:north").values_list("status", flat=True))


@pytest.mark.requirement("INF-01")
def test_a_link_is_held_back_without_consent_and_leaves_by_itself_when_it_is_given(works: Works) -> None:
    case = referral(works.house, **{"consent.sharing": given("refused")})
    for _turn in range(3):
        works.go(works.deliveries)
        works.house.wait(minutes=5)
    assert not works.mails(NORTH) and statuses(case) == ["held"]
    assert [a.outcome for a in Attempt.objects.filter(key__startswith=case.id)] == ["held"]
    case.does("FillPacket", SENDER, {"story.why": given("More of the same")})
    works.go(works.deliveries)
    assert not works.mails(NORTH), "another entry is no consent"
    case.does("FillPacket", SENDER, {"consent.sharing": given("given")})
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1 and statuses(case) == ["sent"]


@pytest.mark.requirement("INF-01")
def test_a_withdrawal_counts_at_once_for_what_is_queued_already(works: Works) -> None:
    case = referral(works.house)
    case.step("withdraw", SENDER)
    works.go(works.deliveries)
    assert not works.mails(NORTH)
    case.step("consent-again", SENDER)
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1


@pytest.mark.requirement("INF-01")
def test_a_consent_that_runs_out_holds_back_what_would_leave_later(works: Works) -> None:
    until = works.house.now + timedelta(days=2)
    case = referral(works.house, **{"consent.until": given(until.isoformat())})
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1
    works.house.tick(case, until=until)
    case.step("send", SENDER)
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1 and statuses(case) == ["held", "sent"]


@pytest.mark.requirement("INF-02")
def test_sharing_without_consent_has_a_reason_and_a_second_look_with_a_clock(works: Works) -> None:
    case = referral(works.house, **{"consent.sharing": given("refused")})
    works.go(works.deliveries)
    assert case.refused("TakeStep", SENDER, step="share-anyway").code == "incomplete"
    blank = {"anyway.why": RawAnswer("blank")}
    assert case.refused("TakeStep", SENDER, blank, step="share-anyway").code == "incomplete"
    case.step("share-anyway", SENDER, {"anyway.why": given("Risk to life tonight.")})
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1
    look = case.promise("second-look")
    assert look.owner == SENDER_SUPERVISOR and look.due.isoformat() == "2026-03-04T17:00:00+00:00"
    case.step("withdraw", SENDER)
    case.step("send", SENDER)
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1, "a later withdrawal ends the sharing as well"


def test_consent_given_while_the_worker_looks_is_never_overlooked(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = referral(works.house, **{"consent.sharing": given("refused")})
    hold = works.deliveries._hold_back

    def slow(item, now) -> None:
        # The consent comes after the worker looked, and before it put the message aside.
        case.does("FillPacket", SENDER, {"consent.sharing": given("given")})
        hold(item, now)

    monkeypatch.setattr(works.deliveries, "_hold_back", slow)
    works.go(works.deliveries)
    assert len(works.mails(NORTH)) == 1 and statuses(case) == ["sent"]
