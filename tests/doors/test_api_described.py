"""The API answers as its description says, whatever is sent to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.doors.api_client import Caller, use
from tests.installation import SENDER, Installation

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
QUICK = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """Requests that come by WSGI must leave the test's transaction alone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield use(Installation().set_up(), monkeypatch)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_request_breaks_it_and_every_answer_is_as_described(house: Installation) -> None:
    """Made-up requests to every operation, every second one about a case that is there."""
    case, caller, tried = house.sent().id[5:], Caller.of(SENDER), Counter[str]()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app=get_wsgi_application())

    def ask(made: Any) -> None:
        tried[made.operation.label] += 1
        if tried[made.operation.label] % 2 and "case" in (made.path_parameters or {}):
            made.path_parameters["case"] = case
        made.call_and_validate(headers=caller.headers, checks=CHECKS)

    # /health answers 503 by design where no worker runs, as here.
    for found in schema.exclude(path="/api/v1/health").get_all_operations():
        QUICK(given(found.ok().as_strategy())(ask))()
    assert len(tried) >= 24 and min(tried.values()) >= 1
