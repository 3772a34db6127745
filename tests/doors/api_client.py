"""A caller of the API for tests: a token, keys of its own, and the version it last saw."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from holdfast.desk import office
from holdfast.doors.api.tokens import make_token
from tests.installation import Installation

_keys = itertools.count(1)
PROBLEM = "application/problem+json"
#: A status for a test that says itself what the answer should have been.
WHATEVER = 0


@dataclass
class Caller:
    """One member of staff's program. ``headers`` go with every request."""

    staff: str
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    @classmethod
    def of(cls, staff: str) -> Caller:
        token = make_token(staff, "test", datetime.now(UTC), timedelta(days=1))
        return cls(staff, {"Authorization": f"Bearer {token}"})

    def get(self, path: str, expected: int = 200, **query: Any) -> Any:
        answer = self.client.get(f"/api/v1/{path}", query, headers=self.headers)
        return _body(answer, expected)

    def send(self, path: str, body: Any, key: str | None = None, match: str | None = None, **more: Any) -> HttpResponse:
        """POST as it is, for tests of the frame; ``key`` and ``match`` of "" leave the header out."""
        headers = dict(self.headers)
        if key != "":
            headers["Idempotency-Key"] = key or f"api-{next(_keys)}"
        if match:
            headers["If-Match"] = match
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = more.pop("kind", "application/json")
        return self.client.post(f"/api/v1/{path}", content, content_type=kind, headers=headers, **more)  # type: ignore[return-value]

    def post(self, path: str, body: Any, status: int = 200, match: str = "*", **more: Any) -> Any:
        return _body(self.send(path, body, match=match, **more), status)

    def do(self, case: str, deed: str, status: int = 200, match: str = "*", **body: Any) -> Any:
        return self.post(f"cases/{case}/deeds/{deed}", body, status, match)


def _body(answer: Any, status: int) -> Any:
    assert status in (answer.status_code, WHATEVER), (answer.status_code, answer.content[:800])
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == PROBLEM
    return json.loads(answer.content) if "json" in answer.headers["Content-Type"] else answer.content


def use(house: Installation, monkeypatch: Any) -> Installation:
    """Make this installation's desk the one that doors find."""
    monkeypatch.setattr(office, "the_desk", lambda: house.desk)
    return house
