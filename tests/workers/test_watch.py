"""The watch and the pulse: what is wrong is seen on /health, and the sign of life leaves only while all is well."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import RequestFactory
from django.utils import timezone

from holdfast.assurance.pulse import pulse
from holdfast.clocks.heartbeat import beat
from holdfast.clocks.models import Stalled
from holdfast.clocks.stalled import note_stalled
from holdfast.deliveries.models import Delivery, Mute
from holdfast.doors.web.health import health
from holdfast.inbox.models import Message
from holdfast.ledger.models import Head
from holdfast.workers.checkpoints import Checkpoints
from holdfast.workers.rescue import Rescue
from holdfast.workers.watch import Watch, tell_of_waiting
from tests.installation import RECEIVER_SUPERVISOR
from tests.workers.test_checkpoints import checkpointer

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(works, tmp_path):
    """An installation where everything goes on at its own time."""
    works.house.sent()
    works.go(works.deliveries, Checkpoints(checkpointer(tmp_path)))
    beat("w", "clocks", works.house.now, works.house.now)
    return works


def test_all_is_well(well):
    taken = pulse(well.house.now)
    assert taken.ok and taken.figures["worker_heartbeat_age"] == 0 and taken.figures["stalled_cases"] == 0


@pytest.mark.hazard("HZ-80")
def test_a_dead_worker_is_seen_within_two_minutes(well):
    assert "No worker watches the clocks." in pulse(well.house.now + timedelta(seconds=120)).faults


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda now: note_stalled("case:1", now, "x"), "The clocks of some cases failed."),
        (lambda now: Mute.objects.create(since=now, why="restored"), "Sending is off."),
        (
            lambda now: Delivery.objects.update(status="queued", next_try=now - timedelta(minutes=11)),
            "Messages wait and are not tried.",
        ),
        (lambda now: Head.objects.count(), ""),
    ],
)
def test_each_thing_that_stands_still_is_said(well, break_it, says):
    break_it(well.house.now)
    assert list(pulse(well.house.now).faults) == ([says] if says else [])


def test_clocks_that_do_not_fire_and_entries_under_no_checkpoint_are_said(well):
    well.house.now += timedelta(days=2)
    beat("w", "clocks", well.house.now, well.house.now)
    Delivery.objects.update(status="sent")
    well.house.open()
    faults = pulse(well.house.now + timedelta(minutes=6)).faults
    assert "Clocks are due and do not fire." in faults and "Entries are under no checkpoint outside." in faults


def test_health_answers_with_figures_and_names_nobody(well):
    beat("now", "clocks", timezone.now(), timezone.now())
    answer = health(RequestFactory().get("/health"))
    body = answer.content.decode()
    assert answer.status_code == 503 and "Clocks are due" in body, "the invented past is long due by the real clock"
    assert "case:" not in body and "Robin" not in body and "no-store" in answer["Cache-Control"]
    assert health(RequestFactory().post("/health")).status_code == 405


@pytest.fixture
def listener():
    """Whoever waits for the sign of life outside."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/alive", heard
    server.shutdown()
    server.server_close()


def test_the_sign_of_life_leaves_only_while_all_is_well(well, listener):
    url, heard = listener
    watch = Watch(url)
    watch.step(well.house.now)
    assert heard == ["/alive"]
    watch.step(well.house.now + timedelta(minutes=5))
    assert heard == ["/alive"], "no worker watches the clocks: silence is the alarm"


def test_a_sign_of_life_that_does_not_get_out_harms_nothing(well):
    assert Watch("http://127.0.0.1:9/").step(well.house.now) is False


@pytest.mark.requirement("EVT-04")
def test_whoever_owns_a_waiting_message_is_told_again_and_then_the_last_resort(works):
    works.come_back(b"From: someone@example.org\r\nSubject: hm\r\n\r\nhm\r\n")
    works.go(works.returns)
    Message.objects.update(owner=RECEIVER_SUPERVISOR)
    assert tell_of_waiting(works.house.now) == 0, "not before its time"
    works.house.wait(hours=4, minutes=1)
    assert [tell_of_waiting(works.house.now) for _ in range(2)] == [1, 0]
    works.go(works.deliveries)
    (mail,) = works.mails(f"{RECEIVER_SUPERVISOR}@example.org")
    assert f"/inbox/{Message.objects.get().id}" in mail.text
    works.house.wait(hours=24)
    assert tell_of_waiting(works.house.now) == 1
    works.go(works.deliveries)
    assert works.mails("nia@example.org"), "the last resort of the owner's organisation"


def test_a_clock_without_a_case_and_a_case_without_a_clock_are_alarms_until_mended(works):
    from holdfast.clocks.models import Clock

    case = works.house.sent()
    Rescue().step(works.house.now)
    assert not Stalled.objects.exists()
    kept = list(Clock.objects.filter(stream=case.id))
    Clock.objects.filter(stream=case.id).delete()
    Clock.objects.create(id="x.1", stream="case:gone", promise="p", rings=works.house.now)
    Rescue().step(works.house.now)
    assert set(Stalled.objects.values_list("stream", flat=True)) == {case.id, "case:gone"}
    Clock.objects.filter(id="x.1").delete()
    Clock.objects.bulk_create(kept)
    Rescue().step(works.house.now)
    assert not Stalled.objects.exists()
