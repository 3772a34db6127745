"""Returns: a bounce that comes later is a failure; an automatic answer is nothing; the unknown has an owner."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage

import pytest

from holdfast.deliveries.channels.email.identity import return_tag
from holdfast.deliveries.models import Attempt, Delivery
from holdfast.inbox.models import Message
from tests.installation import SENDER_SUPERVISOR

NORTH = "north@example.org"


def automatic(works, mail) -> bytes:
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = NORTH, "returns@example.org", "Automatic reply: out of office"
    answer["Auto-Submitted"] = "auto-replied"
    answer["In-Reply-To"] = f"<hf.{works.key_of(mail).replace(':', '=')}@example.org>"
    answer.set_content("I am away until Monday. Your message was received.")
    return answer.as_bytes()


@pytest.mark.requirement("REC-01", "ESC-01")
@pytest.mark.hazard("HZ-78")
def test_a_bounce_that_comes_later_makes_the_ladder_reach_the_supervisor(works):
    works.rule(json.dumps({NORTH: "bounce"}))
    case = works.house.sent()
    works.go(works.deliveries)
    assert len(case.events("NoticeSent")) == 1 and not case.events("NoticeFailed")
    works.house.wait(minutes=20)
    works.go(works.returns)
    (failed,) = case.events("NoticeFailed")
    assert failed["code"] == "bounced"
    assert Delivery.objects.get(key=failed["key"]).status == "failed"
    works.go()
    works.go()
    # The ward's supervisor on duty; no clock had to run out.
    assert SENDER_SUPERVISOR in case.told("receipt")
    assert works.mails(f"{SENDER_SUPERVISOR}@example.org")


def test_the_same_bounce_twice_changes_nothing(works):
    works.rule(json.dumps({NORTH: "bounce"}))
    case = works.house.sent()
    works.go(works.deliveries)
    raw = next((works.folder / "returns" / "new").iterdir()).read_bytes()
    works.go(works.returns)
    works.come_back(raw, "again")
    works.go(works.returns)
    assert len(case.events("NoticeFailed")) == 1 and Attempt.objects.filter(outcome="bounced").count() == 1
    assert not Message.objects.exists()


@pytest.mark.requirement("REC-01")
@pytest.mark.hazard("HZ-02")
def test_an_automatic_answer_leaves_it_awaiting(works):
    case = works.house.sent()
    works.go(works.deliveries)
    works.come_back(automatic(works, works.mails(NORTH)[0]))
    before = case.state.number
    works.go(works.returns)
    assert case.state.number == before and case.promise("receipt").owed
    assert Attempt.objects.filter(outcome="auto-reply").exists()
    works.house.now = case.promise("receipt").due + timedelta(seconds=1)
    works.go(works.clocks)
    assert case.told("receipt"), "the ladder climbs all the same"


@pytest.mark.requirement("EVT-04")
def test_what_belongs_to_nothing_waits_sealed_for_a_named_person(works):
    works.come_back(b"From: someone@example.org\r\nSubject: Robin Vale\r\n\r\nHe called me yesterday.\r\n")
    works.go(works.returns)
    message = Message.objects.get()
    assert message.status == "unmatched" and message.owner and message.due_at > works.house.now
    assert b"Robin" not in bytes(message.sealed) and "Robin" not in message.says
    works.come_back(b"From: someone@example.org\r\nSubject: Robin Vale\r\n\r\nHe called me yesterday.\r\n", "again")
    works.go(works.returns)
    assert Message.objects.count() == 1


def test_a_bounce_with_a_tag_that_is_not_ours_fails_nothing(works):
    works.rule(json.dumps({NORTH: "bounce"}))
    case = works.house.sent()
    works.go(works.deliveries)
    path = next((works.folder / "returns" / "new").iterdir())
    tag = Delivery.objects.get(notice="packet-link").return_tag
    raw = path.read_bytes()
    assert tag.encode() in raw
    path.write_bytes(raw.replace(tag.encode(), return_tag("somebody else's").encode()))
    works.go(works.returns)
    assert not case.events("NoticeFailed") and Message.objects.get().status == "unmatched"


@pytest.mark.requirement("REC-01", "ESC-02")
def test_a_bounce_for_which_nobody_owes_anything_any_more_is_somebodys_all_the_same(works):
    """The closing message of a case came back: no promise opens on a closed case, so a named person looks at it, by a clock."""
    case = works.house.accepted()
    works.go()
    works.rule(json.dumps({"cora@example.org": "bounce"}))
    case.close()
    works.go(works.deliveries)
    works.house.wait(minutes=20)
    works.go(works.returns)
    assert [failed["code"] for failed in case.events("NoticeFailed")] == ["bounced"]
    (message,) = Message.objects.all()
    assert message.stream == case.id and message.owner and message.due_at > works.house.now
    assert message.status == "unmatched", "it waits on the list of the inbox"


@pytest.mark.requirement("REC-01")
def test_a_bounce_of_a_notice_without_a_promise_opens_one(works):
    """News about a case that is open: the one accountable owes another way to reach them, and the inbox stays empty."""
    case = works.house.sent()
    works.go()
    works.rule(json.dumps({"cora@example.org": "bounce"}))
    case.accept()
    works.go(works.deliveries)
    works.house.wait(minutes=20)
    works.go(works.returns)
    assert case.events("NoticeFailed") and case.promise("delivery-problem").owner == case.state.holder
    assert not Message.objects.exists()


@pytest.mark.requirement("REC-01")
def test_a_bounce_is_noted_and_kept_together_or_not_at_all(works, monkeypatch):
    """A worker that dies between the two would leave a bounce that is on record and nobody's."""
    case = works.house.accepted()
    works.go()
    works.rule(json.dumps({"cora@example.org": "bounce"}))
    case.close()
    works.go(works.deliveries)
    works.house.wait(minutes=20)

    def dies(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("holdfast.workers.returns.stow", dies)
        with pytest.raises(MemoryError):
            works.go(works.returns)
    assert not case.events("NoticeFailed")
    works.go(works.returns)
    assert len(case.events("NoticeFailed")) == 1
    assert [message.stream for message in Message.objects.all()] == [case.id]
