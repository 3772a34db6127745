"""Closing an account ends its sessions and its tokens at the next request; exceptions are one rule's to see, on pages and in the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.desk.publishing import put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.api.tokens import make_token
from tests.doors.web_stage import Stage, build


@pytest.fixture
def stage(db: Any, monkeypatch: Any) -> Stage:
    return build(monkeypatch)


@pytest.mark.parametrize("change", [{"account": False}, {"active": False}])
def test_a_closed_account_opens_nothing_from_the_next_request_on(stage: Stage, change: dict[str, bool]) -> None:
    browser = stage.client("ina")
    token = make_token("ina", "script", datetime.now(UTC), timedelta(days=1))
    program = Client(headers={"Authorization": f"Bearer {token}"})
    assert browser.get("/").status_code == 200
    assert browser.get("/api/v1/work").status_code == program.get("/api/v1/work").status_code == 200
    closed = item_to_plain(replace(load(current_version()).staff["ina"], **change))
    outcome = put_directory(stage.desk, [closed], "system", "cli")
    assert outcome.accepted, outcome.refusal
    assert browser.get("/").status_code == 403
    assert browser.get("/api/v1/work").status_code == program.get("/api/v1/work").status_code == 403


@pytest.mark.requirement("GAT-07")
@pytest.mark.parametrize(("staff", "status"), [("gail", 200), ("sue", 200), ("max", 200), ("cora", 403), ("lee", 403)])
def test_who_sees_exceptions_on_the_page_sees_them_in_the_api(stage: Stage, staff: str, status: int) -> None:
    client = stage.client(staff)
    assert client.get("/governance/").status_code == client.get("/api/v1/exceptions").status_code == status
