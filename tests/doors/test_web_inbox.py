"""The inbox: what waits has an owner and a time, is looked at and settled with a reason, and then waits no more."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.inbox.models import Message
from tests.doors.web_stage import Stage, build, fill_inbox


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    return build(monkeypatch)


@pytest.mark.requirement("EVT-04")
def test_what_was_not_used_is_shown_to_somebody_with_a_time(stage: Stage) -> None:
    fill_inbox(stage)
    page = stage.client("cora").get("/inbox/").content.decode()
    assert "2 messages wait for somebody" in page
    assert "A message that cannot be read" in page
    assert "is to look at it." in page
    assert "Overdue by" in page


def test_the_message_is_there_to_look_at_and_is_settled_with_a_reason(stage: Stage) -> None:
    message, client = fill_inbox(stage), stage.client("cora")
    page = client.get(f"/inbox/{message}").content.decode()
    assert "ADT^A03" in page
    refused = client.post(f"/inbox/{message}", {"how": "not-ours", "reason": " "})
    assert refused.status_code == 422
    assert 'href="#f-reason"' in refused.content.decode()
    assert 'value="not-ours" checked' in refused.content.decode()
    answer = client.post(f"/inbox/{message}", {"how": "not-ours", "reason": "Sent to us by mistake."})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    row = Message.objects.get(id=message)
    assert (row.status, row.settled_by) == ("settled", "cora")
    assert "1 message waits" in client.get("/inbox/").content.decode()
    assert "Settled by Cora Bell" in client.get("/inbox/?show=all").content.decode()
    assert "What was done about it" not in client.get(f"/inbox/{message}").content.decode()


def test_a_message_of_others_does_not_exist(stage: Stage) -> None:
    message = fill_inbox(stage)
    outsider = stage.client("olaf")
    assert outsider.get(f"/inbox/{message}").status_code == 404
    assert outsider.post(f"/inbox/{message}", {"how": "repeat", "reason": "x"}).status_code == 404
    assert "ELSEWHERE" not in outsider.get("/inbox/?show=all").content.decode()


def test_a_doubt_that_a_machine_cannot_lift_stays_and_is_said(stage: Stage) -> None:
    message = fill_inbox(stage)
    answer = stage.client("cora").post(f"/inbox/{message}", {"how": "open-it", "reason": "I telephoned."})
    assert answer.status_code == 422
    assert "No route is set" in answer.content.decode()
    assert "I telephoned." in answer.content.decode()
