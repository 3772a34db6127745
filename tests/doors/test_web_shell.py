"""The shell: who comes in and for how long, what each may see, and that nothing changes by looking."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from holdfast.config.environment import EnvironmentFault, read_environment
from holdfast.desk.publishing import put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.models import Account
from holdfast.directory.snapshot import current_version, load
from tests.doors.web_stage import PASSWORD, Stage, build

CLOSED = [
    "/",
    "/team/ward",
    "/cases/",
    "/cases/open",
    "/governance/",
    "/directory/",
    "/inbox/",
    "/inbox/x",
    "/mailbox/",
    "/style-guide",
]
SIGN_IN = {"username": "cora", "password": PASSWORD}


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    cache.clear()
    return build(monkeypatch)


@pytest.mark.parametrize("address", CLOSED)
def test_a_page_asks_for_a_sign_in_and_comes_back(stage: Stage, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in?next={quote(address)}"


def test_health_needs_no_sign_in(stage: Stage) -> None:
    assert Client().get("/health").status_code in (200, 503)


def test_signing_in_and_out(stage: Stage) -> None:
    client = Client()
    answer = client.post("/sign-in?next=/cases/", SIGN_IN)
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    page = client.get("/").content.decode()
    assert "Cora Bell" in page
    assert "coordinator" in page
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/").status_code == 302


def test_nobody_is_sent_elsewhere_after_signing_in(stage: Stage) -> None:
    assert Client().post("/sign-in?next=https://elsewhere.example/", SIGN_IN)["Location"] == "/"


def test_a_wrong_password_does_not_say_which_was_wrong(stage: Stage) -> None:
    for username in ("cora", "nobody"):
        page = Client().post("/sign-in", {"username": username, "password": "wrong"}).content.decode()
        assert "do not belong together" in page


def test_too_many_tries_wait_and_only_for_that_account(stage: Stage) -> None:
    client = Client()
    for _ in range(5):
        client.post("/sign-in", {**SIGN_IN, "password": "wrong"})
    assert "too many tries" in client.post("/sign-in", SIGN_IN).content.decode()
    assert Client(REMOTE_ADDR="10.0.0.9").post("/sign-in", SIGN_IN).status_code == 302
    assert client.post("/sign-in", {**SIGN_IN, "username": "lee"}).status_code == 302


def leave(stage: Stage, staff: str) -> None:
    person = replace(load(current_version()).staff[staff], active=False)
    assert put_directory(stage.desk, [item_to_plain(person)], "system", "cli").accepted


def test_who_has_left_comes_in_no_more_and_an_open_page_ends(stage: Stage) -> None:
    client = stage.client("olaf")
    assert client.get("/").status_code == 200
    leave(stage, "olaf")
    answer = client.get("/")
    assert answer.status_code == 403
    assert "not joined to an active member of staff" in answer.content.decode()
    assert Client().post("/sign-in", {**SIGN_IN, "username": "olaf"}).status_code == 200


@pytest.mark.parametrize(("after", "over"), [({"minutes": 14}, False), ({"minutes": 16}, True)])
def test_an_unused_session_ends(stage: Stage, monkeypatch: Any, after: dict[str, int], over: bool) -> None:
    client = stage.client("cora")
    client.get("/")
    later = timezone.now() + timedelta(**after)
    monkeypatch.setattr("holdfast.doors.web.sessions.timezone.now", lambda: later)
    assert (client.get("/").status_code == 302) is over


def test_a_used_session_ends_after_twelve_hours(stage: Stage, monkeypatch: Any) -> None:
    client, start = stage.client("cora"), timezone.now()
    at = start
    monkeypatch.setattr("holdfast.doors.web.sessions.timezone.now", lambda: at)
    for minutes in range(0, 12 * 60, 10):
        at = start + timedelta(minutes=minutes)
        assert client.get("/inbox/").status_code == 200
    at = start + timedelta(hours=12)
    assert client.get("/inbox/").status_code == 302


def test_changes_need_the_forms_own_token(stage: Stage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(staff="cora"))
    for address in ("/cases/open", "/cases/find", "/sign-out", "/inbox/x"):
        answer = client.post(address, {})
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.content.decode()


def without_marks(page: str) -> str:
    """A page without what differs from one look to the next."""
    return re.sub(r"[A-Za-z0-9]{64}|<time.*?</time>", "", page)


def test_the_outsider_sees_nothing_of_others(stage: Stage) -> None:
    case = stage.open("Quin Testcase", "RX-0042")
    stage.send(case)
    outsider, reader = stage.client("olaf"), stage.client("ina")
    for address in ("/", "/cases/", "/cases/?status="):
        assert "Quin" not in outsider.get(address).content.decode()
    assert "Quin" in reader.get("/cases/").content.decode()
    assert outsider.get("/team/north").status_code == 404
    assert outsider.get("/team/nowhere").status_code == 404
    assert outsider.get("/governance/").status_code == 403
    number = {"system": "mrn", "number": "RX-0042"}
    unknown = outsider.post("/cases/find", {**number, "number": "RX-9999"}).content.decode()
    hidden = outsider.post("/cases/find", number).content.decode()
    assert without_marks(hidden) == without_marks(unknown)
    assert "Quin" in reader.post("/cases/find", number).content.decode()


def test_a_search_leaves_no_number_in_an_address(stage: Stage) -> None:
    assert stage.client("cora").get("/cases/find?number=RX-0042").status_code == 405


def test_navigation_offers_what_the_role_needs(stage: Stage) -> None:
    offered = {who: stage.client(who).get("/").content.decode() for who in ("dan", "gail", "sue", "cora")}
    assert 'href="/inbox/"' not in offered["dan"]
    assert 'href="/governance/"' not in offered["dan"]
    assert 'href="/governance/"' in offered["gail"]
    assert 'href="/governance/"' in offered["sue"]
    assert 'href="/inbox/"' in offered["cora"]


def test_the_demo_people_are_offered_in_the_demo_alone(stage: Stage, tmp_path: Any) -> None:
    person = {"name": "Cora Bell", "role": "coordinator", "sees": "Larch Ward", **SIGN_IN}
    (tmp_path / "demo-people.json").write_text(json.dumps([person]))
    with override_settings(HOLDFAST_DATA=tmp_path, HOLDFAST_DEMO=False):
        assert "Sign in as Cora Bell" not in Client().get("/sign-in").content.decode()
        assert stage.client("cora").get("/mailbox/").status_code == 404
    with override_settings(HOLDFAST_DATA=tmp_path, HOLDFAST_DEMO=True):
        assert "Sign in as Cora Bell" in Client().get("/sign-in").content.decode()
        assert stage.client("cora").get("/mailbox/").status_code == 200


def test_while_nobody_watches_the_clocks_every_page_says_so_and_whom_to_call(stage: Stage) -> None:
    for address in ("/", "/cases/", "/inbox/", "/nowhere"):
        page = stage.client("cora").get(address).content.decode()
        assert "No clock worker has ever been heard from." in page
        assert "Max Orme on 202-555-0100" in page


def test_the_surroundings_set_how_long_a_session_rests_and_which_numbers_there_are(tmp_path: Any) -> None:
    env = {"HOLDFAST_SECRET_KEY": "k" * 50}
    plain = read_environment(env, tmp_path)
    assert (plain.idle_minutes, list(plain.numbers)) == (15, ["mrn", "national"])
    named = {
        "HOLDFAST_IDLE_MINUTES": "5",
        "HOLDFAST_NUMBERS": "mrn=Hospital number; https://id.example.org/?a=b=Health number",
    }
    chosen = read_environment(env | named, tmp_path)
    assert chosen.idle_minutes == 5
    assert chosen.numbers == {"mrn": "Hospital number", "https://id.example.org/?a=b": "Health number"}
    with pytest.raises(EnvironmentFault) as fault:
        read_environment(env | {"HOLDFAST_IDLE_MINUTES": "never", "HOLDFAST_NUMBERS": "mrn"}, tmp_path)
    assert len(fault.value.faults) == 2
