"""The town served to a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.journeys.browsing import PHONE, Walker
from tests.journeys.town import Town, build_town

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Opens = Callable[..., Walker]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if not where:
        pytest.skip("no Chromium on this machine: the journeys need a real browser")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        # The browser's own loop runs in this thread, and Django takes it for a view that is not allowed to wait.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = play.chromium.launch(executable_path=where, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def town(chromium: Any, clean_database: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Town]:
    server = LiveServer("127.0.0.1")
    try:
        with build_town(monkeypatch, tmp_path, server.url) as town:
            yield town
    finally:
        server.stop()


@pytest.fixture
def opens(chromium: Any, town: Town) -> Iterator[Opens]:
    """Opens a browser of its own for somebody; when the test ends no page may have had a fault."""
    walkers: list[Walker] = []

    def open_one(size: dict[str, int] = PHONE) -> Walker:
        walkers.append(Walker(chromium, town.url, size))
        return walkers[-1]

    yield open_one
    for walker in walkers:
        walker.page.context.close()
    faults = [fault for walker in walkers for fault in walker.faults]
    assert not faults, "\n".join(faults)
