"""What a request leaves in the log: where a fault arose, and nothing that opens a case or tells whose it was."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from holdfast.config.logs import Discreet
from holdfast.doors.web import health

TOKEN, NAME = "hJ3kQ0pLr8xW", "Robin Vale"


@pytest.fixture
def lines(db: None) -> Iterator[io.StringIO]:
    found = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, Discreet))
    assert isinstance(found, logging.StreamHandler)
    before = found.stream
    found.stream = io.StringIO()  # not setStream: what stood there may be closed, and is left alone
    yield found.stream
    found.stream = before


def test_a_refused_form_does_not_write_the_links_token_down(lines: io.StringIO) -> None:
    assert Client(enforce_csrf_checks=True).post(f"/link/{TOKEN}", {"do": "send"}).status_code == 403
    assert Client().get(f"/api/v1/nothing/{TOKEN}").status_code == 404
    assert "Forbidden" in lines.getvalue() and "Not Found" in lines.getvalue()
    assert TOKEN not in lines.getvalue()


def test_a_fault_is_told_by_kind_and_place_and_not_in_its_own_words(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(now: object) -> None:
        try:
            raise LookupError(NAME)
        except LookupError as error:
            raise ValueError(f"Failing row contains ({NAME})") from error

    monkeypatch.setattr(health, "pulse", broken)
    assert Client(raise_request_exception=False).get("/health").status_code == 500
    assert "ValueError" in lines.getvalue() and "LookupError" in lines.getvalue() and "in broken" in lines.getvalue()
    assert NAME not in lines.getvalue()
