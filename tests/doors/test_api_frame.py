"""What every request to the API is held to: who calls, one key, one version, problems that say why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from holdfast.directory.models import Account
from holdfast.doors.api.models import Token
from holdfast.doors.api.tokens import find_staff, make_token, revoke_tokens
from tests.doors.api_client import PROBLEM, Caller, use
from tests.installation import OUTSIDER, RECEIVER, SENDER, Installation


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Installation:
    return use(Installation().set_up(), monkeypatch)


def test_nobody_comes_in_without_a_token_that_holds(house: Installation) -> None:
    now = datetime.now(UTC)
    ended = make_token(SENDER, "old", now - timedelta(days=3), timedelta(days=1))
    revoked = make_token(SENDER, "gone", now, timedelta(days=1))
    assert revoke_tokens(SENDER, now, "gone") == 1
    for header in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": f"Bearer {ended}"},
        {"Authorization": f"Bearer {revoked}"},
    ):
        caller = Caller(SENDER, header)
        assert caller.get("work", 401)["code"] == "not_signed_in"
        assert caller.client.get("/api/v1/work", headers=header).headers["WWW-Authenticate"] == "Bearer"


def test_a_token_is_kept_as_a_hash_and_lasts_a_year_at_most(house: Installation) -> None:
    now = datetime.now(UTC)
    secret = make_token(SENDER, "mine", now, timedelta(days=2))
    assert find_staff(secret, now) == SENDER and find_staff(secret, now + timedelta(days=2)) is None
    assert secret not in json.dumps(list(Token.objects.values_list("hash", "name")))
    with pytest.raises(ValueError, match="a year"):
        make_token(SENDER, "mine", now, timedelta(days=400))


def test_a_token_of_somebody_who_left_opens_nothing(house: Installation) -> None:
    assert Caller.of("nobody").get("me", 403)["code"] == "not_allowed"


def test_a_session_may_read_and_changes_only_with_the_forgery_check(house: Installation) -> None:
    case = house.open()
    account = Account.objects.create_account("cora", SENDER, "a long pass phrase")
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    assert client.get("/api/v1/me").json()["staff"]["id"] == SENDER
    path = f"/api/v1/cases/{case.id[5:]}/deeds/RaiseTier/high"
    headers = {"Idempotency-Key": "k", "If-Match": "*"}
    body = json.dumps({"reason": "Worse"})
    forged = client.post(path, body, content_type="application/json", headers=headers)
    assert (forged.status_code, forged.headers["Content-Type"]) == (403, PROBLEM)
    client.cookies["csrftoken"] = "a" * 32
    fair = client.post(path, body, content_type="application/json", headers={**headers, "X-CSRFToken": "a" * 32})
    assert fair.status_code == 200


def test_a_change_needs_a_key_and_a_version(house: Installation) -> None:
    case, cora = house.open(), Caller.of(SENDER)
    path = f"cases/{case.id[5:]}/deeds/RaiseTier/high"
    for key in ("", "two words", "x" * 201):
        without = cora.send(path, {"reason": "Worse"}, key=key or "", match="*")
        assert (without.status_code, without.json()["code"]) == (400, "key_missing")
    unmatched = cora.send(path, {"reason": "Worse"})
    assert (unmatched.status_code, unmatched.json()["code"]) == (428, "version_missing")
    for wrong in ('"7"', 'W/"1"', "1", '"x"'):
        stale = cora.send(path, {"reason": "Worse"}, match=wrong)
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    etag = cora.client.get(f"/api/v1/cases/{case.id[5:]}", headers=cora.headers).headers["ETag"]
    done = cora.send(path, {"reason": "Worse"}, match=etag)
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"') and case.state.tier == "high"


def test_a_repeated_key_gets_its_first_answer_also_when_it_was_a_refusal(house: Installation) -> None:
    case, cora = house.open(), Caller.of(SENDER)
    path = f"cases/{case.id[5:]}/deeds/RaiseTier/high"
    first = cora.send(path, {"reason": "Worse"}, key="once", match='"1"')
    again = cora.send(path, {"reason": "Worse"}, key="once", match='"1"')
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers
    assert first.json()["number"] == again.json()["number"] == 2 and again.json()["again"]
    other = cora.send(path, {"reason": "Another"}, key="once", match='"1"')
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    refusals = [cora.send(f"cases/{case.id[5:]}/deeds/TakeStep/send", {}, key="early", match="*") for _ in range(2)]
    assert [r.status_code for r in refusals] == [409, 409] and refusals[1].headers["Idempotent-Replayed"] == "true"
    assert refusals[0].json() == refusals[1].json()


@pytest.mark.requirement("GAT-01")
def test_a_refusal_says_what_is_missing_and_who_can_supply_it(house: Installation) -> None:
    case, cora = house.open(), Caller.of(SENDER)
    answer = cora.send(f"cases/{case.id[5:]}/deeds/TakeStep/send", {}, match="*")
    body = answer.json()
    assert answer.headers["Content-Type"] == PROBLEM and body["status"] == 409
    assert body["type"] == f"urn:holdfast:problem:{body['code']}" and body["title"] and body["detail"]
    assert body["missing"] and all(item["supplied_by"] for item in body["missing"])


PATHS = ["", "/packet", "/timeline", "/held?at=2026-03-02T09:30:00Z", "/evidence", "/evidence.pdf", "/evidence.signed"]


@pytest.mark.parametrize("path", PATHS)
def test_a_case_that_is_none_of_your_business_is_as_one_that_is_not_there(house: Installation, path: str) -> None:
    case, otto = house.sent(), Caller.of(OUTSIDER)
    there, absent = (otto.get(f"cases/{id}{path}", 404) for id in (case.id[5:], "0" * 32))
    assert there == absent and there["code"] == "not_visible"
    assert otto.get("cases")["cases"] == [] and otto.get("exceptions")["exceptions"] == []
    assert otto.do(case.id[5:], "RaiseTier/high", 404, reason="x") == absent
    assert otto.get(f"persons/{case.person}", 404) == otto.get("persons/p0", 404)


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("TakeStep", {}, "unreadable"),
        ("FillPacket/x", {}, "unreadable"),
        ("RaiseTier/high", {"to": "sam", "reason": "x"}, "unreadable"),
        ("RaiseTier/high", {"reason": "a\x00b"}, "unreadable"),
        ("RaiseTier/high", {}, "reason_missing"),
        ("FireClocks", {}, "unreadable"),
        ("FillPacket", {"answers": {"housing.stable": "perhaps"}}, "unreadable_answers"),
        ("FillPacket", {"answers": {"housing.stable": {"how": "maybe"}}}, "unreadable_answers"),
        ("FillPacket", {"answers": {"risk.summary": "not-disclosed"}}, "unreadable_answers"),
        (
            "FillPacket",
            {"answers": {"housing.stable": {"how": "given", "value": "no", "true_at": "today"}}},
            "unreadable_answers",
        ),
        ("FillPacket", {"answers": {"risk.summary": "a\x00"}}, "unreadable_answers"),
        ("FillPacket", {"answers": {"not.asked": "x"}}, "unknown_field"),
        ("TakeStep/send", {"occurred": "2026-03-02T09:00:00"}, "not_an_instant"),
        ("TakeStep/send", {"stray": 1}, "unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_repeated(
    house: Installation, command: str, body: dict[str, object], code: str
) -> None:
    case = house.open()
    assert Caller.of(SENDER).do(case.id[5:], command, 422, **body)["code"] == code
    assert len(case.events("CaseOpened")) == 1 and case.state.packet == {}


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'{"a":1,"a":2}', b'{"reason": NaN}', b'{"reason":"\\ud800"}', b"[" * 9_000, b"\xff"]
)
def test_a_body_is_one_object_that_can_be_read_in_one_way(house: Installation, body: bytes) -> None:
    case = house.open()
    answer = Caller.of(SENDER).send(f"cases/{case.id[5:]}/deeds/RaiseTier/high", body, match="*")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)


def test_other_addresses_and_methods_are_problems_too(house: Installation) -> None:
    ina = Caller.of(RECEIVER)
    assert ina.get("teams/ward/work", 404)["code"] == "not_visible"
    assert ina.get("pathways/none", 404)["code"] == "not_found"
    assert ina.get("inbox/none", 404)["code"] == "not_visible"
    assert ina.get("cases", 422, after="nonsense")["code"] == "not_a_mark"
    assert ina.get("cases", 422, limit=1000)["code"] == "unreadable"


def test_a_case_that_cannot_be_opened_says_what_is_missing_each_time_it_is_asked(house: Installation) -> None:
    person = {"name": "Robin Vale", "numbers": [{"system": "mrn", "value": "0001"}]}
    body = {"person": person, "pathway": "discharge-to-community", "parties": {"sender": "ward"}, "holder": SENDER}
    caller = Caller.of(SENDER)
    for _again in range(2):
        found = caller.post("cases", body, 422, key="opening")
        assert (found["code"], [item["what"] for item in found["missing"]]) == ("parties_missing", ["receiver"])
