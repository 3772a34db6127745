"""The plan holder of a person on the case's page, on the card and in the API, and the form that moves it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.doors.web_stage import Stage, build

pytestmark = pytest.mark.requirement("OWN-01")


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    return build(monkeypatch)


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_it_is_shown_and_moved_on_the_page(stage: Stage) -> None:
    case = stage.open("Quin Testcase")
    stage.send(case)
    stage.accept(case)
    address = f"/cases/{case.removeprefix('case:')}/"
    client = stage.client("lee")
    assert "the one lead for this person, across all their cases Cora Bell, Larch Ward" in words(client.get(address))
    assert "Who keeps your plan as a whole: Cora Bell" in words(client.get(address + "card"))
    assert f'href="{address}lead"' in client.get(address).content.decode()
    assert f'href="{address}lead"' not in stage.client("ina").get(address).content.decode()
    blank = client.post(address + "lead", {"to": "lee", "reason": ""})
    assert blank.status_code == 422 and "Say why, in a sentence." in words(blank)
    assert stage.client("ina").post(address + "lead", {"to": "ina", "reason": "Mine."}).status_code == 422
    done = client.post(address + "lead", {"to": "lee", "reason": "The ward has said goodbye."})
    assert done.status_code == 302
    assert "across all their cases Lee Aster, Community Team North" in words(client.get(address))
    assert "Who keeps your plan" not in words(client.get(address + "card"))


def test_it_is_given_and_moved_in_the_api(stage: Stage) -> None:
    case = stage.open("Quin Testcase")
    client = stage.client("cora")
    shown = client.get(f"/api/v1/cases/{case.removeprefix('case:')}").json()
    assert shown["lead"]["id"] == "cora"
    person = f"/api/v1/persons/{shown['person']['id']}"
    asked = {"to": "sue", "reason": "I am away from Monday."}
    headers = {"Idempotency-Key": "one"}
    done = client.post(person + "/lead", asked, content_type="application/json", headers=headers)
    assert done.status_code == 200 and done.json()["lead"]["id"] == "sue"
    assert client.get(person).json()["lead"]["name"] == "Sue Marsh"
    refused = client.post(
        person + "/lead", {**asked, "to": "olaf"}, content_type="application/json", headers={"Idempotency-Key": "two"}
    )
    assert refused.status_code in (403, 409, 422) and refused.json()["code"] == "without_authority"
