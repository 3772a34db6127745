"""Deliveries: asked again as they leave, sent at least once under one key, and never a silence when they fail."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from holdfast.core.parties import Staff
from holdfast.deliveries.links import find_link
from holdfast.deliveries.models import Attempt, Delivery, Mute
from holdfast.deliveries.outbox import lease
from holdfast.directory.snapshot import current_version, load
from holdfast.workers.deliveries import Deliveries
from tests.installation import RECEIVER, RECEIVER_SUPERVISOR, SENDER_SUPERVISOR, given
from tests.workers.conftest import URL

NORTH = "north@example.org"
#: The ward's supervisor on duty.
SUPERVISOR = SENDER_SUPERVISOR


def token_in(mail) -> str:
    return mail.text.partition(f"{URL}/link/")[2].split()[0]


@pytest.mark.requirement("REC-01")
def test_a_sent_packet_leaves_by_the_agreed_address_with_a_link_and_is_noted_with_its_time(works):
    case = works.house.sent()
    works.go(works.deliveries)
    (mail,) = works.mails(NORTH)
    link = find_link(token_in(mail), works.house.now)
    assert link is not None and (link.stream, link.team) == (case.id, "north")
    (noted,) = case.events("NoticeSent")
    assert noted["at"] == works.house.now.isoformat() and noted["channel"] == "mailbox"
    assert Delivery.objects.get(key=noted["key"]).status == "sent"
    assert works.go(works.deliveries) == 0


@pytest.mark.requirement("BEY-12")
def test_no_mail_says_anything_about_the_person(works):
    case = works.house.sent(risk__suicidal_ideation=given("plan"))
    works.house.tick(case, until=works.house.now + timedelta(days=3))
    works.go(works.deliveries)
    said = b" ".join(mail.raw for mail in works.mails()).lower()
    assert works.mails() and not any(word in said for word in (b"robin", b"vale", b"suicid", b"risk", b"ward\n"))


@pytest.mark.requirement("REC-01", "ESC-01")
@pytest.mark.hazard("HZ-78")
def test_a_refusal_is_an_event_and_the_ladder_climbs_at_once(works):
    works.rule(json.dumps({NORTH: "refuse"}))
    case = works.house.sent()
    works.go(works.deliveries)
    # No time has passed: the link failed, the second attempt failed as well, and the supervisor was told.
    assert [e["code"] for e in case.events("NoticeFailed")] == ["550", "550"]
    assert case.told("receipt") == [RECEIVER, SUPERVISOR]
    assert Delivery.objects.filter(status="failed", recipient="team:north").count() == 2
    assert works.mails(f"{SUPERVISOR}@example.org")


def test_what_is_refused_for_now_is_tried_again_later_and_later_and_never_given_up(works):
    works.rule(json.dumps({NORTH: "defer"}))
    case = works.house.sent()
    waits = []
    for _ in range(9):
        works.go(works.deliveries)
        row = Delivery.objects.get(recipient="team:north", notice="packet-link")
        waits.append(int((row.next_try - works.house.now).total_seconds() // 60))
        works.house.now = row.next_try
    assert waits == [1, 2, 5, 15, 30, 60, 60, 60, 60]
    assert len(case.events("NoticeFailed")) == 1, "told once that it does not get through"
    assert Attempt.objects.filter(key=row.key, outcome="refused").count() == 9
    works.rule("{}")
    works.go(works.deliveries)
    assert Delivery.objects.get(key=row.key).status == "sent"
    assert row.key in [works.key_of(mail) for mail in works.mails(NORTH)]


def test_a_worker_killed_after_the_server_took_the_mail_sends_the_same_mail_again(works):
    works.house.sent()

    class Killed(BaseException):
        """As if the process had ended here."""

    class DiesAfterSending(Deliveries):
        def _report(self, *args):
            raise Killed

    dying = DiesAfterSending(works.house.desk, works.deliveries.channels, URL)
    with pytest.raises(Killed):
        dying.step(works.house.now)
    first = works.mails()[0].raw
    assert works.go(works.deliveries) == 0, "it is leased to the one who died"
    works.house.wait(seconds=61)
    (works.folder / "mailbox").joinpath(f"{works.mails()[0].id}.eml").unlink()
    works.go(works.deliveries)
    again = works.mails()[0].raw

    def undated(raw: bytes) -> list[bytes]:
        return [line for line in raw.split(b"\r\n") if not line.startswith(b"Date:")]

    assert undated(first) == undated(again), "the same key, the same link"


def test_nothing_leaves_while_sending_is_off(works):
    works.house.sent()
    Mute.objects.create(since=timezone.now(), why="restored")
    assert works.go(works.deliveries) == 0 and works.mails() == []
    Mute.objects.all().delete()
    works.go(works.deliveries)
    assert works.mails(NORTH)


def test_what_asks_for_a_deed_already_done_stays_here(works):
    case = works.house.sent()
    works.house.tick(case, until=case.promise("receipt").due)
    case.accept()
    works.go(works.deliveries)
    held = Delivery.objects.get(notice="second-attempt")
    assert held.status == "withheld" and not case.events("NoticeFailed")


@pytest.mark.hazard("HZ-78")
def test_nobody_there_to_be_told_is_a_failure_that_climbs(works):
    case = works.house.sent()
    due = case.promise("receipt").due
    works.house.tick(case, until=due + timedelta(hours=2))
    assert case.told("receipt")[-1] == SUPERVISOR
    works.house.change_directory(
        replace(load(current_version()).teams["ward"], duties=()),
        Staff(SUPERVISOR, "Sue", "hospital", frozenset({("ward", "supervisor")}), active=False),
    )
    works.go(works.deliveries)
    assert [e["code"] for e in case.events("NoticeFailed")] == ["recipient_inactive"]
    assert case.told("receipt")[-1] == RECEIVER_SUPERVISOR


def test_a_telephone_rung_is_for_a_person_to_do_and_is_never_called_sent(works):
    case = works.house.sent()
    works.house.tick(case, until=case.promise("receipt").due + timedelta(hours=5))
    works.go(works.deliveries)
    row = Delivery.objects.get(by="phone")
    assert row.status == "by-hand" and row.key not in [e["key"] for e in case.events("NoticeSent")]


def test_a_lease_takes_no_more_than_it_gives(works):
    """Whatever way the planner goes: what is leased and given to nobody waits until the lease runs out."""
    for _ in range(4):
        works.house.sent()
    now = works.house.now
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        assert len(lease(now, now + timedelta(minutes=1), 1)) == 1
        assert Delivery.objects.filter(leased_until__isnull=False).count() == 1
