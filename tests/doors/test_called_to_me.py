"""Whoever a ladder calls sees it first in their own work, can answer at once, and is rid of it when it is settled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.core.parties import Absence
from holdfast.desk.publishing import put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.snapshot import current_version, load
from tests.doors.web_stage import Stage, build

pytestmark = pytest.mark.requirement("ESC-01")
CALLED = "You were called about this"


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    return build(monkeypatch, days_ago=2)


def words(stage: Stage, staff: str, address: str = "/") -> str:
    page = stage.client(staff).get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def unanswered(stage: Stage) -> str:
    """A case at high risk whose receipt nobody confirmed until the supervisor, who does not owe it, was called."""
    case = stage.open("Quin Testcase")
    stage.send(case)
    for _ in range(12):
        stage.wait(hours=1)
        if CALLED in words(stage, "nia"):
            break
    return case


def test_a_supervisor_who_was_called_sees_it_first_with_when_and_why(stage: Stage) -> None:
    unanswered(stage)
    text = words(stage, "nia")
    assert re.search(
        r"You were called about this at \w{3} \d+ \w{3} \d{4}, \d\d:\d\d E[SD]T because nobody acted in time", text
    )
    assert "Ina Okafor owes it" in text
    assert text.index(CALLED) < text.index("You owe")
    assert CALLED not in words(stage, "lee")
    assert CALLED not in words(stage, "olaf")


def test_each_way_to_answer_opens_at_one_click_and_works(stage: Stage) -> None:
    case = unanswered(stage)
    client = stage.client("nia")
    page = client.get("/").content.decode()
    called = page[page.index('id="called"') : page.index("You owe")]
    links = dict(re.findall(r'href="([^"]+)">([^<]+)<span', called))
    assert {"I am on it", "Take it over"} < set(links.values())
    assert all(client.get(link).status_code == 200 for link in links)
    address = next(link for link, label in links.items() if label == "Take it over")
    form = client.get(address).content.decode()
    assert re.search(r'value="nia"[^>]*(checked|selected)', form)
    hidden = dict(re.findall(r'name="(key|version)" value="([^"]*)"', form))
    done = client.post(address, {**hidden, "to": "nia", "reason": "Ina is with somebody in crisis."})
    assert done.status_code == 302
    assert CALLED not in words(stage, "nia")
    assert [line["promise"] for line in client.get("/api/v1/work").json()["work"]] == ["receipt#1"]
    stage.accept(case)
    assert client.get("/api/v1/work").json()["work"] == []


def test_it_leaves_the_list_when_the_promise_is_settled(stage: Stage) -> None:
    case = unanswered(stage)
    stage.accept(case)
    assert CALLED not in words(stage, "nia")


def test_the_api_gives_the_same(stage: Stage) -> None:
    case = unanswered(stage)
    calls = stage.client("nia").get("/api/v1/work/called").json()["calls"]
    assert [(c["called"], c["because"], c["work"]["owner"]) for c in calls] == [("nia", "nobody acted in time", "ina")]
    assert calls[0]["work"]["case"] == case.removeprefix("case:")
    assert stage.client("lee").get("/api/v1/work/called").json()["calls"] == []
    stage.accept(case)
    assert stage.client("nia").get("/api/v1/work/called").json()["calls"] == []


def away(stage: Stage, staff: str, cover: str) -> None:
    """``staff`` went away yesterday and ``cover``, who may now do all that they do, stands in."""
    known = load(current_version()).staff
    now = datetime.now(UTC)
    ready = replace(known[cover], roles=known[cover].roles | known[staff].roles)
    absence = Absence(staff, now - timedelta(days=4), now + timedelta(days=1), cover)
    outcome = put_directory(stage.desk, [item_to_plain(ready), item_to_plain(absence)], "system", "cli")
    assert outcome.accepted, outcome.refusal


@pytest.mark.requirement("OWN-04")
def test_a_cover_named_after_the_promise_opened_sees_it_at_once_and_can_do_it(stage: Stage) -> None:
    case = stage.open("Quin Testcase")
    stage.send(case)
    assert "Quin" not in words(stage, "olaf")
    away(stage, "ina", "olaf")
    assert "Quin Testcase" in words(stage, "olaf")
    promises = [line["promise"] for line in stage.client("olaf").get("/api/v1/work").json()["work"]]
    assert promises == ["receipt#1"]
    address = f"/cases/{case.removeprefix('case:')}/deeds/TakeStep/confirm-receipt"
    assert 'name="receipt.lead"' in stage.client("olaf").get(address).content.decode()


@pytest.mark.requirement("OWN-04")
def test_the_cover_of_somebody_who_was_called_stands_in_for_the_call_too(stage: Stage) -> None:
    case = unanswered(stage)
    assert CALLED not in words(stage, "sam")
    away(stage, "nia", "sam")
    assert "Nia Frost, for whom you stand in, was called about this at" in words(stage, "sam")
    promise = stage.client("sam").get("/api/v1/work/called").json()["calls"][0]["work"]["promise"]
    client = stage.client("sam")
    address = f"/cases/{case.removeprefix('case:')}/deeds/Acknowledge/{promise.replace('#', '%23')}"
    hidden = dict(re.findall(r'name="(key|version)" value="([^"]*)"', client.get(address).content.decode()))
    assert client.post(address, hidden).status_code == 302
    assert "Sam Birch has said: I am on it" in words(stage, "ina")
